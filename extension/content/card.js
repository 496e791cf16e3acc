// The card: one note, its claim beside the sentence, what differs, reports for and against.
"use strict";

contextlibNews.card ??= (() => {
  const { make, link, list, records, words, hostOf } = contextlibNews.dom;
  const GAP = 10;
  const STRIP_HEIGHT = 90;
  const LEAST_HEIGHT = 220;
  const NARROW = 560;

  const quote = (text) => `“${text}”`;

  function section(title, ...content) {
    return make("section", {}, make("h3", {}, title), ...content);
  }

  /** A text with some of its words marked; of overlapping ones the first wins. */
  function marked(text, terms) {
    const lower = text.toLowerCase();
    const spans = [];
    if (lower.length === text.length) {
      for (const { term, kind } of terms) {
        const at = term ? lower.indexOf(term.toLowerCase()) : -1;
        if (at >= 0 && spans.every((span) => at >= span.end || at + term.length <= span.start)) {
          spans.push({ start: at, end: at + term.length, kind });
        }
      }
    }
    spans.sort((a, b) => a.start - b.start);
    const nodes = [];
    let done = 0;
    for (const { start, end, kind } of spans) {
      nodes.push(text.slice(done, start), make(kind === "differs" ? "strong" : "mark", { class: kind }, text.slice(start, end)));
      done = end;
    }
    nodes.push(text.slice(done));
    return nodes;
  }

  function ratings(outlet, label) {
    const rows = records(outlet?.ratings).map((rating) =>
      make("li", {}, link(rating.url, words(rating.source)), `: ${words(rating.label)}${words(rating.date) ? ` (${label.date(rating.date)})` : ""}`),
    );
    return rows.length ? make("ul", { class: "ratings" }, rows) : null;
  }

  /** What raters say of the outlet of a report, where the list held in the browser knows it. */
  function raters(outlet) {
    const said = records(outlet?.ratings).map((rating) => `${words(rating.source)}: ${words(rating.label)}`);
    return said.slice(0, 2).join(" · ");
  }

  /** Write what raters say into a card that is shown; says whether anything of it has changed. */
  function rate(card, known) {
    let changed = false;
    for (const place of card.querySelectorAll("[data-host]:empty")) {
      place.textContent = raters(known[place.dataset.host]);
      changed ||= place.textContent !== "";
    }
    return changed;
  }

  function report(item, label, known) {
    const who = words(item.outlet);
    const origin = words(item.origin) && item.origin !== item.outlet ? `, ${label("origin", item.origin)}` : "";
    const when = words(item.date) ? ` · ${label.date(item.date)}` : "";
    return make(
      "li",
      {},
      make("div", { class: "title", dir: "auto" }, link(item.url, words(item.title) || words(item.url))),
      words(item.says) ? make("div", { dir: "auto" }, item.says) : null,
      make("div", { class: "quiet" }, `${who}${origin}${when}`),
      make("div", { class: "quiet", "data-host": hostOf(item) }, raters(known[hostOf(item)])),
    );
  }

  function claimParts(note, label, known) {
    const { claim } = note;
    const verdict = words(claim?.verdict) ? label(`verdict_${claim.verdict}`) : label("noVerdict");
    const stance = words(note.stance) ? label(`stance_${note.stance}`) : "";
    const differences = records(note.differences).filter((item) => words(item.page) || words(item.claim));
    const terms = (side, index) => [
      ...differences.map((item) => ({ term: words(item[side]), kind: "differs" })),
      ...list(note.shared).map((pair) => ({ term: words(pair?.[index]), kind: "shared" })),
    ];
    const parts = [
      make("p", { class: "facts" }, make("span", { class: `verdict ${words(claim?.verdict)}` }, verdict), ` ${stance}`),
      make(
        "dl",
        { class: "pair" },
        make("div", {}, make("dt", {}, label("sentence")), make("dd", { dir: "auto" }, marked(words(note.target?.exact), terms("page", 0)))),
        make("div", {}, make("dt", {}, label("claim")), make("dd", { dir: "auto" }, marked(words(claim?.text), terms("claim", 1)))),
      ),
    ];
    if (differences.length) {
      const rows = differences.map((item) => make("li", { dir: "auto" }, [words(item.page), words(item.claim)].filter(Boolean).join(" ↔ ")));
      parts.push(section(label("differences"), make("ul", {}, rows)));
    }
    if (words(claim?.summary)) {
      // By the curator who keeps the record, in the language of the claim.
      const said = make("p", { dir: "auto", lang: words(claim.language) || null }, claim.summary);
      parts.push(section(label("summary"), said));
    }
    for (const side of ["corroborating", "contradicting"]) {
      const reports = records(note.reports?.[side]);
      if (reports.length) {
        parts.push(section(label(side), make("ul", {}, reports.map((item) => report(item, label, known)))));
      }
    }
    const reviews = records(note.reviews);
    if (reviews.length) {
      const rows = reviews.map((item) =>
        make("li", {}, link(item.url, words(item.publisher)), `: ${quote(words(item.rating))}`, words(item.date) ? ` (${label.date(item.date)})` : ""),
      );
      parts.push(section(label("reviews"), make("ul", {}, rows)));
    }
    return parts;
  }

  function why(note, label) {
    const shared = list(note.shared).map((pair) => words(pair?.[0])).filter(Boolean).join(", ");
    const score = typeof note.score === "number" ? label("score", label.share(note.score)) : "";
    const { provenance, claim } = note;
    const revision = Number.isInteger(provenance?.revision) ? label("revision", label.number(provenance.revision)) : "";
    const updated = words(claim?.updated) ? label("updated", label.date(claim.updated)) : "";
    const facts = [score, words(provenance?.source), words(provenance?.licence), revision, updated, words(note.service)];
    return make(
      "details",
      {},
      make("summary", {}, label("why")),
      make("p", {}, note.kind === "claim" ? label("whyText", shared) : label(`why_${note.kind}`)),
      make("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")),
      words(claim?.url) ? make("p", {}, link(claim.url, label("record"))) : null,
    );
  }

  function detailParts(note, label) {
    const { figure, quotation, citation, disclaimer } = note;
    const parts = [];
    if (words(note.target?.exact) && note.kind !== "claim") {
      parts.push(make("blockquote", { dir: "auto" }, words(note.target.exact)));
    }
    if (figure) {
      parts.push(make("p", {}, `${words(figure.stated)} ↔ ${words(figure.computed)}`));
    }
    if (quotation) {
      const changes = list(quotation.changes).map((pair) => make("li", {}, `${words(pair?.[0]) || "–"} ↔ ${words(pair?.[1]) || "–"}`));
      parts.push(changes.length ? section(label("differences"), make("ul", {}, changes)) : null);
      parts.push(words(quotation.url) ? make("p", {}, link(quotation.url, words(quotation.source) || quotation.url)) : null);
    }
    if (citation) {
      parts.push(make("p", { class: "address" }, link(citation.href, citation.href)), ratings(citation.outlet, label));
    }
    if (disclaimer && list(disclaimer.cues).length) {
      parts.push(make("p", { class: "quiet" }, list(disclaimer.cues).map((cue) => quote(words(cue))).join(" · ")));
    }
    if (note.outlet) {
      parts.push(ratings(note.outlet, label));
    }
    return parts;
  }

  function actionParts(note, label, actions) {
    const said = make("p", { role: "status", class: "quiet" });
    const tell = (words) => (said.textContent = words);
    const button = (key, act) => make("button", { type: "button", class: "act", click: async () => tell((await act()) ?? "") }, label(key));
    const row = make("div", { class: "acts" }, button("copy", () => actions.copy(note)));
    if (actions.hideNote) {
      row.append(button("hideNote", () => actions.hideNote(note)));
    }
    if (actions.hideSite) {
      row.append(button("hideSite", () => actions.hideSite()));
    }
    const parts = [row];
    if (actions.dispute && !note.local) {
      const reason = make("textarea", { id: "reason", rows: "3", maxlength: "4000", required: true });
      const form = make(
        "form",
        {},
        make("label", { for: "reason" }, label("disputeReason")),
        reason,
        make("p", { class: "quiet" }, label("disputeSends")),
        make("button", { type: "submit", class: "act" }, label("disputeSend")),
      );
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        tell(label("working"));
        tell(await actions.dispute(note, reason.value));
      });
      parts.push(make("details", {}, make("summary", {}, label("dispute")), form));
    }
    return [...parts, said];
  }

  /** The content of the card for a note; `known` are the outlets of its reports by host. */
  function render(note, label, actions = {}, known = {}) {
    return [
      make("p", { class: `kind ${words(note.kind)}` }, label(`kind_${words(note.kind)}`)),
      make("h2", { id: "title", dir: "auto" }, words(note.title)),
      make("p", { dir: "auto" }, words(note.text)),
      ...(note.kind === "claim" ? claimParts(note, label, known) : detailParts(note, label)),
      why(note, label),
      ...(actions.copy ? actionParts(note, label, actions) : []),
    ].filter(Boolean);
  }

  /** The free heights above and below a box; a card as wide as the window covers the strip. */
  function rooms(box, narrow) {
    const foot = innerHeight - (narrow ? 0 : STRIP_HEIGHT);
    return { foot, above: box.top - 2 * GAP, below: foot - box.bottom - 2 * GAP };
  }

  /** Say whether a card can stand above or below a box without the page being scrolled. */
  function fits(box) {
    if (!box) {
      return false;
    }
    const { foot, above, below } = rooms(box, innerWidth < NARROW);
    return box.top >= 0 && box.bottom <= foot && Math.max(above, below) >= LEAST_HEIGHT;
  }

  /**
   * Put the card beside a box, or along an edge of a narrow window: never over its words.
   * @param words the element that stands in for the words: the browser keeps the card by it while the page scrolls
   */
  function place(card, box, words) {
    const narrow = innerWidth < NARROW || !box;
    card.classList.toggle("sheet", narrow);
    for (const name of ["left", "top", "bottom", "max-height", "position-anchor"]) {
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
    const start = getComputedStyle(card).direction === "rtl" ? box.right - width : box.left;
    const left = Math.max(GAP, Math.min(start, innerWidth - width - GAP));
    const top = under ? box.bottom + GAP : box.top - GAP - height;
    cover(words, box);
    card.style.left = `calc(anchor(left) + ${left - box.left}px)`;
    card.style.top = `calc(anchor(top) + ${Math.max(GAP, Math.min(top, foot - height)) - box.top}px)`;
  }

  /** Lay an element over a box of the window; it moves with the page from then on. */
  function cover(words, box) {
    for (const [name, value] of [["left", 0], ["top", 0], ["width", box.width], ["height", box.height]]) {
      words.style[name] = `${value}px`;
    }
    const at = words.getBoundingClientRect();
    words.style.left = `${box.left - at.left}px`;
    words.style.top = `${box.top - at.top}px`;
  }

  /** Keep the card where it is in the window, whatever becomes of its words. */
  function hold(card) {
    if (!card.classList.contains("sheet")) {
      const { left, top, height } = card.getBoundingClientRect();
      // With an anchor Chromium would go on moving it.
      card.style.positionAnchor = "auto";
      card.style.left = `${left}px`;
      card.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height))}px`;
    }
  }

  return { render, rate, place, hold, fits, section };
})();
