// Notes that the browser makes by itself, with no request: who publishes the page, its fine print,
// and the sources that it links to.

import { disclaimerMatcher } from "./disclaimers.js";
import { findOutlet } from "./outlets.js";
import { heldRules, whenReplaced } from "./rules.js";

const MOST_NOTES = 500;
const MOST_SENTENCE = 2_000;
const CITING = new Set(["paragraph", "list", "quote", "caption"]);
// Paths that are a site's own furniture or a share button, not a source.
const FURNITURE = /\/(?:share|sharer|intent|login|subscribe|privacy|terms|contact|tag|category|author)(?:[/?.]|$)|\/feed\/?$/i;

let matching = null;

/** The matcher over the rules that hold, made once while the worker lives. */
function matcher() {
  matching ??= heldRules().then(({ rules }) => disclaimerMatcher(rules));
  return matching;
}

whenReplaced(() => (matching = null));

function sentencesOf(text, language) {
  try {
    return new Intl.Segmenter(language || "en", { granularity: "sentence" }).segment(text);
  } catch {
    return new Intl.Segmenter("en", { granularity: "sentence" }).segment(text);
  }
}

function noteId(...parts) {
  // Ids only need to be the same for the same finding; FNV-1a is short and quick.
  let hash = 0xcbf29ce484222325n;
  for (const character of parts.join("\u001f")) {
    hash = ((hash ^ BigInt(character.codePointAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return `local-${hash.toString(16).padStart(16, "0")}`;
}

/** Make the answer to a request in the browser, in the words of `label`. */
export async function annotateLocally(request, label) {
  const notes = [];
  const add = (note) => notes.length < MOST_NOTES && notes.push({ ...note, local: true });
  const matchDisclaimer = await matcher();
  let sentences = 0;
  for (const block of request.blocks) {
    for (const { segment } of sentencesOf(block.text, request.language)) {
      sentences++;
      const exact = segment.trim();
      const { types, cues } = exact.length <= MOST_SENTENCE ? matchDisclaimer(exact, request.language) : { types: [], cues: [] };
      if (types.length) {
        add({
          id: noteId("disclaimer", exact),
          kind: "disclaimer",
          target: { block: block.id, exact, prefix: "", suffix: "" },
          title: label(`disclaimer_${types[0].replaceAll("-", "_")}`),
          text: label("disclaimerText"),
          disclaimer: { types, cues },
        });
      }
    }
  }
  const host = request.url ? new URL(request.url).hostname : "";
  const outlet = host ? await findOutlet(host) : null;
  if (host) {
    const rated = outlet?.ratings?.length;
    add({
      id: noteId("outlet", outlet?.domain ?? host),
      kind: "outlet",
      target: {},
      title: `${label("publisher")} ${outlet?.name ?? host}`,
      text: [...outletRemarks(outlet, host, label), label(rated ? "ratedText" : "unrated")].join(" "),
      outlet: outlet ?? { domain: host, name: host, ratings: [] },
    });
  }
  for (const note of await citations(request, host, label)) {
    add(note);
  }
  return { document: { title: request.title, url: request.url, sentences, checkworthy: 0, matched: 0 }, outlet, notes, local: true };
}

// What an outlet is that is no matter of quality; other categories have no words here.
const CATEGORIES = new Set(["aggregator", "news-agency", "opinion", "press-release", "satire", "state-media"]);

/** How the address came to this outlet and what kind of outlet it is, a sentence each. */
function outletRemarks(outlet, host, label) {
  const remarks = [];
  if (outlet?.look_alike_of) {
    remarks.push(label("resembles", host, outlet.look_alike_of));
  } else if (outlet?.alias) {
    remarks.push(label("otherAddress"));
  }
  const known = (outlet?.categories ?? []).filter((category) => CATEGORIES.has(category));
  if (known.length) {
    remarks.push(label("listedAs", known.map((category) => label(`category_${category.replaceAll("-", "_")}`)).join(", ")));
  }
  if (known.includes("satire") && outlet.ratings?.length) {
    remarks.push(label("satireRatings"));
  }
  return remarks;
}

async function citations(request, host, label) {
  const roles = new Map(request.blocks.map((block) => [block.id, block]));
  const found = new Map();
  for (const { href, text, block } of request.links ?? []) {
    const url = URL.parse?.(href) ?? null;
    const place = roles.get(block);
    if (!url || found.has(href) || url.pathname.length < 2 || FURNITURE.test(url.pathname) || sameSite(url.hostname, host) || !CITING.has(place?.role)) {
      continue;
    }
    const outlet = await findOutlet(url.hostname);
    const exact = text && place.text.includes(text) ? text : "";
    found.set(href, {
      id: noteId("citation", href),
      kind: "citation",
      target: exact ? { block, exact, prefix: "", suffix: "" } : {},
      title: label("citationTitle", outlet?.name ?? url.hostname),
      text: label(outlet?.ratings?.length ? "ratedText" : "unrated"),
      citation: { href, outlet: outlet ?? { domain: url.hostname, ratings: [] }, sentences: [], report: null, flags: [] },
    });
  }
  return found.values();
}

/** Say whether two hosts share their last two labels, or one lies below the other. */
function sameSite(one, other) {
  const end = (host) => host.replace(/^www\./, "");
  const [a, b] = [end(one), end(other)];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
}
