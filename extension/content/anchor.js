// From a quote to its Ranges: in its own block first, then by the words around it anywhere. What
// cannot be placed for certain is left out: a note on the wrong sentence is worse than one in the list.
"use strict";

contextlibNews.anchor ??= (() => {
  // Agreement of the words before and after, 0..1 each, weighed with the quote itself, which always
  // agrees. Below the floor, or where two places are as good, nothing is placed.
  const QUOTE = 0.6;
  const SIDE = 0.2;
  const FLOOR = 0.9;
  const LEAD = 0.05;
  // A sentence as long as this that stands once in the page needs no surroundings to be known.
  const TELLING = 40;
  const MOST_PLACES = 50;

  // Characters that pages and services write differently, each folded to one of the same length.
  const FOLDS = [
    [/[‘’‚‛′ʼ]/g, "'"],
    [/[“”„‟″«»]/g, '"'],
    [/[‐‑‒–—−]/g, "-"],
    [/[\u00a0\u2009\u202f\u2007\n\t]/g, " "],
  ];
  const PLAIN = /^[ -~]*$/;
  const fold = (text) => PLAIN.test(text) ? text : FOLDS.reduce((folded, [characters, one]) => folded.replace(characters, one), text);
  // Stands between blocks where they are searched as one text, and in no quote.
  const BORDER = "\u0000";

  function places(text, exact) {
    const found = [];
    for (let at = text.indexOf(exact); at >= 0 && found.length < MOST_PLACES; at = text.indexOf(exact, at + 1)) {
      found.push(at);
    }
    return found;
  }

  /** The share of `wanted` that `given` agrees with, counted from where both touch the quote. */
  function agreement(wanted, given, atEnd) {
    if (!wanted) {
      return 1;
    }
    let same = 0;
    while (same < wanted.length && same < given.length) {
      const w = atEnd ? wanted[wanted.length - 1 - same] : wanted[same];
      const g = atEnd ? given[given.length - 1 - same] : given[same];
      if (w !== g) {
        break;
      }
      same++;
    }
    return same / wanted.length;
  }

  function score(text, at, { exact, prefix, suffix }) {
    const before = agreement(prefix, text.slice(Math.max(0, at - prefix.length), at), true);
    const behind = at + exact.length;
    const after = agreement(suffix, text.slice(behind, behind + suffix.length), false);
    return QUOTE + SIDE * before + SIDE * after;
  }

  const string = (value) => (typeof value === "string" ? value : "");
  const words = (value) => fold(string(value));

  /** Where a quote stands in a text character for character, its surroundings too, as most do; else -1. */
  function verbatim(text, exact, prefix, suffix) {
    let at = text.indexOf(exact);
    for (let tries = 0; at >= 0 && tries < MOST_PLACES; tries++) {
      if (text.endsWith(prefix, at) && text.startsWith(suffix, at + exact.length)) {
        return at;
      }
      at = text.indexOf(exact, at + 1);
    }
    return -1;
  }

  /** The blocks as one folded text, with the place at which each begins. */
  function join(blocks) {
    const starts = [];
    const parts = [];
    let length = 0;
    for (const block of blocks) {
      starts.push(length);
      const text = fold(block.text);
      parts.push(text);
      length += text.length + BORDER.length;
    }
    return { text: parts.join(BORDER), starts };
  }

  /** The number of the block that holds a place of the joined text. */
  function blockAt(starts, place) {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= place) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // How many characters of a quote it is looked up by, and from how many quotes on that is worth it.
  const KEY = 8;
  const MANY = 8;
  const TABLE = 1 << 16;

  /** Something that finds many quotes in one walk over a text: `walk(text, found)`. */
  function walker(quotes) {
    const byKey = new Map();
    for (const quote of quotes) {
      const key = quote.slice(0, KEY);
      byKey.set(key, [...(byKey.get(key) ?? []), quote]);
    }
    // Which pairs of characters a quote may begin with; most places of a text are passed over by it.
    const begins = new Uint8Array(TABLE);
    const pair = (first, second) => (first * 257 + second) & (TABLE - 1);
    for (const key of byKey.keys()) {
      begins[pair(key.charCodeAt(0), key.charCodeAt(1))] = 1;
    }
    return (text, found) => {
      let first = text.charCodeAt(0);
      for (let at = 0; at + KEY <= text.length; at++) {
        const second = text.charCodeAt(at + 1);
        if (begins[pair(first, second)]) {
          for (const quote of byKey.get(text.slice(at, at + KEY)) ?? []) {
            if (text.startsWith(quote, at)) {
              found(quote, at);
            }
          }
        }
        first = second;
      }
    };
  }

  /** Something that finds targets among blocks; the blocks are indexed once. */
  function finder(blocks) {
    const byId = new Map(blocks.map((block) => [block.id, block]));
    const numbers = new Map(blocks.map((block, number) => [block, number]));
    // The places of targets that stand in their own block as they are written.
    const written = new Map();
    const folded = new Map();
    let joined = null;
    // The places of quotes that were looked for together: {block, at} by quote.
    const ready = new Map();

    function textOf(block) {
      let text = folded.get(block);
      if (text === undefined) {
        text = fold(block.text);
        folded.set(block, text);
      }
      return text;
    }

    function best(candidates) {
      candidates.sort((a, b) => b.score - a.score);
      return candidates[0] ?? null;
    }

    function inBlock(block, text, target) {
      return places(text, target.exact).map((at) => ({ block, at, score: score(text, at, target) }));
    }

    /** Where a target stands in its own block as it is written, else -1. */
    function asWritten(target) {
      let at = written.get(target);
      if (at === undefined) {
        const own = byId.get(target.block);
        const exact = string(target.exact);
        at = own && exact ? verbatim(own.text, exact, string(target.prefix), string(target.suffix)) : -1;
        written.set(target, at);
      }
      return at;
    }

    function everywhere(target) {
      const known = ready.get(target.exact);
      if (known) {
        return known.map(({ block, at }) => ({ block, at, score: score(textOf(block), at, target) }));
      }
      joined ??= join(blocks);
      const { text, starts } = joined;
      return places(text, target.exact).map((place) => {
        const number = blockAt(starts, place);
        const from = starts[number];
        const own = text.slice(from, from + blocks[number].text.length);
        return { block: blocks[number], at: place - from, score: score(own, place - from, target) };
      });
    }

    /**
     * Look for all targets that do not stand in their own block at once, before each is asked for: one walk over
     * the page in the place of one for each. `slice` is breathed in between.
     */
    async function prepare(targets, slice) {
      const quotes = new Set();
      for (const target of targets) {
        if (asWritten(target) >= 0) {
          continue;
        }
        const exact = words(target.exact);
        const own = byId.get(target.block);
        if (exact.length >= KEY && !ready.has(exact) && !(own && textOf(own).includes(exact))) {
          quotes.add(exact);
        }
      }
      if (quotes.size < MANY) {
        return;
      }
      const found = new Map([...quotes].map((quote) => [quote, []]));
      const walk = walker([...quotes]);
      for (const block of blocks) {
        walk(textOf(block), (quote, at) => {
          const all = found.get(quote);
          if (all.length < MOST_PLACES) {
            all.push({ block, at });
          }
        });
        if (slice.due) {
          await slice.breathe();
        }
      }
      for (const [quote, all] of found) {
        ready.set(quote, all);
      }
    }

    /** The place of a target, `{block, at}`; null where it is not certain. */
    function placeOf(target) {
      const exact = string(target?.exact);
      if (!exact.trim() || exact.includes(BORDER)) {
        return null;
      }
      const own = byId.get(target.block);
      if (asWritten(target) >= 0) {
        return { block: own, at: asWritten(target) };
      }
      const wanted = { exact: fold(exact), prefix: words(target.prefix), suffix: words(target.suffix) };
      const inOwn = own && best(inBlock(own, textOf(own), wanted));
      if (inOwn) {
        return inOwn;
      }
      const candidates = everywhere(wanted);
      const found = best(candidates);
      const alone = candidates.length === 1 && exact.length >= TELLING;
      const certain = found && (alone || (found.score >= FLOOR && found.score - (candidates[1]?.score ?? 0) >= LEAD));
      return certain ? found : null;
    }

    /**
     * Where a target stands: `{ranges, order}`, no Ranges where its place is not certain. The order is the number
     * of its block and its place in it, by which targets come as they are read.
     */
    function find(target) {
      const place = placeOf(target);
      const ranges = place ? place.block.ranges(place.at, place.at + target.exact.length) : [];
      return { ranges, order: place ? [numbers.get(place.block), place.at] : [] };
    }

    return { find, prepare, locate: (target) => find(target).ranges };
  }

  /** The Ranges of one target among the blocks. */
  const locate = (target, blocks) => finder(blocks).locate(target);

  /**
   * Give the blocks of a page that has changed the ids under which their texts were sent, so that a
   * note finds its sentence again where paragraphs have come or gone before it. Returns the blocks
   * that were not sent yet; they get ids that were never used.
   */
  function recognise(blocks, sent) {
    const known = new Map();
    for (const { id, text } of sent) {
      const ids = known.get(text);
      if (ids) {
        ids.push(id);
      } else {
        known.set(text, [id]);
      }
    }
    const fresh = [];
    blocks.forEach((block, number) => {
      const id = known.get(block.text)?.shift();
      block.id = id ?? `c${sent.length}-${number}`;
      if (id === undefined) {
        fresh.push(block);
      }
    });
    return fresh;
  }

  return { finder, locate, recognise };
})();
