import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./content.js";

const { request, selection } = load("dom.js", "selection.js", "request.js");
const block = (id, text) => ({ id, text });

test("a page that fits is one request", () => {
  const { parts, left } = request.cut([block("a", "One. Two."), block("b", "Three.")]);
  assert.equal(parts.length, 1);
  assert.equal(left, 0);
});

test("a long page is cut into requests that a service takes, none of its blocks twice", () => {
  const blocks = Array.from({ length: 5_000 }, (_, number) => block(`b${number}`, "A sentence. ".repeat(4)));
  const { parts, left } = request.cut(blocks);
  assert.ok(parts.length > 5);
  assert.deepEqual(parts.flat().length + left, blocks.length);
  assert.ok(parts.every((part) => part.reduce((sum, item) => sum + item.text.split(". ").length, 0) <= 3_000));
});

test("what a page has beyond all requests is counted", () => {
  const { parts, left } = request.cut(Array.from({ length: 50_000 }, (_, number) => block(`b${number}`, "A sentence. ".repeat(5))));
  assert.equal(parts.length, 12);
  assert.ok(left > 0);
});

test("an answer about more of the page adds its notes once", () => {
  const note = (id) => ({ id, kind: "claim", target: { exact: "x" } });
  const whole = { document: { sentences: 3, checkworthy: 2, matched: 1 }, notes: [note("a")], outlet: { name: "A" } };
  const more = { document: { sentences: 2, checkworthy: 1, matched: 1 }, notes: [note("a"), note("b"), { id: "o", kind: "outlet", target: {} }], outlet: null };
  const joined = request.join(whole, more);
  assert.deepEqual([...joined.notes].map(({ id }) => id), ["a", "b"]);
  assert.equal(joined.document.checkworthy, 3);
  assert.equal(joined.outlet.name, "A");
  assert.equal(request.join(null, more), more);
});

test("an answer that is none is refused, a note that is none left out", () => {
  assert.throws(() => request.checked({ notes: 3 }, "words"), /words/);
  assert.throws(() => request.checked(null, "words"), /words/);
  assert.equal(request.checked({ notes: [null, 3, { id: 1, kind: "claim" }, { id: "a", kind: "claim" }] }, "").notes.length, 1);
});

test("density and kinds choose what is painted, hiding what is listed", () => {
  const notes = [
    { id: "a", kind: "claim", stance: "supports" },
    { id: "b", kind: "claim", stance: "refutes" },
    { id: "c", kind: "disclaimer", disclaimer: { types: ["liability"] } },
    { id: "d", kind: "disclaimer", disclaimer: { types: ["satire", 3] } },
    { id: "e", kind: "citation", citation: {} },
  ];
  const ids = (list) => [...list].map((note) => note.id).join("");
  assert.equal(ids(selection.choose(notes).painted), "abcde");
  assert.equal(ids(selection.choose(notes, { density: "important" }).painted), "bd");
  assert.equal(ids(selection.choose(notes, { density: "none" }).painted), "");
  assert.equal(ids(selection.choose(notes, { density: "none" }, true).painted), "abcde");
  assert.equal(ids(selection.choose(notes, { kinds: { claim: false } }).listed), "cde");
  const hidden = selection.choose(notes, { hidden: ["a", "zzz"] });
  assert.equal(ids(hidden.listed), "bcde");
  assert.equal(hidden.hidden, 1);
});
