// From a quote to a Range: in its own block first, then by its surroundings anywhere. What cannot
// be placed for certain is left out: a note on the wrong sentence is worse than one in the list.
"use strict";

contextlibNews.anchor ??= (() => {
  function places(text, exact) {
    const found = [];
    for (let at = text.indexOf(exact); at >= 0 && found.length < 50; at = text.indexOf(exact, at + 1)) {
      found.push(at);
    }
    return found;
  }

  function fit(text, at, target) {
    const { exact, prefix = "", suffix = "" } = target;
    const before = prefix && text.slice(0, at).endsWith(prefix) ? 1 : 0;
    const after = suffix && text.slice(at + exact.length).startsWith(suffix) ? 1 : 0;
    return before + after + (prefix ? 0 : 0.5) + (suffix ? 0 : 0.5);
  }

  /** The Range of a target among the blocks, or null. */
  function locate(target, blocks) {
    if (!target?.exact) {
      return null;
    }
    const own = blocks.find((block) => block.id === target.block);
    if (own) {
      const found = places(own.text, target.exact);
      found.sort((a, b) => fit(own.text, b, target) - fit(own.text, a, target));
      if (found.length) {
        return own.range(found[0], found[0] + target.exact.length);
      }
    }
    // Elsewhere the surroundings must agree too, on both sides.
    for (const block of blocks) {
      const at = places(block.text, target.exact).find((place) => fit(block.text, place, target) >= 2);
      if (at !== undefined) {
        return block.range(at, at + target.exact.length);
      }
    }
    return null;
  }

  /**
   * Give the blocks of a page that has changed the ids under which their texts were sent, so that a
   * note finds its sentence again where paragraphs have come or gone before it.
   */
  function recognise(blocks, sent) {
    const known = new Map();
    for (const { id, text } of sent) {
      known.set(text, [...(known.get(text) ?? []), id]);
    }
    blocks.forEach((block, number) => {
      block.id = known.get(block.text)?.shift() ?? `new${number}`;
    });
    return blocks;
  }

  return { locate, recognise };
})();
