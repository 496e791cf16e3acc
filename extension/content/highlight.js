// Painting with the CSS Custom Highlight API: the page's DOM stays as it is. The kind is told by
// the style of the line, never by colour alone (page.css).
"use strict";

contextlibNews.highlight ??= (() => {
  const KINDS = ["claim", "disclaimer", "figure", "quotation", "citation"];
  // Words in a light colour stand on a dark ground, whatever the page says of its colour scheme.
  const LIGHT_INK = 0.5;
  const name = (kind, dark = false) => `contextlib-news-${kind}${dark ? "-on-dark" : ""}`;
  let placed = [];
  // The registries themselves are kept: in Firefox that of a frame is not found anew by its window.
  let registries = new Set();
  /** What is painted: name -> document -> Highlight. */
  const highlights = new Map();

  const docOf = (range) => range.startContainer.ownerDocument;

  /** Say whether Ranges stand on a dark ground; `known` keeps what was found of their elements and colours. */
  function onDark(range, known) {
    const element = range.startContainer.parentElement;
    let dark = known.get(element);
    if (dark === undefined) {
      const color = element ? getComputedStyle(element).color : "";
      dark = known.get(color) ?? isLight(color);
      known.set(element, dark).set(color, dark);
    }
    return dark;
  }

  function isLight(color) {
    const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(color);
    return Boolean(parts) && (0.2126 * parts[1] + 0.7152 * parts[2] + 0.0722 * parts[3]) / 255 > LIGHT_INK;
  }

  /** Paint Ranges under a name, beside those that are painted under it already. */
  function set(key, ranges, priority = 0) {
    for (const [doc, own] of Map.groupBy(ranges, docOf)) {
      const view = doc.defaultView;
      const standing = highlights.get(key)?.get(doc);
      if (standing) {
        for (const range of own) {
          standing.add(range);
        }
      } else if (view) {
        const highlight = new view.Highlight(...own);
        if (priority) {
          highlight.priority = priority;
        }
        highlights.set(key, (highlights.get(key) ?? new Map()).set(doc, highlight));
        const registry = view.CSS.highlights;
        registry.set(key, highlight);
        registries.add(registry);
      }
    }
  }

  function drop(key) {
    highlights.delete(key);
    for (const registry of registries) {
      try {
        registry.delete(key);
      } catch {
        // The frame has gone, and its highlights with it.
      }
    }
  }

  /**
   * Paint the Ranges of notes, and no others: `[{note, ranges}]`.
   * @param more whether Ranges that are painted already may stay as they are
   */
  function paint(items, more = false) {
    const wanted = new Set(items.map((item) => item.ranges));
    if (!more || placed.some((item) => !wanted.has(item.ranges))) {
      clear();
    }
    const painted = new Set(placed.map((item) => item.ranges));
    const fresh = items.filter((item) => !painted.has(item.ranges));
    placed = items;
    const known = new Map();
    for (const kind of KINDS) {
      const ranges = fresh.filter((item) => item.note.kind === kind).flatMap((item) => item.ranges);
      const grounds = Map.groupBy(ranges, (range) => onDark(range, known));
      for (const [dark, own] of grounds) {
        set(name(kind, dark), own);
      }
    }
  }

  function mark(ranges) {
    drop(name("current"));
    drop(name("current", true));
    if (ranges?.length) {
      set(name("current", onDark(ranges[0], new Map())), ranges, 10);
    }
  }

  function clear() {
    placed = [];
    if (registries.size) {
      for (const kind of [...KINDS, "current"]) {
        drop(name(kind));
        drop(name(kind, true));
      }
      registries = new Set();
    }
  }

  /** The notes painted at a point of a document's viewport, claims first. */
  function at(x, y, doc) {
    const found = placed.filter((item) =>
      item.ranges.some(
        (range) =>
          docOf(range) === doc &&
          Array.prototype.some.call(range.getClientRects(), (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom),
      ),
    );
    const order = (item) => KINDS.indexOf(item.note.kind);
    return found.sort((a, b) => order(a) - order(b));
  }

  return { paint, mark, clear, at };
})();
