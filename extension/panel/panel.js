// The panel: every note of the page in front of the reader. One page as popup, as side panel, as
// sidebar and as what is printed; it works where a page is covered by a dialog, too.

import { askFor, isPublic, mayRun, originsFor } from "../background/access.js";
import { shownPages } from "../background/memory.js";
import { readSettings } from "../background/settings.js";
import { dropWish, fulfil, noteWish, withdraw } from "../background/wish.js";
import { fillPage } from "../background/words.js";
import { asText, filters, groups } from "./notes.js";
import "../content/copy.js";
import "../content/strip.js";

const { dom, strip } = globalThis.contextlibNews;
const { make, link, records, words } = dom;
const element = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const view = query.get("view") ?? "popup";
const given = Number(query.get("tab"));
const { label } = await fillPage();
const off = new Set();
let tabId = given;
let address = "";
let state = null;

// A popup has no size but the one that its content wants; a tab has its own, and so have the popups of phones.
const [inTab, { os }] = await Promise.all([chrome.tabs.getCurrent(), chrome.runtime.getPlatformInfo()]);
document.body.classList.toggle("popup", view === "popup" && !inTab && os !== "android");

/** Find the tab the panel speaks of: the one in its address, else the active one. */
async function findTab() {
  const tab = given ? await chrome.tabs.get(given).catch(() => null) : (await chrome.tabs.query({ active: true, currentWindow: true }))[0];
  tabId = tab?.id ?? given;
  address = (tab?.url ?? "").split("#")[0];
}

const tell = (message) => chrome.runtime.sendMessage({ type: "tell-tab", tabId, message });
const go = (id) => tell({ type: "show", id });

function outlet(answer) {
  const held = answer?.outlet;
  element("outlet").hidden = !held;
  if (held) {
    const rows = records(held.ratings).map((item) => make("li", {}, link(item.url, words(item.source)), `: ${words(item.label)}${words(item.date) ? ` (${label.date(item.date)})` : ""}`));
    element("outlet").replaceChildren(make("h2", {}, `${label("publisher")} ${words(held.name) || words(held.domain)}`), rows.length ? make("ul", {}, rows) : make("p", { class: "quiet" }, label("unrated")));
  }
}

function facts(answer) {
  const { document: page } = answer;
  const rows = [
    [label("factAddress"), words(page?.url)],
    [label("factLanguage"), words(page?.language)],
    [label("factSentences"), Number.isInteger(page?.sentences) ? label.number(page.sentences) : ""],
  ].filter(([, value]) => value);
  element("facts").hidden = !rows.length;
  element("facts").replaceChildren(make("h2", {}, label("facts")), make("dl", {}, rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])));
}

function draw() {
  const done = state?.status === "done";
  element("annotate").textContent = label(done ? "again" : "annotate");
  for (const id of ["clear", "tools", "out"]) {
    element(id).hidden = !done;
  }
  element("hint").hidden = !state?.barred;
  element("hint").textContent = state?.barred ? label("barredHint") : "";
  if (!done) {
    element("notes").replaceChildren();
    element("outlet").hidden = true;
    element("facts").hidden = true;
    element("hidden-notes").hidden = true;
    element("status").textContent = state?.status === "error" ? state.error : label(state?.status === "working" ? "working" : "idle");
    return;
  }
  const { answer } = state;
  const coverage = strip.coverage(answer, label);
  element("status").textContent = state.listed.length ? `${label.count("notes", state.listed.length)}. ${coverage}` : `${label("noNotes")} ${coverage}`;
  outlet(answer);
  element("filters").replaceChildren(...filters(state, off, label, toggle));
  element("notes").replaceChildren(...records(answer.warnings).map((item) => make("p", { class: "quiet" }, words(item.words))), ...groups(state, off, label, go));
  facts(answer);
  element("hidden-notes").hidden = !state.hidden;
  element("hidden-notes").textContent = label("hiddenCount", label.number(state.hidden));
}

function toggle(kind) {
  if (!off.delete(kind)) {
    off.add(kind);
  }
  draw();
  element("filters").querySelector(`[data-kind="${kind}"]`)?.focus();
}

async function annotate() {
  element("status").textContent = label("working");
  state = await chrome.runtime.sendMessage({ type: "annotate-tab", tabId });
  draw();
}

/** The choice to have notes on this site by itself; the browser asks the reader once more. */
async function always() {
  const { settings, fixed } = await readSettings();
  const host = URL.parse?.(address)?.hostname ?? "";
  const possible = /^https?:/.test(address) && isPublic(host) && settings.mode !== "everywhere" && !fixed.includes("mode") && !fixed.includes("sites");
  element("always").hidden = !possible;
  element("always-words").textContent = label("always", host);
  element("always-box").checked = possible && mayRun(address, settings);
  element("always-box").onchange = async () => {
    const wish = element("always-box").checked;
    // Asked for at once: the browser wants to see the reader's own press behind it. Its question may close this
    // popup before the answer is there; the worker does then what was wished.
    const noted = wish ? noteWish(host) : null;
    const allowed = !wish || (await askFor(originsFor(host)));
    await noted;
    if (!allowed) {
      await dropWish();
      element("always-box").checked = false;
      element("status").textContent = label("denied");
      return;
    }
    await (wish ? fulfil(host) : withdraw(host));
    await chrome.runtime.sendMessage({ type: "reconcile" });
  };
}

async function since() {
  const page = (await shownPages())[address];
  element("since").hidden = !page;
  element("since-rows").replaceChildren();
  if (page) {
    element("since-when").textContent = label("sinceWhen", label.date(page.at), label.count("notes", page.notes.length));
  }
}

element("since-ask").addEventListener("click", async () => {
  element("since-rows").replaceChildren(make("p", {}, label("working")));
  const changes = await chrome.runtime.sendMessage({ type: "changes", url: address });
  const told = records(changes?.rows).filter((row) => row.change !== "same");
  element("since-rows").replaceChildren(
    told.length ? make("ul", {}, told.map((row) => make("li", {}, make("strong", {}, label(`change_${row.change}`)), ` ${words(row.title)}`))) : make("p", {}, label("change_none")),
  );
});

function save(name, type, text) {
  const file = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: file, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
}

element("export-json").addEventListener("click", () => {
  const { answer, listed, missing } = state;
  save("notes.json", "application/json", JSON.stringify({ ...answer, notes: listed, missing, exported: new Date().toISOString() }, null, 1));
});
element("export-text").addEventListener("click", () => save("notes.txt", "text/plain", asText(state, label)));
element("print").addEventListener("click", () => chrome.tabs.create({ url: chrome.runtime.getURL(`panel/panel.html?view=print&tab=${tabId}`) }));
element("settings").addEventListener("click", () => chrome.runtime.openOptionsPage());
element("annotate").addEventListener("click", annotate);
element("clear").addEventListener("click", async () => {
  state = await tell({ type: "clear" });
  draw();
});
element("next").addEventListener("click", () => tell({ type: "next" }));
element("previous").addEventListener("click", () => tell({ type: "previous" }));
element("notes").addEventListener("keydown", (event) => {
  const rows = [...element("notes").querySelectorAll("[data-note]")];
  const at = rows.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && at >= 0) {
    event.preventDefault();
    rows[(at + step + rows.length) % rows.length].focus();
  }
});
// Chromium calls it a side panel, Firefox a sidebar; both want to see the reader's own press behind it.
const openSide = chrome.sidePanel?.open ? () => chrome.sidePanel.open({ tabId }) : chrome.sidebarAction?.open ? () => chrome.sidebarAction.open() : null;
if (openSide && view === "popup") {
  element("side").hidden = false;
  element("side").addEventListener("click", () => openSide().then(() => close()));
}

/** Show what the page has now, for a panel that stays while the reader goes about. */
async function refresh() {
  await findTab();
  state = await tell({ type: "state" });
  draw();
  await Promise.all([always(), since()]);
}

await refresh();
// Pressing the toolbar button is the reader's asking; a page that has its notes keeps them.
if (view === "popup" && state?.status !== "done" && !query.has("wait")) {
  await annotate();
}
if (view === "side") {
  chrome.tabs.onActivated.addListener(refresh);
  chrome.tabs.onUpdated.addListener((id, change) => id === tabId && change.status === "complete" && refresh());
  // Notes that came by a key, a menu or by themselves.
  chrome.runtime.onMessage.addListener((message) => {
    if (message?.type === "shown" || message?.type === "cleared") {
      setTimeout(refresh, 100);
    }
    return false;
  });
}
if (view === "print") {
  for (const details of document.querySelectorAll("details")) {
    details.open = true;
  }
  if (!query.has("wait")) {
    print();
  }
}
document.documentElement.dataset.ready = "yes";
