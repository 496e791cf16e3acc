// The notes of a page as a list: in groups by kind, each with a way to it and its whole content.

import "../content/namespace.js";
import "../content/dom.js";
import "../content/card.js";

const { dom, card } = globalThis.contextlibNews;
const { make, words } = dom;
export const KINDS = ["claim", "disclaimer", "figure", "quotation", "citation", "page"];
const QUOTED = 140;

/** One note: a button that leads to its words, and its content to be read here. */
function row(note, state, label, go) {
  const exact = words(note.target?.exact);
  const lost = state.missing.includes(note.id) ? ` (${label("missing")})` : "";
  return make(
    "li",
    { class: "note" },
    make(
      "button",
      { type: "button", class: "row", "data-note": note.id, "data-kind": note.kind, click: () => go(note.id) },
      make("span", { class: "title", dir: "auto" }, `${words(note.title)}${lost}`),
      exact ? make("span", { class: "quiet", dir: "auto" }, `“${exact.slice(0, QUOTED)}${exact.length > QUOTED ? "…" : ""}”`) : make("span", { class: "quiet" }, words(note.text).slice(0, QUOTED)),
      words(note.claim?.text) ? make("span", { class: "quiet", dir: "auto" }, `${label("claim")}: ${note.claim.text}`) : null,
      words(note.service) ? make("span", { class: "kind" }, note.service) : null,
    ),
    make("details", {}, make("summary", {}, label("readHere")), content(note, label)),
  );
}

/** What the card shows of a note; its heading is the row's own. */
function content(note, label) {
  const parts = card.render(note, label).slice(2);
  return make("div", {}, parts);
}

/** The groups of notes that a filter lets through. */
export function groups(state, off, label, go) {
  return KINDS.filter((kind) => !off.has(kind)).flatMap((kind) => {
    const notes = state.listed.filter((note) => note.kind === kind);
    return notes.length
      ? [make("h2", {}, `${label(`kind_${kind}`)} (${label.number(notes.length)})`), make("ul", {}, notes.map((note) => row(note, state, label, go)))]
      : [];
  });
}

/** Buttons that take kinds out of the list and in again. */
export function filters(state, off, label, toggle) {
  return KINDS.filter((kind) => state.listed.some((note) => note.kind === kind)).map((kind) =>
    make("button", { type: "button", "data-kind": kind, "aria-pressed": String(!off.has(kind)), click: () => toggle(kind) }, label(`kind_${kind}`)),
  );
}

/** All notes as text, each with its quote and its sources. */
export function asText(state, label) {
  const { copy } = globalThis.contextlibNews;
  return state.listed.map((note) => copy.asText(note, label, state.answer.document)).join("\n\n----\n\n");
}
