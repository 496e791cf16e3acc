// Rules for fine print that a service sends: taken where they are ones a browser may run, else not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TYPES, allowed, checkedRules, quick } from "../../extension/background/rules.js";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const shipped = JSON.parse(read("../../extension/data/disclaimers.json"));
const rule = (changes = {}) => ({ type: "satire", language: "en", any: ["purple unicorns?"], all: [], not: [], ...changes });

test("the rules that ship are ones that may be taken", () => {
  assert.deepEqual(checkedRules(shipped), shipped.rules);
});

test("the types are those of the library", () => {
  const [, words] = read("../../contextlib_news/context/disclaimer_rules.py").match(/DISCLAIMER_TYPES = frozenset\(\n([^)]*?)\.split/s);
  assert.deepEqual([...TYPES].sort(), words.match(/[a-z-]+/g).sort());
});

test("an expression stays in the subset, is bounded and compiles", () => {
  for (const good of ["satire", "(?:a|b) (?:\\S{1,60} ){0,4}c", "[*+]", "a\\+", "end(?![a-z])", "^Satire", "news$", "(?<![a-z])x"]) {
    assert.ok(allowed(good), good);
  }
  const bad = [
    "", null, 7, "\\w", "\\bsatire", "\\d{1,3}", "a*", "a+", "a{2,}", "(?i)a", "(?P<x>a)", "(?<x>a)", "(a)\\1", "(?>a)", "a++", "(", "[", "a{1,999}", "x".repeat(5_000),
  ];
  for (const expression of bad) {
    assert.ok(!allowed(expression), String(expression).slice(0, 20));
  }
});

test("what is no list of rules is not taken, and neither is one rule of it", () => {
  assert.equal(checkedRules({ rules: [rule()] }).length, 1);
  const bad = [
    null, [], {}, { rules: [] }, { rules: "none" }, { rules: [rule(), null] }, { rules: [rule({ type: "gossip" })] }, { rules: [rule({ any: [] })] },
    { rules: [rule({ any: "satire" })] }, { rules: [rule({ not: undefined })] }, { rules: [rule({ language: 5 })] }, { rules: [rule({ all: ["\\w"] })] },
    { rules: [rule({ words: [] })] }, { rules: [rule({ words: "none" })] }, { rules: [rule({ words: [[5]] })] }, { rules: [rule({ words: [[""]] })] },
    { rules: [rule({ words: [Array(101).fill("a")] })] }, { rules: [rule({ any: Array(41).fill("a") })] }, { rules: Array(1_001).fill(rule()) },
    { rules: Array(300).fill(rule({ any: ["x".repeat(4_000)] })) },
  ];
  for (const list of bad) {
    assert.equal(checkedRules(list), null, JSON.stringify(list)?.slice(0, 60));
  }
});

test("a rule that takes long is told from one that does not", (context) => {
  const began = performance.now();
  assert.ok(quick(shipped.rules));
  context.diagnostic(`the rules that ship are tried in ${Math.round(performance.now() - began)} ms`);
  for (const words of [undefined, [["never there"]]]) {
    assert.ok(!quick([rule({ any: ["[a ]{0,600}[a ]{0,600}c"], words })]));
  }
});

test("more than is asked for is left out", () => {
  const [kept] = checkedRules({ rules: [{ ...rule(), local: true, evil: "x" }] });
  assert.deepEqual(Object.keys(kept), ["type", "language", "any", "all", "not"]);
  const [worded] = checkedRules({ rules: [rule({ words: [["purple unicorn"]] })] });
  assert.deepEqual(worded.words, [["purple unicorn"]]);
});
