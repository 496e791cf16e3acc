// The strip: one line on publisher, fine print and coverage; opens into the list of all notes.
"use strict";

contextlibNews.strip ??= (() => {
  const { make, records, words } = contextlibNews.dom;

  function summary(answer, label) {
    const kinds = {};
    for (const note of answer.notes) {
      kinds[note.kind] = (kinds[note.kind] ?? 0) + 1;
    }
    const outlet = answer.outlet ? words(answer.outlet.name) : "";
    const raters = records(answer.outlet?.ratings).slice(0, 2).map((rating) => `${words(rating.source)}: ${words(rating.label)}`);
    const counts = ["claim", "disclaimer", "figure", "quotation", "citation"]
      .filter((kind) => kinds[kind])
      .map((kind) => `${label(`kind_${kind}`)} ${kinds[kind]}`);
    return { outlet, raters, counts };
  }

  /** Fill the strip; `actions` are show(note), next(), previous(), close(). */
  function render(strip, state, label, actions) {
    const { answer, missing } = state;
    const { outlet, raters, counts } = summary(answer, label);
    const { checkworthy, matched } = answer.document ?? {};
    const rows = answer.notes.map((note) => {
      const lost = missing.includes(note.id) ? ` (${label("missing")})` : "";
      const quote = words(note.target?.exact).slice(0, 120);
      return make(
        "li",
        {},
        make(
          "button",
          { type: "button", class: "row", click: () => actions.show(note) },
          make("span", { class: `kind ${words(note.kind)}` }, label(`kind_${words(note.kind)}`)),
          make("span", { class: "title" }, `${words(note.title)}${lost}`),
          quote ? make("span", { class: "quiet" }, `“${quote}${words(note.target.exact).length > 120 ? "…" : ""}”`) : null,
        ),
      );
    });
    strip.replaceChildren(
      make(
        "div",
        { class: "bar" },
        make("strong", {}, outlet || "Contextlib News"),
        make("span", { class: "line" }, [...raters, ...counts].join(" · ") || label("noNotes")),
        make("span", { class: "buttons" },
          make("button", { type: "button", title: label("previous"), "aria-label": label("previous"), click: actions.previous }, "‹"),
          make("button", { type: "button", title: label("next"), "aria-label": label("next"), click: actions.next }, "›"),
          make("button", { type: "button", title: label("close"), "aria-label": label("close"), click: actions.close }, "×"),
        ),
      ),
      make("details", {}, make("summary", {}, `${label("list")} (${rows.length})`), make("p", { class: "quiet" }, label("coverage", checkworthy ?? 0, matched ?? 0)), make("ul", {}, rows)),
    );
  }

  return { render };
})();
