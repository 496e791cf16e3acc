// The fine print that the browser finds by itself: the rules of the library that are precise enough
// to run without a service, in the subset of expressions that Python and JavaScript share.

const QUOTES = { "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'" };
// As in the library: bounded text keeps hostile pages from costing time.
const MOST_CHARACTERS = 600;

function firstOf(expressions, text) {
  for (const expression of expressions) {
    const found = expression.exec(text);
    if (found) {
      return found;
    }
  }
  return null;
}

/**
 * Something that tells what a sentence disclaims: `{types, cues}`, both empty for nothing.
 * @param rules those of data/disclaimers.json: any, all and none ("not") of the expressions match
 */
export function disclaimerMatcher(rules) {
  const compile = (expressions) => expressions.map((expression) => new RegExp(expression, "iu"));
  const compiled = rules.map((rule) => ({ type: rule.type, any: compile(rule.any), all: compile(rule.all), not: compile(rule.not) }));
  return function matchDisclaimer(sentence) {
    const text = sentence
      .slice(0, MOST_CHARACTERS)
      .replace(/[“”„«»’‘]/g, (character) => QUOTES[character])
      .replace(/\s+/g, " ")
      .trim();
    const types = [];
    const cues = [];
    for (const { type, any, all, not } of compiled) {
      if (types.includes(type)) {
        continue;
      }
      const found = firstOf(any, text);
      if (found && all.every((expression) => expression.test(text)) && !not.some((expression) => expression.test(text))) {
        types.push(type);
        cues.push(found[0]);
      }
    }
    return { types, cues };
  };
}
