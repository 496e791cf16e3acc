// The card: one note, its claim beside the sentence, what differs, reports for and against.
"use strict";

contextlibNews.card ??= (() => {
  const { make, link, list, records, words } = contextlibNews.dom;
  const GAP = 10;
  const STRIP_HEIGHT = 90;
  const LEAST_HEIGHT = 220;
  const NARROW = 560;

  function report(item, label) {
    const who = words(item.outlet);
    const origin = words(item.origin) && item.origin !== item.outlet ? `, ${label("origin", item.origin)}` : "";
    const when = words(item.date) ? ` · ${item.date}` : "";
    return make(
      "li",
      {},
      make("div", { class: "title" }, link(item.url, item.title)),
      words(item.says) ? make("div", {}, item.says) : null,
      make("div", { class: "quiet" }, `${who}${origin}${when}`),
    );
  }

  function section(title, ...content) {
    return make("section", {}, make("h3", {}, title), ...content);
  }

  function claimParts(note, label) {
    const { claim } = note;
    const verdict = words(claim?.verdict) ? label(`verdict_${claim.verdict}`) : label("noVerdict");
    const stance = words(note.stance) ? label(`stance_${note.stance}`) : "";
    const score = typeof note.score === "number" ? label("score", `${Math.round(note.score * 100)} %`) : "";
    const differences = records(note.differences).filter((item) => words(item.page) || words(item.claim));
    const parts = [
      make("p", { class: "facts" }, make("span", { class: `verdict ${words(claim?.verdict)}` }, verdict), ` ${stance}`),
      make(
        "dl",
        {},
        make("dt", {}, label("sentence")),
        make("dd", {}, words(note.target?.exact)),
        make("dt", {}, label("claim")),
        make("dd", {}, words(claim?.text)),
      ),
    ];
    if (differences.length) {
      parts.push(
        section(
          label("differences"),
          make(
            "ul",
            {},
            differences.map((item) => make("li", {}, [words(item.page), words(item.claim)].filter(Boolean).join(" ↔ "))),
          ),
        ),
      );
    }
    for (const side of ["corroborating", "contradicting"]) {
      const reports = records(note.reports?.[side]);
      if (reports.length) {
        parts.push(section(label(side), make("ul", {}, reports.map((item) => report(item, label)))));
      }
    }
    const reviews = records(note.reviews);
    if (reviews.length) {
      const rows = reviews.map((item) => make("li", {}, link(item.url, item.publisher), `: “${words(item.rating)}”`));
      parts.push(section(label("reviews"), make("ul", {}, rows)));
    }
    const shared = list(note.shared).map((pair) => words(pair?.[0])).filter(Boolean).join(", ");
    parts.push(
      make(
        "details",
        {},
        make("summary", {}, label("why")),
        make("p", {}, label("whyText", shared)),
        make("p", { class: "quiet" }, [score, words(note.provenance?.source), words(note.provenance?.licence)].filter(Boolean).join(" · ")),
        words(claim?.url) ? make("p", {}, link(claim.url, label("record"))) : null,
      ),
    );
    return parts;
  }

  function ratings(outlet) {
    const rows = records(outlet?.ratings).map((rating) =>
      make("li", {}, link(rating.url, rating.source), `: ${words(rating.label)}${words(rating.date) ? ` (${rating.date})` : ""}`),
    );
    return rows.length ? make("ul", {}, rows) : null;
  }

  /** The content of the card for a note. */
  function render(note, label) {
    const parts = [make("p", { class: `kind ${words(note.kind)}` }, label(`kind_${words(note.kind)}`)), make("h2", { id: "title" }, words(note.title))];
    parts.push(make("p", {}, words(note.text)));
    if (note.kind === "claim") {
      parts.push(...claimParts(note, label));
    }
    if (note.outlet) {
      parts.push(ratings(note.outlet));
    }
    if (note.citation) {
      parts.push(make("p", {}, link(note.citation.href, note.citation.href)), ratings(note.citation.outlet));
    }
    return parts.filter(Boolean);
  }

  /** The free heights above and below a Range; a card as wide as the window covers the strip. */
  function rooms(box, narrow) {
    const foot = innerHeight - (narrow ? 0 : STRIP_HEIGHT);
    return { foot, above: box.top - 2 * GAP, below: foot - box.bottom - 2 * GAP };
  }

  /** Say whether a card can stand above or below a Range without the page being scrolled. */
  function fits(range) {
    const box = range.getBoundingClientRect();
    const { above, below } = rooms(box, innerWidth < NARROW);
    return box.top >= 0 && box.bottom <= innerHeight && Math.max(above, below) >= LEAST_HEIGHT;
  }

  /** Put the card beside a Range, or along an edge of a narrow window: never over its words. */
  function place(card, range) {
    const box = range?.getBoundingClientRect();
    const narrow = innerWidth < NARROW || !box;
    card.classList.toggle("sheet", narrow);
    for (const name of ["left", "top", "bottom", "max-height"]) {
      card.style.removeProperty(name);
    }
    if (!box) {
      return;
    }
    const { foot, above, below } = rooms(box, narrow);
    const most = innerHeight * (narrow ? 0.6 : 0.7);
    const under = below >= above || below >= Math.min(most, card.scrollHeight);
    const room = Math.max(under ? below : above, LEAST_HEIGHT);
    card.style.maxHeight = `${Math.min(room, most)}px`;
    if (narrow) {
      card.style.top = under ? "auto" : "0";
      card.style.bottom = under ? "0" : "auto";
      return;
    }
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = Math.max(GAP, Math.min(box.left, innerWidth - width - GAP));
    const top = under ? box.bottom + GAP : box.top - GAP - height;
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(GAP, Math.min(top, foot - height))}px`;
  }

  return { render, place, fits };
})();
