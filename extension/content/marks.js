// Labels of links: what a rater says of the outlet a link leads to, from the list in the browser.
// They lie over the page in the overlay's own root, so that no link of the page is changed.
"use strict";

contextlibNews.marks ??= (() => {
  const { targets } = contextlibNews;
  const { make, records, words } = contextlibNews.dom;
  const MOST = 600;
  const SHOWN = 22;
  const AGAIN_MS = 200;

  /** The links of a document that lead to another site: `[{element, host}]`. */
  function outgoing(doc = document) {
    const found = [];
    for (const element of doc.links) {
      const host = targets.hostOf(element);
      if (host && host !== location.hostname) {
        found.push({ element, host });
        if (found.length >= MOST) {
          break;
        }
      }
    }
    return found;
  }

  /** Say whether words follow a link on its line, which a label would cover. */
  function followed({ nextSibling }) {
    return nextSibling?.nodeType === Node.TEXT_NODE ? Boolean(nextSibling.data.trim()) : Boolean(nextSibling?.textContent?.trim() && getComputedStyle(nextSibling).display.startsWith("inline"));
  }

  /** A label; small where words follow the link, until the pointer is on it. */
  function tag(outlet, element) {
    const [rating] = records(outlet.ratings);
    const short = words(rating.label).split(/ on a scale|[,;(]/)[0].trim();
    const all = records(outlet.ratings).map((item) => `${words(item.source)}: ${words(item.label)}`);
    const text = short.length > SHOWN ? `${short.slice(0, SHOWN)}…` : short;
    return make("span", { class: followed(element) ? "mark small" : "mark", title: [words(outlet.name), ...all].join("\n") }, make("span", {}, text));
  }

  /**
   * Something that labels the links of the page while it is on.
   * @param outlets asks for the outlets of hosts: `{host: outlet}`; asks the browser's list, nobody else
   */
  function make_({ outlets, layer }) {
    let placed = [];
    let timer = 0;
    let on = false;
    const observer = new MutationObserver(() => later());

    async function label() {
      const links = outgoing();
      const known = await outlets([...new Set(links.map((item) => item.host))]);
      if (!on) {
        return 0;
      }
      const began = performance.now();
      const rated = links.filter((item) => records(known?.[item.host]?.ratings).length);
      placed = rated.map((item) => ({ ...item, tag: tag(known[item.host], item.element) }));
      layer().replaceChildren(...placed.map((item) => item.tag));
      place();
      performance.measure("contextlib-news:links", { start: began, end: performance.now() });
      return placed.length;
    }

    /** All boxes are read before any label is moved, so that the page is laid out once. */
    function place() {
      const boxes = placed.map(({ element }) => {
        const rects = element.getClientRects();
        return rects.length && element.checkVisibility() ? rects[rects.length - 1] : null;
      });
      const origin = layer().getBoundingClientRect();
      placed.forEach((item, number) => {
        const box = boxes[number];
        item.tag.hidden = !box?.width;
        if (box) {
          item.tag.style.translate = `${Math.round(box.right - origin.left)}px ${Math.round(box.top - origin.top + (item.tag.classList.contains("small") ? 0 : box.height / 2))}px`;
        }
      });
    }

    // A page that never rests is labelled all the same.
    function later() {
      timer ||= setTimeout(() => {
        timer = 0;
        label();
      }, AGAIN_MS);
    }

    function start() {
      on = true;
      observer.observe(document.body, { childList: true, subtree: true });
      addEventListener("resize", place);
      document.addEventListener("scroll", scrolled, { capture: true, passive: true });
      return label();
    }

    function scrolled(event) {
      if (event.target !== document) {
        place();
      }
    }

    function stop() {
      on = false;
      observer.disconnect();
      clearTimeout(timer);
      timer = 0;
      removeEventListener("resize", place);
      document.removeEventListener("scroll", scrolled, { capture: true });
      placed = [];
      layer()?.replaceChildren();
    }

    return { start, stop, get count() { return placed.length; } };
  }

  return { make: make_, outgoing };
})();
