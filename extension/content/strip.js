// The strip: one line on publisher, fine print and coverage; opens into the list of all notes.
"use strict";

contextlibNews.strip ??= (() => {
  const { make, records, words } = contextlibNews.dom;
  const KINDS = ["claim", "disclaimer", "figure", "quotation", "citation"];
  const QUOTED = 120;

  function button(label, key, sign, click) {
    return make("button", { type: "button", title: label(key), "aria-label": label(key), click }, sign);
  }

  function bar(title, line, buttons, whole = false) {
    return make("div", { class: "bar" }, make("strong", {}, title), make("span", { class: whole ? "line whole" : "line" }, line), make("span", { class: "buttons" }, buttons));
  }

  /** How much of the page was looked up, and how much was not. */
  function coverage(answer, label) {
    const { checkworthy, matched } = answer.document ?? {};
    return label(answer.local ? "coverageLocal" : "coverage", label.number(Number(checkworthy) || 0), label.number(Number(matched) || 0));
  }

  function counts(notes, label) {
    return KINDS.map((kind) => [kind, notes.filter((note) => note.kind === kind).length])
      .filter(([, count]) => count)
      .map(([kind, count]) => label.count(`some_${kind}`, count));
  }

  function row(note, state, label, actions) {
    const exact = words(note.target?.exact);
    return make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "row", click: () => actions.show(note) },
        make("span", { class: `kind ${words(note.kind)}` }, [label(`kind_${words(note.kind)}`), words(note.service)].filter(Boolean).join(" · ")),
        make("span", { class: "title", dir: "auto" }, `${words(note.title)}${state.missing.includes(note.id) ? ` (${label("missing")})` : ""}`),
        exact ? make("span", { class: "quiet", dir: "auto" }, `“${exact.slice(0, QUOTED)}${exact.length > QUOTED ? "…" : ""}”`) : null,
      ),
    );
  }

  /** The content of the strip; `actions` are show(note), next(), previous(), reveal(), close(). */
  function content(state, label, actions) {
    const { answer, listed, painted } = state;
    const raters = records(answer.outlet?.ratings).slice(0, 2).map((rating) => `${words(rating.source)}: ${words(rating.label)}`);
    // Narrow windows cut the end off: that most was not checked must not be what goes.
    const line = [coverage(answer, label).replace(/\.$/, ""), ...raters, ...counts(listed, label)].join(" · ");
    const rows = listed.map((note) => row(note, state, label, actions));
    const more = painted.length < listed.length ? make("button", { type: "button", class: "act", click: actions.reveal }, label("revealAll")) : null;
    const warnings = records(answer.warnings).map((item) => make("p", { class: "quiet" }, words(item.words)));
    return [
      bar(answer.outlet ? words(answer.outlet.name) || words(answer.outlet.domain) : "Contextlib News", listed.length ? line : `${label("noNotes")} ${coverage(answer, label)}`, [
        button(label, "previous", "‹", actions.previous),
        button(label, "next", "›", actions.next),
        button(label, "close", "×", actions.close),
      ]),
      make("details", {}, make("summary", {}, `${label("list")} (${label.number(rows.length)})`), make("p", { class: "quiet" }, coverage(answer, label)), ...warnings, more, make("ul", {}, rows)),
    ];
  }

  /** The strip with one line of words, such as what went wrong. */
  function message(words_, label, close) {
    return [bar("Contextlib News", words_, [button(label, "close", "×", close)], true)];
  }

  return { content, message, coverage };
})();
