// Where Ranges lie in the window, those in frames of the same origin included.
"use strict";

contextlibNews.geometry ??= (() => {
  /** How far the viewport of a document is moved within the window's own. */
  function shift(doc) {
    let x = 0;
    let y = 0;
    for (let view = doc.defaultView; view && view !== window && view.frameElement; view = view.parent) {
      const frame = view.frameElement;
      const box = frame.getBoundingClientRect();
      x += box.left + frame.clientLeft;
      y += box.top + frame.clientTop;
    }
    return { x, y };
  }

  function moved(box, { x, y }) {
    return new DOMRect(box.x + x, box.y + y, box.width, box.height);
  }

  /** The box around Ranges in the window, null where nothing is drawn. */
  function bounds(ranges) {
    const [first] = ranges ?? [];
    if (!first) {
      return null;
    }
    const by = shift(first.startContainer.ownerDocument);
    let whole = null;
    for (const range of ranges) {
      const box = moved(range.getBoundingClientRect(), by);
      if (box.width || box.height) {
        const left = Math.min(whole?.left ?? box.left, box.left);
        const top = Math.min(whole?.top ?? box.top, box.top);
        const right = Math.max(whole?.right ?? box.right, box.right);
        const bottom = Math.max(whole?.bottom ?? box.bottom, box.bottom);
        whole = new DOMRect(left, top, right - left, bottom - top);
      }
    }
    return whole;
  }

  /** Bring Ranges into view; nothing moves smoothly, so that nobody is made to wait or feel sick. */
  function reveal(ranges) {
    const [first] = ranges;
    const element = first?.startContainer.parentElement;
    if (!element) {
      return;
    }
    element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const box = bounds(ranges);
    if (box) {
      scrollBy({ top: box.top - innerHeight * 0.1, behavior: "instant" });
    }
  }

  return { bounds, reveal };
})();
