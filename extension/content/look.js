// What is known about words that a reader has selected: the nearest claims, those below the
// threshold marked as such.
"use strict";

contextlibNews.look ??= (() => {
  const { make, link, records, words } = contextlibNews.dom;

  function frame(selected, label, ...content) {
    return [
      make("p", { class: "kind" }, label("selection")),
      make("h2", { id: "title" }, label("known")),
      make("blockquote", { dir: "auto" }, words(selected)),
      ...content,
    ];
  }

  const waiting = (selected, label) => frame(selected, label, make("p", {}, label("working")));

  function row(claim, threshold, label) {
    const score = typeof claim.score === "number" ? claim.score : 0;
    const below = score < threshold;
    return make(
      "li",
      { class: below ? "below" : null },
      make("div", { class: "title", dir: "auto" }, link(claim.url, words(claim.text))),
      make("div", { class: "quiet" }, [label("score", label.share(score)), words(claim.verdict) ? label(`verdict_${claim.verdict}`) : label("noVerdict"), below ? label("below") : ""].filter(Boolean).join(" · ")),
    );
  }

  /** `answer`: {claims, threshold} or {error}, an error in words. */
  function render(selected, answer, label) {
    if (!answer || answer.error) {
      return frame(selected, label, make("p", { role: "alert" }, words(answer?.error) || label("malformed")));
    }
    const claims = records(answer.claims);
    const rows = claims.map((claim) => row(claim, Number(answer.threshold) || 0, label));
    return frame(selected, label, rows.length ? make("ul", { class: "found" }, rows) : null, make("p", { class: "quiet" }, label(rows.length ? "knownNote" : "noNotes")));
  }

  return { waiting, render };
})();
