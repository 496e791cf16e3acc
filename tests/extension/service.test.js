// What the worker makes of a service that fails; the network and the browser's stores are stood in for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

const store = () => {
  const held = {};
  return {
    held,
    get: async (name) => (name === null ? { ...held } : { [name]: held[name] }),
    set: async (values) => Object.assign(held, values),
    remove: async (name) => delete held[name],
  };
};
globalThis.chrome = {
  storage: { local: store(), session: store(), managed: { get: async () => globalThis.policy ?? {} }, onChanged: { addListener() {} } },
  runtime: { getURL: (path) => `extension:${path}` },
};

const { call, lastSent } = await import("../../extension/background/service.js");
const { annotate, inWords } = await import("../../extension/background/annotate.js");
const { readSettings } = await import("../../extension/background/settings.js");
const { findOutlets, outletList, replaceOutlets, shippedOutlets } = await import("../../extension/background/outlets.js");
const { changesSince, rememberShown } = await import("../../extension/background/memory.js");

const FAR = { name: "", address: "https://notes.example", token: "" };
const label = Object.assign((key, ...values) => [key, ...values].join(" "), { count: (key, value) => `${key} ${value}` });
const answer = (body, init) => async () => new Response(typeof body === "string" ? body : JSON.stringify(body), init);
const online = (value) => Object.defineProperty(globalThis, "navigator", { configurable: true, value: { onLine: value } });

beforeEach(() => {
  online(true);
  globalThis.policy = {};
  for (const area of ["local", "session"]) {
    for (const name of Object.keys(chrome.storage[area].held)) {
      delete chrome.storage[area].held[name];
    }
  }
});

test("each failure has a name of its own", async () => {
  for (const [fetched, key, values = []] of [
    [answer("{}", { status: 401 }), "tokenRefused"],
    [answer("{}", { status: 429, headers: { "Retry-After": "7" } }), "busyFor", [7]],
    [answer("{}", { status: 429, headers: { "Retry-After": "soon" } }), "busy"],
    [answer("", { status: 500 }), "failed"],
    [answer("", { status: 404 }), "noService"],
    [answer({ detail: "Too long." }, { status: 413 }), "refused", ["Too long."]],
    [answer("not json"), "malformed"],
    [answer("x".repeat(5_000_000)), "tooLarge"],
    [async () => { throw new TypeError("failed to fetch"); }, "unreachable"],
    [async () => { throw new DOMException("", "TimeoutError"); }, "timeout"],
  ]) {
    globalThis.fetch = fetched;
    assert.deepEqual(await call(FAR, "/x"), { trouble: { key, values } }, key);
  }
});

test("a reader without a network is told so, unless the service is on this machine", async () => {
  online(false);
  globalThis.fetch = async () => { throw new TypeError("failed to fetch"); };
  assert.equal((await call(FAR, "/x")).trouble.key, "offline");
  assert.equal((await call({ address: "http://127.0.0.1:8765" }, "/x")).trouble.key, "unreachable");
  assert.equal(inWords({ key: "busyFor", values: [3] }, label), "busyFor 3");
});

test("what is sent carries no cookie, and is kept without the token before it goes", async () => {
  let asked = null;
  globalThis.fetch = async (url, options) => {
    asked = { url, options, sent: await lastSent() };
    return new Response("{}");
  };
  await call({ ...FAR, token: "s3cret" }, "/api", { method: "POST", body: { text: "words" } });
  assert.equal(asked.url, "https://notes.example/api");
  assert.equal(asked.options.credentials, "omit");
  assert.equal(asked.options.referrerPolicy, "no-referrer");
  assert.equal(asked.options.redirect, "error");
  assert.equal(asked.options.headers.Authorization, "Bearer s3cret");
  assert.equal(asked.sent.body, '{"text":"words"}');
  assert.ok(!JSON.stringify(asked.sent).includes("s3cret"));
});

test("a policy fixes what it names and nothing else", async () => {
  await chrome.storage.local.set({ settings: { mode: "everywhere", density: "none" } });
  globalThis.policy = { mode: "click", services: [{ address: "https://school.example", token: "t" }], unheard: 1 };
  const { settings, fixed } = await readSettings();
  assert.equal(settings.mode, "click");
  assert.equal(settings.density, "none");
  assert.equal(settings.services[0].address, "https://school.example");
  assert.deepEqual(fixed.sort(), ["mode", "services"]);
});

test("local mode asks nobody", async () => {
  await chrome.storage.local.set({ settings: { local: true } });
  globalThis.fetch = async (url) => {
    assert.match(String(url), /^extension:data\//);
    return new Response(readFileSync(new URL(`../../extension/${String(url).slice(10)}`, import.meta.url)));
  };
  const words = "The views expressed in this article are those of the author and do not necessarily reflect the views of this newspaper.";
  const { answer: found } = await annotate({ url: "https://edition.cnn.com/a", title: "T", language: "en", blocks: [{ id: "b0", text: words, role: "footer" }], links: [] }, label);
  assert.deepEqual(found.notes.map((note) => note.kind).sort(), ["disclaimer", "outlet"]);
  assert.equal(found.outlet.domain, "cnn.com");
  assert.equal(found.notes.find((note) => note.kind === "disclaimer").target.exact, words);
});

const shipped = async (url) => new Response(readFileSync(new URL(`../../extension/${String(url).slice(10)}`, import.meta.url)));
const outletAt = async (url) => {
  await chrome.storage.local.set({ settings: { local: true } });
  const { answer: found } = await annotate({ url, title: "T", language: "en", blocks: [{ id: "b0", text: "It rained.", role: "paragraph" }], links: [] }, label);
  return found.notes.find((note) => note.kind === "outlet");
};

test("local mode tells satire, other addresses and impostors as what they are", async () => {
  globalThis.fetch = shipped;
  assert.equal((await outletAt("https://www.theonion.com/a")).text, "listedAs category_satire satireRatings ratedText");
  assert.equal((await outletAt("https://vtforeignpolicy.com/a")).text, "otherAddress ratedText");
  assert.equal((await outletAt("https://washingtonpost.com.co/a")).text, "resembles washingtonpost.com.co washingtonpost.com unrated");
  assert.equal((await outletAt("https://nobody.example/a")).text, "unrated");
});

test("a fetched list may rate an outlet's other address apart", async () => {
  const rating = (label) => [0, label];
  const size = await replaceOutlets({
    raters: [{ source: "A", date: "2026" }],
    outlets: [
      { domain: "new.org", ratings: [rating("same"), rating("own")], categories: ["opinion"] },
      { domain: "old.org", name: "Old", aliases: ["new.org", "fake.org"], ratings: [rating("same"), rating("main")], categories: ["state-media"] },
      { domain: "fake.org", look_alike_of: "old.org" },
    ],
  });
  assert.equal(size, 3);
  assert.equal((await outletList()).count, 3);
  const found = await findOutlets(["www.new.org", "old.org", "fake.org"]);
  assert.equal(found["www.new.org"].name, "Old");
  assert.deepEqual(found["www.new.org"].ratings.map((one) => one.label), ["same", "main", "own"]);
  assert.deepEqual(found["www.new.org"].categories, ["state-media", "opinion"]);
  assert.deepEqual(found["old.org"].ratings.map((one) => one.label), ["same", "main"]);
  assert.equal(found["fake.org"].look_alike_of, "old.org");
  await shippedOutlets();
});

test("claims behind notes are asked for once each, and told apart", async () => {
  const note = (claim, more) => ({ id: claim, title: claim, claim, service: FAR.address, revision: 2, updated: "2026-01-01", ...more });
  await rememberShown({ url: "https://a.example/", title: "A", notes: [note("same"), note("same"), note("newer"), note("gone"), note("down"), { id: "o", title: "outlet", claim: null }] });
  const asked = [];
  globalThis.fetch = async (url) => {
    const id = url.split("/").at(-1);
    asked.push(id);
    return { same: new Response('{"revision": 2}'), newer: new Response('{"revision": 3}'), gone: new Response("{}", { status: 404 }) }[id] ?? new Response("", { status: 500 });
  };
  const { rows } = await changesSince("https://a.example/", [FAR]);
  assert.deepEqual(asked, ["same", "newer", "gone", "down"]);
  assert.deepEqual(rows.map((row) => row.change), ["same", "corrected", "withdrawn", "unknown"]);
  assert.equal(await changesSince("https://b.example/", [FAR]), null);
});

test("nothing but one function reaches the network", () => {
  const root = new URL("../../extension/", import.meta.url);
  const reaching = readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .filter((name) => /\bfetch\((?!chrome\.runtime\.getURL)|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\(/.test(readFileSync(new URL(name, root), "utf8")));
  assert.deepEqual(reaching, ["background/service.js"]);
});
