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
const { local } = JSON.parse(read("../quality/floors.json")).disclaimers;
const nearMisses = read("../quality/disclaimers/near_misses.txt").split("\n").filter(Boolean);

test("browser and library find the same fine print", () => {
  assert.ok(cases.length >= 869);
  const wrong = cases.filter(({ text, types }) => match(text).types.toSorted().join() !== types.toSorted().join());
  assert.deepEqual(wrong, []);
});

test("what the browser finds by itself is nearly always fine print", (context) => {
  const found = rows.filter(([kind, text]) => match(text).types.includes(kind)).length;
  const wrong = nearMisses.filter((text) => match(text).types.length);
  context.diagnostic(`precision ${(found / (found + wrong.length)).toFixed(3)}, recall ${(found / rows.length).toFixed(3)}`);
  assert.ok(found / (found + wrong.length) >= local.precision, wrong.join("\n"));
  assert.ok(found / rows.length >= local.recall, `only ${found} of ${rows.length} were found`);
});

test("of a page in a known language only its rules and the English ones are tried", () => {
  const french = "Les opinions exprimées ici n'engagent que leur auteur.";
  assert.deepEqual(match(french).types, ["views"]);
  assert.deepEqual(match(french, "fr-CA").types, ["views"]);
  assert.deepEqual(match(french, "de").types, []);
  for (const language of ["fr", "de_AT", "EN", "xx", "", null]) {
    assert.deepEqual(match("This post contains affiliate links.", language).types, ["affiliate"], String(language));
  }
});

test("what an expression takes for one letter hides no word, nor do capitals", () => {
  for (const text of ["THIS POST CONTAINS AFFILIATE LINKS.", "Thıs poſt contaınſ AFFİLİATE lin\u212as."]) {
    const { types, cues } = match(text);
    assert.deepEqual(types, ["affiliate"], text);
    assert.ok(text.includes(cues[0]));
  }
});

test("a rule may be written in capitals, and have no words", () => {
  const rule = { type: "satire", language: "en", any: ["Moon[A-F]{1,9}", "SHINE"], all: [], not: ["Novel"] };
  for (const words of [undefined, [[], ["shine"]]]) {
    const own = disclaimerMatcher([{ ...rule, words }]);
    for (const text of ["moonabc", "MOONABC", "a shine"]) {
      assert.deepEqual(own(text).types, ["satire"], text);
    }
    assert.deepEqual(own("moonxyz").types, []);
    assert.deepEqual(own("a novel moonabc").types, []);
  }
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
