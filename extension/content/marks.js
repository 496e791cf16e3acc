// Labels of links: what a rater says of the outlet a link leads to, from the list in the browser.
// They lie over the page in the overlay's own root, so that no link of the page is changed. The first
// links of a page are labelled at once, those behind them while they are near what is in view.
"use strict";

contextlibNews.marks ??= (() => {
  const { targets, slices } = contextlibNews;
  const { make, records, words } = contextlibNews.dom;
  const MOST = 600;
  const MOST_BEHIND = 10_000;
  const MOST_LOOKED_AT = 20_000;
  const SHOWN = 22;
  const AGAIN_MS = 200;
  // On a page that never rests labelling takes at most one part in so many of the time, and looking around while it
  // is scrolled.
  const LABELLING_SHARE = 20;
  const LOOKING_SHARE = 8;
  // How far from what is in view links are labelled, in heights of the window.
  const NEAR = 0.5;
  const STEPS = 16;

  /** The links of the page that lead to another site, in its order: `element -> host`. */
  async function outgoing(slice) {
    const found = new Map();
    const { links } = document;
    for (let number = 0; number < MOST_LOOKED_AT && found.size < MOST + MOST_BEHIND; number++) {
      if (number % STEPS === 0 && slice.due) {
        await slice.breathe();
      }
      const element = links[number];
      if (!element) {
        break;
      }
      const host = targets.hostOf(element);
      if (host && host !== location.hostname) {
        found.set(element, host);
      }
    }
    return found;
  }

  /**
   * Something done a while after each call, one time after the other, in one part of the time at most; `act` gives the
   * milliseconds it took.
   */
  function paced(act, share) {
    let timer = 0;
    let again = false;
    let spent = 0;

    function later() {
      again = true;
      timer ||= setTimeout(once, Math.max(AGAIN_MS, share * spent));
    }

    async function once() {
      const mine = timer;
      again = false;
      spent = await act().catch(() => 0);
      if (timer === mine) {
        timer = 0;
        if (again) {
          later();
        }
      }
    }

    function stop() {
      clearTimeout(timer);
      timer = 0;
      again = false;
    }

    return { later, stop };
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
    // The first links, `[{element, tag}]`; the rated ones behind them, `element -> outlet`, and those of them that
    // are labelled now, `element -> tag`.
    let first = [];
    let behind = new Map();
    let near = new Map();
    let on = false;
    const observer = new MutationObserver(() => labelling.later());

    // A page that never rests is labelled all the same.
    const labelling = paced(label, LABELLING_SHARE);
    const looking = paced(look, LOOKING_SHARE);

    const shown = () => [...first, ...[...near].map(([element, mark]) => ({ element, tag: mark }))];

    async function label() {
      const began = performance.now();
      const slice = slices.begin("links-sought");
      const links = await outgoing(slice);
      slice.end();
      const spent = performance.now() - began;
      const known = await outlets([...new Set(links.values())]);
      const rated = new Map(Object.entries(known ?? {}).filter(([, outlet]) => records(outlet?.ratings).length));
      if (on) {
        write(links, rated);
      }
      return spent + (await look());
    }

    /** Label the first of the links anew, and remember those behind them. */
    function write(links, rated) {
      const slice = slices.begin("links");
      first = [];
      behind = new Map();
      let number = 0;
      for (const [element, host] of links) {
        const outlet = rated.get(host);
        if (outlet && number < MOST) {
          first.push({ element, tag: tag(outlet, element) });
        } else if (outlet) {
          behind.set(element, outlet);
        }
        number++;
      }
      near = new Map([...near].filter(([element]) => behind.has(element)));
      const all = shown();
      layer().replaceChildren(...all.map((item) => item.tag));
      place(all);
      slice.end();
    }

    /** Label those of the links behind the first that are near what is in view, and no others of them. */
    async function look() {
      const among = behind;
      if (!among.size) {
        return 0;
      }
      const began = performance.now();
      const slice = slices.begin("links-in-view");
      const found = new Set();
      let number = 0;
      for (const element of among.keys()) {
        if (isNear(element) && found.add(element).size === MOST) {
          break;
        }
        if (++number % STEPS === 0 && slice.due) {
          await slice.breathe();
        }
      }
      if (slice.due) {
        await slice.breathe();
      }
      // Meanwhile the page may have changed, or the labels been turned off.
      if (among === behind) {
        replace(found);
      }
      slice.end();
      return performance.now() - began;
    }

    function isNear(element) {
      const { top, bottom, width } = element.getBoundingClientRect();
      return width > 0 && bottom > -NEAR * innerHeight && top < (1 + NEAR) * innerHeight;
    }

    /** Have these of the links behind the first labelled in the place of those that are. */
    function replace(wanted) {
      const fresh = [...wanted].filter((element) => !near.has(element)).map((element) => ({ element, tag: tag(behind.get(element), element) }));
      for (const [element, mark] of near) {
        if (!wanted.has(element)) {
          mark.remove();
          near.delete(element);
        }
      }
      fresh.forEach((item) => near.set(item.element, item.tag));
      layer().append(...fresh.map((item) => item.tag));
      place(fresh);
    }

    /** All boxes are read before any label is moved, so that the page is laid out once. */
    function place(items) {
      const boxes = items.map(({ element }) => {
        const rects = element.getClientRects();
        return rects.length && element.checkVisibility() ? rects[rects.length - 1] : null;
      });
      const origin = layer().getBoundingClientRect();
      items.forEach((item, number) => {
        const box = boxes[number];
        item.tag.hidden = !box?.width;
        if (box) {
          item.tag.style.translate = `${Math.round(box.right - origin.left)}px ${Math.round(box.top - origin.top + (item.tag.classList.contains("small") ? 0 : box.height / 2))}px`;
        }
      });
    }

    function start() {
      on = true;
      observer.observe(document.body, { childList: true, subtree: true });
      addEventListener("resize", resized);
      document.addEventListener("scroll", scrolled, { capture: true, passive: true });
      return label();
    }

    function resized() {
      place(shown());
      looking.later();
    }

    function scrolled(event) {
      if (event.target !== document) {
        place(shown());
      }
      if (behind.size) {
        looking.later();
      }
    }

    function stop() {
      on = false;
      observer.disconnect();
      labelling.stop();
      looking.stop();
      removeEventListener("resize", resized);
      document.removeEventListener("scroll", scrolled, { capture: true });
      first = [];
      behind = new Map();
      near = new Map();
      layer()?.replaceChildren();
    }

    return { start, stop, get count() { return first.length + behind.size; } };
  }

  return { make: make_ };
})();
