// The five languages say the same things: nothing is missing, nothing was left in English.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./content.js";

const root = new URL("../../extension/", import.meta.url);
const languages = readdirSync(new URL("_locales/", root));
const of = (language) => JSON.parse(readFileSync(new URL(`_locales/${language}/messages.json`, root), "utf8"));
const english = of("en");
// Words that two languages share, or a name.
const SAME = new Set([
  "name", "fr kind_page", "fr kind_citation", "fr selection", "es kind_outlet", "fr some_citation_other", "de name", "fr kind_quotation", "fr notes_one", "fr notes_other", "es mode_no", "fr category_satire"]);
const placeholders = (entry) => [...entry.message.matchAll(/\$[A-Z]+\$/g)].map(String).sort();

test("five languages are there", () => {
  assert.deepEqual(languages.sort(), ["ar", "de", "en", "es", "fr"]);
});

for (const language of languages) {
  test(`${language}: no string is there twice`, () => {
    // The later one would hold, unseen; Firefox's store refuses the file.
    const text = readFileSync(new URL(`_locales/${language}/messages.json`, root), "utf8");
    const keys = [...text.matchAll(/^ "(\w+)": \{/gm)].map((found) => found[1]);
    assert.equal(keys.length, Object.keys(JSON.parse(text)).length);
    assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
  });
}

for (const language of ["es", "fr", "de", "ar"]) {
  const messages = of(language);

  test(`${language}: no string is missing, none too many`, () => {
    assert.deepEqual(Object.keys(english).filter((key) => !(key in messages)), []);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const extra = Object.keys(messages).filter((key) => !(key in english) && !forms.some((form) => key === `notes_${form}`));
    assert.deepEqual(extra, []);
  });

  test(`${language}: none was left in English`, () => {
    const left = Object.keys(english).filter((key) => messages[key].message === english[key].message && !SAME.has(key) && !SAME.has(`${language} ${key}`));
    assert.deepEqual(left, []);
  });

  test(`${language}: placeholders are those of English`, () => {
    // A plural form for one may say it in a word.
    const wrong = Object.keys(english).filter((key) => !key.endsWith("_one") && placeholders(messages[key]).join() !== placeholders(english[key]).join());
    assert.deepEqual(wrong, []);
    for (const [key, entry] of Object.entries(messages)) {
      for (const name of placeholders(entry)) {
        assert.ok(entry.placeholders?.[name.slice(1, -1).toLowerCase()], `${key} ${name}`);
      }
    }
  });

  test(`${language}: no two labels of one button row are the same`, () => {
    for (const group of [["next", "previous", "close"], ["copy", "hideNote", "hideSite"], ["annotate", "again", "clear"], ["exportJson", "exportText", "print"]]) {
      assert.equal(new Set(group.map((key) => messages[key].message)).size, group.length);
    }
  });
}

test("Arabic is written in Arabic", () => {
  const wrong = Object.entries(of("ar")).filter(([key, { message }]) => !["name", "locale"].includes(key) && !/[\u0600-\u06ff]/.test(message));
  assert.deepEqual(wrong, []);
});

test("numbers, dates and counts follow the language", () => {
  const { labels } = load("labels.js");
  const label = (language) => labels.make(of(language), language);
  assert.equal(label("en").count("notes", 7), "7 notes");
  assert.equal(label("en").count("notes", 1), "1 note");
  assert.equal(label("de").count("notes", 1200), "1.200 Hinweise");
  assert.equal(label("ar").count("notes", 2), "ملاحظتان");
  assert.equal(label("en").date("2022-01-20"), "January 20, 2022");
  assert.equal(label("de").date("2022-01"), "Januar 2022");
  assert.equal(label("es").date("2022"), "2022");
  assert.equal(label("en").date("around Easter"), "around Easter");
  assert.equal(label("ar").direction, "rtl");
  assert.equal(label("fr").direction, "ltr");
});
