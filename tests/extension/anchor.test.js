import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./content.js";

const { anchor } = load("anchor.js");

/** A block whose ranges are told as pairs of numbers. */
const block = (id, text) => ({ id, text, range: (start, end) => `${id}:${start}-${end}` });

const blocks = [
  block("a", "The bridge opened. Then it rained. The bridge opened."),
  block("b", "Nobody said that the bridge opened. It rained."),
];

test("a quote is found in its own block", () => {
  assert.equal(anchor.locate({ block: "b", exact: "It rained." }, blocks), "b:36-46");
});

test("of two places the one with the same surroundings counts", () => {
  const target = { block: "a", exact: "The bridge opened.", prefix: "Then it rained. ", suffix: "" };
  assert.equal(anchor.locate(target, blocks), "a:35-53");
});

test("in another block the surroundings must agree on both sides", () => {
  const target = { block: "gone", exact: "it rained.", prefix: "Then ", suffix: " The" };
  assert.equal(anchor.locate(target, blocks), "a:24-34");
  assert.equal(anchor.locate({ ...target, suffix: " Never" }, blocks), null);
});

test("what is not there is not guessed", () => {
  assert.equal(anchor.locate({ block: "a", exact: "The bridge closed." }, blocks), null);
  assert.equal(anchor.locate({ block: "a", exact: "" }, blocks), null);
  assert.equal(anchor.locate(undefined, blocks), null);
});
