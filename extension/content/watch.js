// Notices that the page has changed, or that the reader has gone to another one in the same
// document. Waits for the page to rest, and the longer the longer the last look took.
"use strict";

contextlibNews.watch ??= (() => {
  const REST_MS = 150;
  const SHARE = 10;

  /**
   * @param changed called with whether nodes were added; may return a promise
   * @param left called when the address has changed, its fragment aside
   * @param own says whether a node is the overlay's own
   */
  function make({ changed, left, own }) {
    const address = () => location.href.split("#")[0];
    let page = "";
    let timer = 0;
    let grown = false;
    let stirred = false;
    let pause = REST_MS;

    const observer = new MutationObserver((records) => {
      const foreign = records.filter((record) => ![...record.addedNodes, ...record.removedNodes].some(own));
      if (!foreign.length) {
        return;
      }
      grown ||= foreign.some((record) => record.addedNodes.length);
      stirred = true;
      timer ||= setTimeout(look, pause);
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

    function start() {
      page = address();
      observer.observe(document.documentElement, { childList: true, subtree: true, characterData: true });
    }

    function stop() {
      page = "";
      observer.disconnect();
      clearTimeout(timer);
      timer = 0;
    }

    navigation.addEventListener("currententrychange", moved);
    return { start, stop };
  }

  return { make };
})();
