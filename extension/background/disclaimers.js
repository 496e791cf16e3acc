// The fine print that the browser finds by itself: the rules of the library that are precise enough
// to run without a service, in the subset of expressions that Python and JavaScript share.

const QUOTES = { "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'" };
// As in the library: bounded text keeps hostile pages from costing time.
const MOST_CHARACTERS = 600;
// What the library takes for other letters where it heeds no capitals, and lower case does not.
const FOLDED = { İ: "i", ı: "i", ſ: "s" };
// Words are known by so many letters before they are compared.
const LETTERS = 3;

/** Text or an expression's letters without capitals, as long as before. */
const lowered = (text) => text.replace(/[İıſ]/g, (letter) => FOLDED[letter]).toLowerCase();

/**
 * An expression made for text in lower case. Heeding no capitals costs twenty times as much to
 * compile, so that it is asked for only where an expression has some (beside those in the list of
 * all letters that each begins with).
 */
function compile(expression) {
  const bare = expression.replace(/\\./g, "").replace(/\[\^?0-9A-Za-z_[^\]]*\]/g, "");
  return new RegExp(expression, /\p{Lu}/u.test(bare) ? "iu" : "u");
}

/** The language whose rules are tried beside the English ones, null for all; as in the library. */
function languageOf(language, rules) {
  const primary = language?.split(/[-_]/, 1)[0].toLowerCase();
  if (!primary) {
    return null;
  }
  return rules.some((rule) => rule.language === primary) ? primary : "en";
}

/**
 * Something that tells which expressions are worth trying on a text: a map from the number of a rule
 * to those of its `any`. An expression cannot match where none of its words stands.
 */
function finder(rules) {
  const always = [];
  const called = new Map();
  rules.forEach((rule, place) =>
    rule.any.forEach((_, number) => {
      const words = rule.words?.[number] ?? [];
      if (!words.length) {
        always.push([place, number]);
      }
      for (const word of words) {
        const start = word.slice(0, LETTERS);
        called.set(start, [...(called.get(start) ?? []), { word, place, number }]);
      }
    }),
  );
  return function worthTrying(lower) {
    const found = new Map();
    const add = (place, number) => found.has(place) ? found.get(place).add(number) : found.set(place, new Set([number]));
    always.forEach(([place, number]) => add(place, number));
    for (let at = 0; at < lower.length; at++) {
      for (let letters = 1; letters <= LETTERS; letters++) {
        for (const { word, place, number } of called.get(lower.slice(at, at + letters)) ?? []) {
          if (lower.startsWith(word, at)) {
            add(place, number);
          }
        }
      }
    }
    return found;
  };
}

/**
 * Something that tells what a sentence disclaims: `{types, cues}`, both empty for nothing. With a
 * language only its rules and the English ones are tried, without one all.
 * @param rules those of data/disclaimers.json: any, all and none ("not") of the expressions match
 */
export function disclaimerMatcher(rules) {
  const worthTrying = finder(rules);
  const compiled = new Map();
  // Most expressions are never tried, and rules share many of the others.
  const match = (expression, text) => {
    if (!compiled.has(expression)) {
      compiled.set(expression, compile(expression));
    }
    return compiled.get(expression).exec(text);
  };
  return function matchDisclaimer(sentence, language = null) {
    const text = sentence
      .slice(0, MOST_CHARACTERS)
      .replace(/[“”„«»’‘]/g, (character) => QUOTES[character])
      .replace(/\s+/g, " ")
      .trim();
    const lower = lowered(text);
    const own = languageOf(language, rules);
    const types = [];
    const cues = [];
    const worth = worthTrying(lower);
    for (const place of [...worth.keys()].sort((one, other) => one - other)) {
      const { type, language: spoken, any, all, not } = rules[place];
      if (types.includes(type) || (own && spoken !== own && spoken !== "en")) {
        continue;
      }
      const numbers = [...worth.get(place)].sort((one, other) => one - other);
      const tried = numbers.map((number) => any[number]);
      const asked = [...all].sort((one, other) => one.length - other.length);
      // Short expressions are compiled and tried for less, and most sentences fall out by the first.
      const late = asked.filter((expression) => expression.length > tried[0].length);
      const holds = (expression) => match(expression, lower);
      if (!asked.slice(0, asked.length - late.length).every(holds)) {
        continue;
      }
      const found = tried.reduce((cue, expression) => cue ?? match(expression, lower), null);
      if (found && late.every(holds) && !not.some(holds)) {
        types.push(type);
        cues.push(text.slice(found.index, found.index + found[0].length));
      }
    }
    return { types, cues };
  };
}
