// Which notes a reader wants to see: kinds, density, notes that were hidden.
"use strict";

contextlibNews.selection ??= (() => {
  const { list, words } = contextlibNews.dom;
  // Fine print that changes how a page is to be read as a whole; the rest is customary.
  const TELLING = new Set(
    "satire sponsored press-release ai-generated machine-translated unverified state-media correction retraction seek-corroboration accuracy editorial-control user-generated conflict-of-interest".split(" "),
  );
  const OPEN_QUOTATIONS = new Set(["altered", "not-found"]);

  /** Say whether a note is one that a reader in a hurry should see. */
  function important(note) {
    switch (note.kind) {
      case "claim":
        return note.stance === "refutes" || ["contradicted", "disputed"].includes(note.claim?.verdict) || list(note.differences).length > 0;
      case "disclaimer":
        return list(note.disclaimer?.types).some((type) => TELLING.has(type));
      case "quotation":
        return OPEN_QUOTATIONS.has(words(note.quotation?.status));
      case "citation":
        return list(note.citation?.flags).length > 0;
      case "page":
        return ["same-text", "since"].includes(words(note.page?.kind));
      default:
        return true;
    }
  }

  /** What is kept of the notes of an answer: `{listed, painted, hidden}`. */
  function choose(notes, { kinds = {}, density = "all", hidden = [] } = {}, revealed = false) {
    const taken = new Set(hidden);
    const wanted = notes.filter((note) => kinds[note.kind] !== false);
    const listed = wanted.filter((note) => !taken.has(note.id));
    const painted = density === "all" || revealed ? listed : density === "important" ? listed.filter(important) : [];
    return { listed, painted, hidden: wanted.length - listed.length };
  }

  return { choose, important };
})();
