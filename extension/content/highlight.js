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

  const docOf = (range) => range.startContainer.ownerDocument;

  /** Say whether Ranges stand on a dark ground; `known` keeps what was found of their elements. */
  function onDark(range, known) {
    const element = range.startContainer.parentElement;
    if (!known.has(element)) {
      known.set(element, inLightInk(element));
    }
    return known.get(element);
  }

  function inLightInk(element) {
    const parts = element && /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(element).color);
    return Boolean(parts) && (0.2126 * parts[1] + 0.7152 * parts[2] + 0.0722 * parts[3]) / 255 > LIGHT_INK;
  }

  function set(key, ranges, priority = 0) {
    const byView = Map.groupBy(ranges, (range) => docOf(range).defaultView);
    for (const [view, own] of byView) {
      if (view) {
        const highlight = new view.Highlight(...own);
        highlight.priority = priority;
        const registry = view.CSS.highlights;
        registry.set(key, highlight);
        registries.add(registry);
      }
    }
  }

  function drop(key) {
    for (const registry of registries) {
      try {
        registry.delete(key);
      } catch {
        // The frame has gone, and its highlights with it.
      }
    }
  }

  /** Paint the Ranges of notes: `[{note, ranges}]`. */
  function paint(items) {
    clear();
    placed = items;
    const known = new Map();
    for (const kind of KINDS) {
      const ranges = items.filter((item) => item.note.kind === kind).flatMap((item) => item.ranges);
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
    for (const kind of [...KINDS, "current"]) {
      drop(name(kind));
      drop(name(kind, true));
    }
    placed = [];
    registries = new Set();
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
