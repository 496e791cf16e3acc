// The rules that run in the browser, on the table that the library answers too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { disclaimerMatcher } from "../../extension/background/disclaimers.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const { rules } = JSON.parse(read("../../extension/data/disclaimers.json"));
const match = disclaimerMatcher(rules);
const { cases } = JSON.parse(read("../quality/disclaimers/local.json"));
const rows = read("../quality/disclaimers/disclaimed.tsv").split("\n").filter(Boolean).map((line) => line.split("\t"));
const nearMisses = read("../quality/disclaimers/near_misses.txt").split("\n").filter(Boolean);
const PRECISION_FLOOR = 0.95;
const RECALL_FLOOR = 0.45;

test("browser and library find the same fine print", () => {
  assert.ok(cases.length >= 400);
  const wrong = cases.filter(({ text, types }) => match(text).types.toSorted().join() !== types.toSorted().join());
  assert.deepEqual(wrong, []);
});

test("what the browser finds by itself is nearly always fine print", (context) => {
  const found = rows.filter(([kind, text]) => match(text).types.includes(kind)).length;
  const wrong = nearMisses.filter((text) => match(text).types.length);
  context.diagnostic(`precision ${(found / (found + wrong.length)).toFixed(3)}, recall ${(found / rows.length).toFixed(3)}`);
  assert.ok(found / (found + wrong.length) >= PRECISION_FLOOR, wrong.join("\n"));
  assert.ok(found / rows.length >= RECALL_FLOOR, `only ${found} of ${rows.length} were found`);
});

test("the words that say so are given", () => {
  const sentence = "This post contains affiliate links.";
  const { types, cues } = match(sentence);
  assert.deepEqual(types, ["affiliate"]);
  assert.ok(sentence.toLowerCase().includes(cues[0].toLowerCase()));
});

test("quotes and spaces may be written in several ways", () => {
  const plain = match('The information on this website is provided "as is" and may contain errors.');
  assert.deepEqual(match("The  information\u00a0on this website is provided “as is” and may contain errors.").types, plain.types);
  assert.ok(plain.types.length);
});

test("long and hostile text is cut short", () => {
  assert.deepEqual(match("a".repeat(1_000_000)).types, []);
  assert.ok(!match(`${"not liable ".repeat(50)}for anything`).types.includes("satire"));
});
