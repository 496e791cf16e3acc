// Notices that the page has changed, or that the reader has gone to another one in the same
// document. Waits for the page to rest, and the longer the longer the last look took.
"use strict";

contextlibNews.watch ??= (() => {
  const REST_MS = 150;
  const SHARE = 10;
  const WHAT = { childList: true, subtree: true, characterData: true };

  /**
   * @param changed called with whether nodes or words were added; may return a promise
   * @param left called when the address has changed, its fragment aside
   * @param own says whether a node is the overlay's own
   * @param lost called when the overlay's own element was taken out of the page
   */
  function make({ changed, left, own, lost }) {
    const address = () => location.href.split("#")[0];
    let page = "";
    let timer = 0;
    let grown = false;
    let stirred = false;
    let pause = REST_MS;
    let watched = new WeakSet();

    const observer = new MutationObserver((records) => {
      let foreign = 0;
      let gone = false;
      for (const record of records) {
        if ([...record.removedNodes].some(own)) {
          gone = true;
        } else if (![...record.addedNodes].some(own)) {
          foreign++;
          grown ||= record.addedNodes.length > 0 || record.type === "characterData";
        }
      }
      if (gone) {
        lost();
      }
      if (foreign) {
        stirred = true;
        timer ||= setTimeout(look, pause);
      }
    });

    async function look() {
      const began = performance.now();
      const more = grown;
      grown = false;
      stirred = false;
      await changed(more);
      pause = Math.max(REST_MS, SHARE * (performance.now() - began));
      timer = stirred && page ? setTimeout(look, pause) : 0;
    }

    function moved() {
      if (page && address() !== page) {
        stop();
        left();
      }
    }

    /** Watch documents and shadow roots; those that are watched already stay so. */
    function start(places) {
      page = address();
      for (const place of places) {
        const target = place.documentElement ?? place;
        if (!watched.has(target)) {
          watched.add(target);
          observer.observe(target, WHAT);
        }
      }
    }

    function stop() {
      page = "";
      watched = new WeakSet();
      observer.disconnect();
      clearTimeout(timer);
      timer = 0;
    }

    navigation.addEventListener("currententrychange", moved);
    return { start, stop };
  }

  return { make };
})();
