import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./content.js";

const { anchor } = load("anchor.js");

/** A block whose ranges are told as pairs of numbers. */
const block = (id, text) => ({ id, text, ranges: (start, end) => [`${id}:${start}-${end}`] });
const locate = (target, among = blocks) => anchor.locate(target, among).join();

const blocks = [
  block("a", "The bridge opened. Then it rained. The bridge opened."),
  block("b", "Nobody said that the bridge opened. It rained."),
];

test("a quote is found in its own block", () => {
  assert.equal(locate({ block: "b", exact: "It rained." }), "b:36-46");
});

test("of two places the one with the same surroundings counts", () => {
  const target = { block: "a", exact: "The bridge opened.", prefix: "Then it rained. ", suffix: "" };
  assert.equal(locate(target), "a:35-53");
});

test("of places that read alike the one that is written alike counts", () => {
  const page = [block("a", "“It rained.” Then again: \"It rained.\" Then again: it rained.")];
  const target = { block: "a", exact: '"It rained."', prefix: "", suffix: " Then again" };
  assert.equal(locate(target, page), "a:25-37");
  assert.equal(locate({ ...target, exact: "'It rained.'" }, page), "");
  assert.equal(locate({ ...target, exact: "„It rained.“" }, page), "a:0-12");
});

test("places come in the order of reading", () => {
  const finder = anchor.finder(blocks);
  const order = (target) => finder.find(target).order;
  assert.deepEqual([...order({ block: "b", exact: "It rained." })], [1, 36]);
  assert.deepEqual([...order({ block: "gone", exact: "Nobody said that the bridge opened. It rained." })], [1, 0]);
  assert.deepEqual([...order({ block: "a", exact: "Then" })], [0, 19]);
});

test("in another block the surroundings must agree on both sides", () => {
  const target = { block: "gone", exact: "it rained.", prefix: "Then ", suffix: " The" };
  assert.equal(locate(target), "a:24-34");
  assert.equal(locate({ ...target, suffix: " Never" }), "");
});

test("what is not there is not guessed", () => {
  assert.equal(locate({ block: "a", exact: "The bridge closed." }), "");
  assert.equal(locate({ block: "a", exact: "" }), "");
  assert.equal(locate(undefined), "");
});

test("quotes looked for together are found where they are found one by one", async () => {
  // A small alphabet makes the same words stand in many places, and quotes begin alike.
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const words = ["the ", "bridge ", "opened ", "“in ", "rain” ", "and\u00a0", "then ", "the bridge "];
  const text = (length) => Array.from({ length }, () => words[random(words.length)]).join("");
  let breaths = 0;
  const slice = { due: true, breathe: async () => void breaths++ };
  let placed = 0;
  for (let round = 0; round < 60; round++) {
    const page = Array.from({ length: 12 }, (_, number) => block(`b${number}`, text(4 + random(30))));
    const targets = Array.from({ length: 30 }, () => {
      const { id, text: whole } = page[random(page.length)];
      const at = random(whole.length);
      const exact = round % 3 ? whole.slice(at, at + 4 + random(50)) : text(3);
      const named = [id, "b0", "gone"][random(3)];
      return { block: named, exact: exact.replaceAll("“", '"'), prefix: random(2) ? whole.slice(Math.max(0, at - 12), at) : "", suffix: "" };
    });
    const together = anchor.finder(page);
    await together.prepare(targets, slice);
    const alone = anchor.finder(page);
    for (const target of targets) {
      const found = together.locate(target).join();
      assert.equal(found, alone.locate(target).join(), JSON.stringify(target));
      placed += found ? 1 : 0;
    }
  }
  assert.ok(breaths > 0 && placed > 300, `${breaths} ${placed}`);
});
