// The visible text of a page as blocks with roles, and the way back from a block's text to the
// page's own text nodes. Reads in slices, so that no task holds the page up.
"use strict";

contextlibNews.text ??= (() => {
  const SKIPPED = new Set(
    "SCRIPT STYLE NOSCRIPT TEMPLATE SVG MATH CANVAS IFRAME OBJECT EMBED AUDIO VIDEO SELECT TEXTAREA INPUT BUTTON NAV HEAD MENU CONTEXTLIB-NEWS".split(" "),
  );
  const ROLES = {
    H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading",
    P: "paragraph", PRE: "paragraph", ADDRESS: "paragraph", LI: "list", DT: "list", DD: "list",
    BLOCKQUOTE: "quote", FIGCAPTION: "caption", CAPTION: "caption", FOOTER: "footer",
    ASIDE: "other", TABLE: "other", TR: "other", TD: "other", TH: "other", SUMMARY: "other",
  };
  const PLAIN = new Set(
    "ARTICLE BODY CENTER DETAILS DIV DL FIELDSET FIGURE FORM HEADER HR HTML MAIN OL SECTION TBODY THEAD TFOOT UL DIALOG".split(" "),
  );
  const STICKY = new Set(["footer", "quote", "caption", "list"]);
  const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/;
  const SLICE_MS = 24;
  const MAX_CHARACTERS = 1_000_000;
  const MAX_BLOCKS = 4_000;
  const MAX_LINKS = 1_000;

  /** A block of text that grows node by node; knows where each of its characters came from. */
  class Block {
    constructor(id, role) {
      this.id = id;
      this.role = role;
      this.text = "";
      this.pieces = [];
      this.spaced = true;
    }

    add(node) {
      const data = node.data;
      const offsets = [];
      let text = "";
      for (let i = 0; i < data.length; i++) {
        const character = data[i];
        if (INVISIBLE.test(character)) {
          continue;
        }
        if (character === " " || character === "\n" || character === "\t" || character === "\r" || character === "\f") {
          if (!this.spaced) {
            text += " ";
            offsets.push(i);
            this.spaced = true;
          }
          continue;
        }
        text += character;
        offsets.push(i);
        this.spaced = false;
      }
      const start = this.text.length;
      if (text) {
        this.pieces.push({ node, start, end: start + text.length, offsets });
        this.text += text;
      }
      return [start, this.text.length];
    }

    /** The Range over characters start..end of the text, null where a node has left the page. */
    range(start, end) {
      const first = this.pieces.find((piece) => start >= piece.start && start < piece.end);
      const last = this.pieces.find((piece) => end > piece.start && end <= piece.end);
      if (!first || !last || !first.node.isConnected || !last.node.isConnected) {
        return null;
      }
      try {
        const range = document.createRange();
        range.setStart(first.node, first.offsets[start - first.start]);
        range.setEnd(last.node, last.offsets[end - 1 - last.start] + 1);
        return range;
      } catch {
        return null;
      }
    }
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve));

  function hidden(element) {
    if (element.hidden || element.getAttribute("aria-hidden") === "true") {
      return true;
    }
    return !element.checkVisibility({ visibilityProperty: true });
  }

  /** Read the blocks and links under a root: `{blocks, links}`. */
  async function collect(root) {
    const blocks = [];
    const links = [];
    let current = null;
    let owner = null;
    let characters = 0;
    let began = performance.now();
    const stack = [{ node: root, role: "paragraph", block: root, link: null }];
    while (stack.length && characters < MAX_CHARACTERS && blocks.length <= MAX_BLOCKS) {
      if (performance.now() - began > SLICE_MS) {
        await pause();
        began = performance.now();
      }
      const { node, role, block, link } = stack.pop();
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.data.trim() && (!current || owner !== block)) {
          continue;
        }
        if (!current || owner !== block) {
          current = new Block(`b${blocks.length}`, role);
          owner = block;
          blocks.push(current);
        }
        const [start, end] = current.add(node);
        characters += end - start;
        if (link && end > start) {
          link.block ??= current.id;
          link.text += current.id === link.block ? current.text.slice(start, end) : "";
        }
        continue;
      }
      if (node.nodeType !== Node.ELEMENT_NODE && node.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) {
        continue;
      }
      const next = { role, block, link };
      if (node.nodeType === Node.ELEMENT_NODE) {
        const name = node.tagName.toUpperCase();
        if (name === "BR") {
          current = null;
          continue;
        }
        if (SKIPPED.has(name) || hidden(node)) {
          continue;
        }
        if (name in ROLES || PLAIN.has(name)) {
          next.block = node;
          if (!STICKY.has(role) && ROLES[name]) {
            next.role = ROLES[name];
          }
        }
        if (name === "A" && node.href && links.length < MAX_LINKS) {
          next.link = { href: String(node.href), text: "", block: null };
          links.push(next.link);
        }
      }
      const children = (node.shadowRoot ?? node).childNodes;
      for (let i = children.length - 1; i >= 0; i--) {
        stack.push({ node: children[i], ...next });
      }
    }
    const kept = blocks.filter((block) => block.text.trim());
    const named = new Set(kept.map((block) => block.id));
    return {
      blocks: kept,
      links: links
        .filter((link) => /^https?:/.test(link.href) && link.block && named.has(link.block))
        .map((link) => ({ ...link, text: link.text.trim().slice(0, 2000), href: link.href.slice(0, 4000) })),
    };
  }

  return { collect };
})();
