import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./content.js";

const root = new URL("../../extension/", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const messages = JSON.parse(read("_locales/en/messages.json"));

test("placeholders are filled in their order", () => {
  const label = load("labels.js").labels.make(messages);
  assert.match(label("coverage", 12, 3), /^12 .* 3 /);
  assert.equal(label("no-such-key"), "no-such-key");
});

test("every string that is asked for exists", () => {
  const files = ["content", "panel", "options", "background"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root)).filter((name) => name.endsWith(".js")).map((name) => `${folder}/${name}`),
  );
  const missing = files.flatMap((file) =>
    [...read(file).matchAll(/(?:label|getMessage)\("([a-zA-Z_]+)"/g)].map((match) => match[1]).filter((key) => !(key in messages)),
  );
  assert.deepEqual(missing, []);
  for (const family of ["kind_claim", "stance_supports", "stance_refutes", "stance_discusses", "verdict_disputed"]) {
    assert.ok(family in messages, family);
  }
});

test("the order of the scripts names every script", () => {
  const order = JSON.parse(read("content/order.json"));
  const scripts = readdirSync(new URL("content/", root)).filter((name) => name.endsWith(".js"));
  assert.deepEqual([...order].sort(), scripts.sort());
});

test("the manifest asks for little", () => {
  const manifest = JSON.parse(read("manifest.json"));
  assert.deepEqual(manifest.permissions, ["activeTab", "contextMenus", "scripting", "sidePanel", "storage"]);
  assert.ok(manifest.host_permissions.every((host) => /^http:\/\/(127\.0\.0\.1|localhost)\//.test(host)));
  assert.equal(manifest.content_scripts, undefined);
  assert.equal(manifest.web_accessible_resources, undefined);
});
