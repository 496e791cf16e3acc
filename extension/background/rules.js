// The rules for fine print that the browser runs: shipped with the extension, or fetched from a
// service when the reader pressed the button for it. What is fetched is looked at before it is kept.

import { disclaimerMatcher } from "./disclaimers.js";

const RULES = "rules";
const MOST_RULES = 1_000;
const MOST_EXPRESSIONS = 40;
const MOST_EXPRESSION = 4_200;
const MOST_WORDS = 100;
const MOST_WORD = 400;
const MOST_CHARACTERS = 1_000_000;
// One rule on one sentence takes far less than a millisecond; a rule that takes this long is made to.
const MOST_MS = 60;
const TRIAL_MS = 15_000;

export const TYPES = new Set(
  (
    "accuracy affiliate ai-generated conflict-of-interest correction editorial-control financial images legal liability machine-translated " +
    "medical opinion ownership press-release republished retraction satire seek-corroboration sponsored state-media unverified update " +
    "user-generated views wire"
  ).split(" "),
);

// As in the library: what Python and JavaScript read differently, and what repeats without a bound.
const FOREIGN = /\\[wWdDbBAZGpPxuUNk1-9]|\(\?[aiLmsux]|\(\?P|\(\?<[^=!]|\(\?>|\(\?\(|\[\[|&&|[*+?}]\+|(?<!\\)\$(?![)|]|$)/;
const UNBOUNDED = /(?<!\\)[*+]|\{[0-9]*,\}/;
const CLASS = /\[(?:\\.|[^\]\\])*\]/g;
const MOST_REPEATS = 600;

/** Say whether an expression stays within the subset and compiles. */
export function allowed(expression) {
  if (typeof expression !== "string" || !expression || expression.length > MOST_EXPRESSION) {
    return false;
  }
  const bare = expression.replace(CLASS, "[]");
  const bounds = [...bare.matchAll(/\{[0-9]*,?([0-9]+)\}/g)].map((found) => Number(found[1]));
  if (FOREIGN.test(bare) || UNBOUNDED.test(bare) || bounds.some((bound) => bound > MOST_REPEATS)) {
    return false;
  }
  try {
    return Boolean(new RegExp(expression, "iu"));
  } catch {
    return false;
  }
}

const texts = (value) => Array.isArray(value) && value.length <= MOST_EXPRESSIONS && value.every(allowed);

/** Whether each of a rule's expressions comes with words that a sentence must hold one of; a rule may have none. */
function isWords(words, any) {
  const some = (list) => Array.isArray(list) && list.length <= MOST_WORDS && list.every((word) => typeof word === "string" && word && word.length <= MOST_WORD);
  return words === undefined || (Array.isArray(words) && words.length === any.length && words.every(some));
}

function isRule(rule) {
  const named = Boolean(rule) && TYPES.has(rule.type) && typeof rule.language === "string";
  return named && texts(rule.any) && rule.any.length > 0 && texts(rule.all) && texts(rule.not) && isWords(rule.words, rule.any);
}

/** Sentences that make careless expressions try every way there is: their own letters, over and over. */
function* probes(rule) {
  yield "a".repeat(600);
  yield "a ".repeat(300);
  yield "not a ".repeat(100);
  for (const expression of [...rule.any, ...rule.all, ...rule.not]) {
    const letters = expression.replace(/\\.|\{[^}]*\}|\(\?[:=!<]+|[^\p{L} ]/gu, "").trim();
    if (letters) {
      yield `${letters.slice(0, 40)} `.repeat(60).slice(0, 599) + "!";
      yield letters[0].repeat(599) + "!";
    }
  }
}

function milliseconds(match, sentence) {
  const began = performance.now();
  match(sentence);
  return performance.now() - began;
}

/** Say whether no rule takes longer than it may with any sentence of a trial; some would take years. */
export function quick(rules) {
  return rules.every((rule) => {
    // Without its words: they only tell where an expression need not be tried.
    const match = disclaimerMatcher([{ ...rule, words: undefined }]);
    // Slow once may be the machine's doing.
    return [...probes(rule)].every((sentence) => [1, 2, 3].some(() => milliseconds(match, sentence) <= MOST_MS));
  });
}

/** Try rules in a thread of its own, which is ended when it takes too long. */
function tried(rules) {
  return new Promise((resolve) => {
    const trial = new Worker(new URL("trial.js", import.meta.url), { type: "module" });
    const end = (good) => {
      clearTimeout(late);
      trial.terminate();
      resolve(good);
    };
    const late = setTimeout(() => end(false), TRIAL_MS);
    trial.onmessage = ({ data }) => end(data === true);
    trial.onerror = () => end(false);
    trial.postMessage(rules);
  });
}

/** The rules of a service's answer, null where one of them is none that a browser may run. */
export function checkedRules(list) {
  const rules = list?.rules;
  if (!Array.isArray(rules) || !rules.length || rules.length > MOST_RULES || !rules.every(isRule)) {
    return null;
  }
  const kept = rules.map(({ type, language, any, all, not, words }) => ({ type, language: language.slice(0, 20), any, all, not, ...(words && { words }) }));
  return JSON.stringify(kept).length <= MOST_CHARACTERS ? kept : null;
}

/** The rules that hold: `{rules, date}`, no date for those that ship. */
export async function heldRules() {
  const kept = (await chrome.storage.local.get(RULES))[RULES];
  if (kept) {
    return kept;
  }
  const { rules } = await (await fetch(chrome.runtime.getURL("data/disclaimers.json"))).json();
  return { rules, date: "" };
}

/** Take the rules of a service's answer in place of those held; false, and nothing changes, where they are none. */
export async function replaceRules(list) {
  const rules = checkedRules(list);
  if (!rules || !(await tried(rules))) {
    return false;
  }
  await chrome.storage.local.set({ [RULES]: { date: new Date().toISOString().slice(0, 10), rules } });
  return true;
}

/** Use the rules again that ship with the extension. */
export const shippedRules = () => chrome.storage.local.remove(RULES);

/** Call something when other rules hold, whichever page of the extension took them. */
export function whenReplaced(act) {
  chrome.storage.onChanged.addListener((changes, area) => area === "local" && changes[RULES] && act());
}
