// One block of text that grows node by node and knows where each of its characters came from.
"use strict";

contextlibNews.block ??= (() => {
  // What is collapsed to one space or left out; everything else stays as the page has it. A single
  // space is none of it: a piece for each word would cost more than all the rest.
  const FOLDED = /[ \n\t\r\f]{2,}|[\n\t\r\f]|[\u00ad\u200b\u2060\ufeff]+/g;
  // What any of it begins with. Most texts have none, which is told sooner by looking for each of these.
  const SIGNS = ["\n", "  ", "\u00ad", "\u200b", "\ufeff", "\t", "\r", "\f", "\u2060"];
  const SPACE = /^[ \n\t\r\f]/;

  class Block {
    constructor(id, role) {
      this.id = id;
      this.role = role;
      this.text = "";
      /** Runs of characters that stand unchanged in a text node: {node, at, start, end}. */
      this.pieces = [];
      this.spaced = true;
    }

    #keep(node, at, words) {
      const doubled = this.spaced && words.startsWith(" ");
      const kept = doubled ? words.slice(1) : words;
      if (kept) {
        const start = this.text.length;
        this.text += kept;
        this.pieces.push({ node, at: doubled ? at + 1 : at, start, end: this.text.length });
        this.spaced = kept.endsWith(" ");
      }
    }

    /** Add the words that stand in a text node from a place on. */
    add(node, from, words) {
      let done = 0;
      if (SIGNS.some((sign) => words.includes(sign))) {
        for (const match of words.matchAll(FOLDED)) {
          this.#keep(node, from + done, words.slice(done, match.index));
          if (SPACE.test(match[0])) {
            this.#keep(node, from + match.index, " ");
          }
          done = match.index + match[0].length;
        }
      }
      this.#keep(node, from + done, words.slice(done));
    }

    /** A space that stands in no text node, such as that of a line break. */
    space() {
      if (!this.spaced) {
        this.text += " ";
        this.spaced = true;
      }
    }

    /** The number of the piece that holds a character, or of the next one. */
    #find(offset) {
      let low = 0;
      let high = this.pieces.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.pieces[middle].end <= offset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /**
     * The Ranges over characters start..end of the text, empty where a node has left the page.
     * Several only where the words run over the border of a shadow root, which no Range can cross.
     */
    ranges(start, end) {
      const ranges = [];
      let last = null;
      for (let number = this.#find(start); number < this.pieces.length && this.pieces[number].start < end; number++) {
        const { node, at, start: from, end: to } = this.pieces[number];
        const first = at + Math.max(0, start - from);
        const behind = at + Math.min(to, end) - from;
        if (!node.isConnected || behind > node.length) {
          return [];
        }
        try {
          if (!last || last.node.getRootNode() !== node.getRootNode()) {
            const range = node.ownerDocument.createRange();
            range.setStart(node, first);
            last = { node, range };
            ranges.push(range);
          }
          last.range.setEnd(node, behind);
        } catch {
          return [];
        }
      }
      return ranges;
    }
  }

  return Block;
})();
