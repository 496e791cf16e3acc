// The visible text of a page as blocks with roles and links, in the order of reading, over inline
// tags, line breaks, open shadow roots and frames of the same origin. Reads in slices.
"use strict";

contextlibNews.text ??= (() => {
  const { block: Block, roles, slices } = contextlibNews;
  const MAX_CHARACTERS = 2_200_000;
  const MAX_BLOCKS = 20_000;
  const MAX_LINKS = 1_000;
  const MAX_BLOCK_CHARACTERS = 15_000;
  const CHUNK = 20_000;
  const BLANK_LINE = /\n[ \t]*\n/g;
  const ENDED = /[.!?…:。！？؟]["”’»)\]]*\s*$/;
  const SHORT_LINE = 25;

  /** Read the blocks and links under a root: `{blocks, links, documents, roots, password}`. */
  async function collect(root) {
    const blocks = [];
    const links = [];
    const documents = [root.ownerDocument];
    const roots = [];
    const slice = slices.begin("read");
    let password = false;
    let current = null;
    let owner = null;
    let breaks = 0;
    let line = 0;
    let characters = 0;

    function open(role, block) {
      current = new Block(`b${blocks.length}`, role);
      owner = block;
      breaks = 0;
      line = 0;
      blocks.push(current);
    }

    /** What one or more line breaks before some words mean: the sentence goes on, or it does not. */
    function crossBreaks(words, role) {
      const ends = ENDED.test(current.text);
      const label = current.text.length - line < SHORT_LINE && /^\s*[\p{Lu}\d]/u.test(words);
      if (breaks > 1 || (!ends && label && role !== "heading")) {
        open(role, owner);
      } else {
        current.space();
        breaks = 0;
        line = current.text.length;
      }
    }

    function take(node, from, to, { role, block, link }) {
      const words = node.data.slice(from, to);
      const blank = !words.trim();
      if (!current || owner !== block) {
        if (blank) {
          return;
        }
        open(role, block);
      } else if (breaks && !blank) {
        crossBreaks(words, role);
      }
      const [start, end] = current.add(node, from, to);
      characters += end - start;
      if (link && end > start) {
        link.block ??= current.id;
        link.text += current.id === link.block ? current.text.slice(start, end) : "";
      }
    }

    /** The places at which a text node is cut: blank lines of preformatted text, and great length. */
    function* cuts(node, pre) {
      const { data } = node;
      let from = 0;
      if (pre) {
        for (const match of data.matchAll(BLANK_LINE)) {
          yield [from, match.index, true];
          from = match.index + match[0].length;
        }
      }
      while (data.length - from > CHUNK) {
        const space = data.lastIndexOf(" ", from + CHUNK);
        const to = space > from ? space : from + CHUNK;
        yield [from, to, false];
        from = to;
      }
      yield [from, data.length, false];
    }

    const stack = [{ node: root, role: "paragraph", block: root, link: null, pre: false }];
    while (stack.length && characters < MAX_CHARACTERS && blocks.length <= MAX_BLOCKS) {
      if (slice.due) {
        await slice.breathe();
      }
      const { node, ...context } = stack.pop();
      if (node.nodeType === Node.TEXT_NODE) {
        for (const [from, to, ends] of cuts(node, context.pre)) {
          take(node, from, to, context);
          if (ends || current?.text.length > MAX_BLOCK_CHARACTERS) {
            current = null;
          }
          if (slice.due) {
            await slice.breathe();
          }
        }
        continue;
      }
      if (node.nodeType !== Node.ELEMENT_NODE && node.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) {
        continue;
      }
      const next = { ...context };
      if (node.nodeType === Node.ELEMENT_NODE) {
        const name = node.localName.toUpperCase();
        if (name === "BR") {
          breaks++;
          continue;
        }
        if (name === "INPUT") {
          password ||= node.type === "password";
          continue;
        }
        if (roles.skipped(node, name) || roles.hidden(node)) {
          password ||= Boolean(node.querySelector("input[type=password]"));
          continue;
        }
        if (name === "IFRAME" || name === "FRAME") {
          const inner = frameOf(node);
          if (inner?.body) {
            documents.push(inner);
            stack.push({ ...context, node: inner.body, block: inner.body, link: null });
          }
          continue;
        }
        const role = roles.roleOf(node, name);
        if (role !== null) {
          next.block = node;
          next.pre = name === "PRE" || (context.pre && role === "");
          if (!role || roles.inherits(context.role, role)) {
            next.role = context.role;
          } else {
            next.role = role;
          }
        }
        if (name === "A" && node.href && links.length < MAX_LINKS) {
          next.link = { href: String(node.href), text: "", block: null, node };
          links.push(next.link);
        }
        if (node.shadowRoot) {
          roots.push(node.shadowRoot);
        }
      }
      const children = childrenOf(node);
      for (let i = children.length - 1; i >= 0; i--) {
        stack.push({ ...next, node: children[i] });
      }
    }
    slice.end();
    const kept = blocks.filter((block) => block.text.trim());
    const named = new Set(kept.map((block) => block.id));
    return {
      blocks: kept,
      documents,
      roots,
      password,
      links: links
        .filter((link) => /^https?:/.test(link.href) && link.block && named.has(link.block))
        .map((link) => ({ ...link, text: link.text.trim().slice(0, 2000), href: link.href.slice(0, 4000) })),
    };
  }

  /** What is drawn inside a node: its shadow, and in a slot what the page puts there. */
  function childrenOf(node) {
    if (node.shadowRoot) {
      return node.shadowRoot.childNodes;
    }
    if (node.localName === "slot") {
      const given = node.assignedNodes?.() ?? [];
      return given.length ? given : node.childNodes;
    }
    return node.childNodes;
  }

  /** The document of a frame that the page itself may look into, else null. */
  function frameOf(frame) {
    try {
      return frame.contentDocument;
    } catch {
      return null;
    }
  }

  return { collect };
})();
