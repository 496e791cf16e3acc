// Painting with the CSS Custom Highlight API: the page's DOM stays as it is. The kind is told by
// the style of the line, never by colour alone (page.css).
"use strict";

contextlibNews.highlight ??= (() => {
  const KINDS = ["claim", "disclaimer", "figure", "quotation", "citation"];
  const name = (kind) => `contextlib-news-${kind}`;
  let notes = new Map();

  function paint(placed) {
    clear();
    for (const kind of KINDS) {
      const ranges = placed.filter((item) => item.note.kind === kind).map((item) => item.range);
      if (ranges.length) {
        CSS.highlights.set(name(kind), new Highlight(...ranges));
      }
    }
    notes = new Map(placed.map((item) => [item.range, item.note]));
  }

  function mark(range) {
    if (range) {
      const highlight = new Highlight(range);
      highlight.priority = 10;
      CSS.highlights.set(name("current"), highlight);
    } else {
      CSS.highlights.delete(name("current"));
    }
  }

  function clear() {
    for (const kind of [...KINDS, "current"]) {
      CSS.highlights.delete(name(kind));
    }
    notes = new Map();
  }

  /** The notes painted at a point of the viewport, claims first. */
  function at(x, y) {
    const found = [];
    for (const [range, note] of notes) {
      for (const box of range.getClientRects()) {
        if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) {
          found.push({ note, range });
          break;
        }
      }
    }
    const order = (item) => KINDS.indexOf(item.note.kind);
    return found.sort((a, b) => order(a) - order(b));
  }

  return { paint, mark, clear, at };
})();
