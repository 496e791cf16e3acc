// A note as text with its citation and link, and the way to the clipboard.
"use strict";

contextlibNews.copy ??= (() => {
  const { records, words, make } = contextlibNews.dom;

  const here = () => ({ title: document.title, url: location.href.split("#")[0] });

  /** A note as plain text that says where it comes from; `page` is the one in front otherwise. */
  function asText(note, label, page = here()) {
    const exact = words(note.target?.exact);
    const lines = [words(note.title), words(note.text)];
    if (exact) {
      lines.push(`“${exact}”`);
    }
    lines.push([page.title, page.url].map(words).filter(Boolean).join(" – "));
    if (note.claim) {
      lines.push(`${label("claim")}: ${words(note.claim.text)}`);
    }
    for (const side of ["corroborating", "contradicting"]) {
      for (const item of records(note.reports?.[side])) {
        lines.push(`${label(side)}: ${[item.outlet, item.title, item.date, item.url].map(words).filter(Boolean).join(", ")}`);
      }
    }
    for (const item of records(note.reviews)) {
      lines.push(`${label("reviews")}: ${[item.publisher, item.rating, item.url].map(words).filter(Boolean).join(", ")}`);
    }
    if (words(note.claim?.url)) {
      lines.push(`${label("record")}: ${note.claim.url}`);
    }
    return lines.filter(Boolean).join("\n");
  }

  /** Put text on the clipboard; `place` is where a text field may stand for a moment. */
  async function copy(text, place) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages without https have no clipboard of their own; a selected field can still be copied.
      const field = make("textarea", { class: "live", "aria-hidden": "true" });
      field.value = text;
      place.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  return { asText, copy };
})();
