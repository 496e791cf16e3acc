// The visible text of a page as blocks with roles and links, in the order of reading, over inline
// tags, line breaks, open shadow roots and frames of the same origin. Reads in slices.
"use strict";

contextlibNews.text ??= (() => {
  const { block: Block, roles, slices } = contextlibNews;
  const { childrenOf, find, hasAttributes, nameOf, shadowOf, typeOf } = contextlibNews.element;
  const MAX_CHARACTERS = 2_200_000;
  const MAX_BLOCKS = 20_000;
  const MAX_LINKS = 1_000;
  const MAX_BLOCK_CHARACTERS = 15_000;
  const CHUNK = 20_000;
  // Longer texts are steps of their own; of shorter ones and of elements so many are taken between two looks at the clock.
  const LONG = 2_000;
  const STEPS = 8;
  const { TEXT_NODE: TEXT, ELEMENT_NODE: ELEMENT, DOCUMENT_FRAGMENT_NODE: FRAGMENT } = Node;
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

    /** Take the words that stand in a text node from a place on. */
    function take(node, from, words, { role, block, link }) {
      if (!current || owner !== block) {
        if (!words.trim()) {
          return;
        }
        open(role, block);
      } else if (breaks && words.trim()) {
        crossBreaks(words, role);
      }
      const start = current.text.length;
      current.add(node, from, words);
      const end = current.text.length;
      characters += end - start;
      if (link && end > start) {
        link.block ??= current.id;
        link.text += current.id === link.block ? current.text.slice(start, end) : "";
      }
      if (end > MAX_BLOCK_CHARACTERS) {
        current = null;
      }
    }

    /** The places at which a long or preformatted text is cut: its blank lines, and great length. */
    function* cuts(data, pre) {
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

    /** Take a text that may be longer than one step should be. */
    async function takeInParts(node, data, within) {
      for (const [from, to, ends] of cuts(data, within.pre)) {
        take(node, from, data.slice(from, to), within);
        if (ends) {
          current = null;
        }
        if (slice.due) {
          await slice.breathe();
        }
      }
    }

    const stack = [{ node: root, within: { role: "paragraph", block: root, link: null, pre: false } }];
    for (let steps = 1; stack.length && characters < MAX_CHARACTERS && blocks.length <= MAX_BLOCKS; steps++) {
      // Asking for the time costs as much as a small step.
      if (steps % STEPS === 0 && slice.due) {
        await slice.breathe();
      }
      const { node, within } = stack.pop();
      const type = typeOf(node);
      if (type === TEXT) {
        const { data } = node;
        if (within.pre || data.length > LONG) {
          await takeInParts(node, data, within);
        } else {
          take(node, 0, data, within);
        }
        continue;
      }
      if (type !== ELEMENT && type !== FRAGMENT) {
        continue;
      }
      let next = within;
      let shadow = null;
      if (type === ELEMENT) {
        const name = nameOf(node).toUpperCase();
        if (name === "BR") {
          breaks++;
          continue;
        }
        if (name === "INPUT") {
          password ||= node.type === "password";
          continue;
        }
        // The body of a frame may be one to write in without saying so.
        const bare = within.block !== node && !hasAttributes(node);
        if (roles.skipped(node, name, bare) || roles.hidden(node, bare)) {
          password ||= Boolean(find(node, "input[type=password]"));
          continue;
        }
        if (name === "IFRAME" || name === "FRAME") {
          const inner = frameOf(node);
          if (inner?.body) {
            documents.push(inner);
            stack.push({ node: inner.body, within: { ...within, block: inner.body, link: null } });
          }
          continue;
        }
        const role = roles.roleOf(node, name, bare);
        if (role !== null) {
          const own = !role || roles.inherits(within.role, role) ? within.role : role;
          next = { role: own, block: node, link: within.link, pre: name === "PRE" || (within.pre && role === "") };
        }
        if (name === "A" && node.href && links.length < MAX_LINKS) {
          const link = { href: String(node.href), text: "", block: null, node };
          next = { ...next, link };
          links.push(link);
        }
        shadow = shadowOf(node);
        if (shadow) {
          roots.push(shadow);
        }
      }
      const children = drawnIn(node, type, shadow);
      for (let i = children.length - 1; i >= 0; i--) {
        stack.push({ node: children[i], within: next });
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
  function drawnIn(node, type, shadow) {
    if (shadow) {
      return shadow.childNodes;
    }
    if (type === ELEMENT && nameOf(node) === "slot") {
      const given = node.assignedNodes?.() ?? [];
      return given.length ? given : node.childNodes;
    }
    return childrenOf(node);
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
