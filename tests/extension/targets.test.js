import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./content.js";

const { targets } = load("targets.js");

function link(href, textContent = "") {
  const { protocol, hostname, pathname, search } = new URL(href);
  return { protocol, hostname, pathname, search, textContent };
}

const to = (...given) => targets.hostOf(link(...given));

test("a plain link leads to its own host", () => {
  assert.equal(to("https://WWW.Reuters.com/world?url=https://other.example/"), "www.reuters.com");
  assert.equal(to("mailto:a@b.example"), "");
});

test("search engines and networks lead to the page in their address", () => {
  const page = encodeURIComponent("https://www.reuters.com/world/count?a=1");
  const coded = `a1${Buffer.from("https://www.reuters.com/world/count").toString("base64url")}`;
  for (const address of [
    `https://www.google.com/url?sa=t&url=${page}&ved=1`,
    `https://www.google.co.uk/url?q=${page}`,
    `https://duckduckgo.com/l/?uddg=${page}&rut=1`,
    `https://www.bing.com/ck/a?!&&p=1&u=${coded}&ntb=1`,
    `https://l.facebook.com/l.php?u=${page}&h=1`,
    `https://l.instagram.com/?u=${page}&e=1`,
    `https://out.reddit.com/t3_x?url=${page}&token=1`,
    `https://www.youtube.com/redirect?event=x&q=${page}`,
    `https://www.linkedin.com/redir/redirect?url=${page}`,
    `https://vk.com/away.php?to=${page}`,
    `https://t.umblr.com/redirect?z=${page}`,
  ]) {
    assert.equal(to(address), "www.reuters.com", address);
  }
});

test("what only looks so does not", () => {
  const page = encodeURIComponent("https://www.reuters.com/");
  assert.equal(to(`https://www.google.com/search?q=${page}`), "www.google.com");
  assert.equal(to(`https://google.com.evil.example/url?q=${page}`), "google.com.evil.example");
  assert.equal(to(`https://notgoogle.com/url?q=${page}`), "notgoogle.com");
  assert.equal(to("https://www.google.com/url?q=javascript:alert(1)"), "www.google.com");
  assert.equal(to("https://www.google.com/url?q=/relative"), "www.google.com");
  assert.equal(to("https://www.bing.com/ck/a?u=a1%%%"), "www.bing.com");
  assert.equal(to("https://www.bing.com/ck/a"), "www.bing.com");
});

test("a short address counts by the words that its network writes", () => {
  assert.equal(to("https://t.co/abc", "https://www.reuters.com/world/cou…"), "www.reuters.com");
  assert.equal(to("https://t.co/abc", " Reuters.com"), "reuters.com");
  assert.equal(to("https://t.co/abc", "reuters.com says otherwise"), "t.co");
  assert.equal(to("https://t.co/abc", "a story"), "t.co");
  assert.equal(to("https://short.example/abc", "reuters.com"), "short.example");
});
