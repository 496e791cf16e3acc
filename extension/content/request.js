// What is sent: the text blocks of a page in requests that a service takes, and nothing else.
"use strict";

contextlibNews.request ??= (() => {
  // Below what a service takes at once, see docs/settings.md of the service.
  const MOST_CHARACTERS = 400_000;
  const MOST_SENTENCES = 2_000;
  const MOST_BLOCKS = 4_000;
  const MOST_PARTS = 12;
  const SENTENCE_END = /[.!?…。！？]+(?:[\s”"’»)\]]+|$)/g;

  function sentences(text) {
    let count = 1;
    for (const _ of text.matchAll(SENTENCE_END)) {
      count++;
    }
    return count;
  }

  /** Cut blocks into as few lists as a service takes, in their order: `{parts, left}`. */
  function cut(blocks) {
    const parts = [];
    let part = null;
    let characters = 0;
    let count = 0;
    for (const [number, block] of blocks.entries()) {
      const size = sentences(block.text);
      const full = !part || characters + block.text.length > MOST_CHARACTERS || count + size > MOST_SENTENCES || part.length >= MOST_BLOCKS;
      if (full) {
        if (parts.length >= MOST_PARTS) {
          return { parts, left: blocks.length - number };
        }
        part = [];
        parts.push(part);
        characters = 0;
        count = 0;
      }
      part.push(block);
      characters += block.text.length;
      count += size;
    }
    return { parts, left: 0 };
  }

  /** One request: blocks with the links in them, the address without its fragment, title, language. */
  function make(blocks, links, reader) {
    const ids = new Set(blocks.map((block) => block.id));
    return {
      url: location.href.startsWith("http") ? location.href.split("#")[0].slice(0, 4000) : null,
      title: document.title.toWellFormed().slice(0, 2000) || null,
      language: document.documentElement.lang.slice(0, 40) || null,
      reader_language: (reader || navigator.language || "en").slice(0, 40),
      blocks: blocks.map(({ id, text, role }) => ({ id, text: text.toWellFormed(), role })),
      links: links.filter((link) => ids.has(link.block)).map(({ href, text, block }) => ({ href, text: text.toWellFormed(), block })),
    };
  }

  /** The notes of an answer that can be shown; throws where it is no answer. */
  function checked(answer, words) {
    if (!answer || !Array.isArray(answer.notes)) {
      throw new Error(words);
    }
    answer.notes = answer.notes.filter((note) => note && typeof note.id === "string" && typeof note.kind === "string").slice(0, 2000);
    return answer;
  }

  /** Add an answer to another about more of the same page. */
  function join(whole, part) {
    if (!whole) {
      return part;
    }
    const seen = new Set(whole.notes.map((note) => note.id));
    const fresh = part.notes.filter((note) => !seen.has(note.id) && (note.target?.exact || note.kind === "citation"));
    const sum = (name) => (Number(whole.document?.[name]) || 0) + (Number(part.document?.[name]) || 0);
    return {
      ...whole,
      document: { ...whole.document, sentences: sum("sentences"), checkworthy: sum("checkworthy"), matched: sum("matched") },
      notes: [...whole.notes, ...fresh].slice(0, 2000),
    };
  }

  return { cut, make, checked, join };
})();
