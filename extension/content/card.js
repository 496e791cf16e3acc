// The card: one note, its claim beside the sentence, what differs, reports for and against.
"use strict";

contextlibNews.card ??= (() => {
  const { make, link, list, words } = contextlibNews.dom;
  const GAP = 10;
  const STRIP_HEIGHT = 90;
  const LEAST_HEIGHT = 220;

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
    const differences = list(note.differences).filter((item) => words(item?.page) || words(item?.claim));
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
      const reports = list(note.reports?.[side]);
      if (reports.length) {
        parts.push(section(label(side), make("ul", {}, reports.map((item) => report(item, label)))));
      }
    }
    const reviews = list(note.reviews);
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
    const rows = list(outlet?.ratings).map((rating) =>
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

  /** Put the card beside a Range, or along the foot of a narrow window. */
  function place(card, range) {
    const box = range?.getBoundingClientRect();
    const narrow = innerWidth < 560 || !box;
    card.classList.toggle("sheet", narrow);
    card.style.removeProperty("left");
    card.style.removeProperty("top");
    card.style.removeProperty("max-height");
    if (narrow) {
      return;
    }
    // The roomier side of the sentence, so that the card never hides what it speaks of.
    const foot = innerHeight - STRIP_HEIGHT;
    const below = foot - box.bottom - 2 * GAP;
    const above = box.top - 2 * GAP;
    const room = Math.max(LEAST_HEIGHT, below, above);
    card.style.maxHeight = `${Math.min(room, innerHeight * 0.7)}px`;
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = Math.max(GAP, Math.min(box.left, innerWidth - width - GAP));
    const top = below >= above || below >= height ? box.bottom + GAP : box.top - GAP - height;
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(GAP, Math.min(top, foot - height))}px`;
  }

  return { render, place };
})();
