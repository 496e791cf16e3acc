import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublic, listed, mayLabel, mayRun, wanted } from "../../extension/background/access.js";
import { DEFAULTS, NEVER, checked, exported, hostName, imported, serviceAddress } from "../../extension/background/settings.js";

const with_ = (changes) => checked({ ...DEFAULTS, ...changes });

test("a service has an https address, or http on this machine", () => {
  assert.equal(serviceAddress("https://notes.example/base/"), "https://notes.example/base");
  assert.equal(serviceAddress(" http://127.0.0.1:8765/ "), "http://127.0.0.1:8765");
  assert.equal(serviceAddress("http://[::1]:8765"), "http://[::1]:8765");
  for (const bad of ["http://notes.example", "ftp://x.org", "javascript:1", "", null, "https://user:pass@x.org", "http://127.0.0.1.evil.example"]) {
    assert.equal(serviceAddress(bad), null, String(bad));
  }
});

test("a host is told from an address, and odd text from a host", () => {
  assert.equal(hostName("https://News.Example.org/a?b"), "news.example.org");
  assert.equal(hostName("*.example.org"), "example.org");
  assert.equal(hostName("bücher.example"), "xn--bcher-kva.example");
  for (const bad of ["", "localhost", "a b", "<script>", "..", "http://"]) {
    assert.equal(hostName(bad), null, bad);
  }
});

test("what is no setting becomes the default", () => {
  const found = checked({ mode: "always", services: [{ address: "http://evil.example" }, null], kinds: { claim: 0 }, never: "x", timeoutSeconds: 1e9, extra: 1 });
  assert.deepEqual(found.services, DEFAULTS.services);
  assert.equal(found.mode, "click");
  assert.equal(found.kinds.claim, true);
  assert.deepEqual(found.never, NEVER);
  assert.equal(found.timeoutSeconds, 60);
  assert.ok(!("extra" in found));
  assert.deepEqual(checked(null), checked({}));
});

test("a token keeps to characters that a header may hold", () => {
  assert.equal(checked({ services: [{ address: "https://a.example", token: "ab\r\nHost: x é" }] }).services[0].token, "abHost:x");
});

test("by default nothing runs by itself", () => {
  assert.equal(mayRun("https://news.example/a", with_({})), false);
  assert.deepEqual(wanted(with_({})), []);
});

test("on chosen sites, and below them, it does", () => {
  const settings = with_({ mode: "sites", sites: ["news.example"] });
  assert.equal(mayRun("https://news.example/a", settings), true);
  assert.equal(mayRun("https://www.news.example/a", settings), true);
  assert.equal(mayRun("https://badnews.example/a", settings), false);
  assert.equal(mayRun("https://news.example.evil.example/a", settings), false);
  assert.equal(mayRun("https://news.example/a", settings, { incognito: true }), false);
  assert.deepEqual(wanted(settings), ["https://news.example/*", "https://*.news.example/*", "http://news.example/*", "http://*.news.example/*"]);
});

test("never on private sites, on this machine or on the own network", () => {
  const settings = with_({ mode: "everywhere" });
  assert.equal(mayRun("https://paper.example.org/", settings), true);
  for (const url of [
    "https://mail.google.com/", "https://eu.mail.proton.me/", "https://www.paypal.com/", "https://www.nhs.uk/", "http://localhost:8000/",
    "http://127.0.0.1/", "http://10.0.0.7/", "http://[::1]/", "http://192.168.1.1/", "http://intranet/", "https://wiki.corp/", "http://printer.local/",
    "http://abc.onion/", "http://8.8.8.8/", "file:///etc/passwd", "about:blank", "chrome://settings", "", "https://",
  ]) {
    assert.equal(mayRun(url, settings), false, url);
  }
});

test("the shipped list names hosts only, and walks dots", () => {
  assert.ok(NEVER.length >= 60);
  assert.deepEqual(NEVER.map(hostName), NEVER);
  assert.equal(listed("a.b.example.org", ["example.org"]), true);
  assert.equal(listed("org", ["example.org"]), false);
  assert.equal(isPublic("example.org"), true);
});

test("links are labelled where the reader wants it", () => {
  assert.equal(mayLabel("https://search.example/", with_({})), false);
  assert.equal(mayLabel("https://search.example/", with_({ labels: "everywhere" })), true);
  const some = with_({ labels: "sites", labelSites: ["search.example"] });
  assert.equal(mayLabel("https://www.search.example/", some), true);
  assert.equal(mayLabel("https://other.example/", some), false);
});

test("settings are exported without tokens and come back as they were", () => {
  const settings = with_({ mode: "sites", sites: ["a.example"], services: [{ name: "Mine", address: "https://a.example", token: "secret" }] });
  const text = exported(settings);
  assert.ok(!text.includes("secret"));
  assert.deepEqual(imported(text, settings), settings);
  assert.equal(imported(text, with_({})).services[0].token, "");
  for (const bad of ["", "{}", "[]", '{"settings": null}', "not json"]) {
    assert.throws(() => imported(bad, settings));
  }
});
