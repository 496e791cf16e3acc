// The worker: injects the overlay where the reader asks for it or has allowed it, and is the only
// one that fetches. It keeps nothing in memory that matters: the browser may end it at any moment.

import { mayLabel, mayRun, reconcile } from "./access.js";
import { annotate, flag, lookUp } from "./annotate.js";
import { changesSince, hiddenNotes, hideNote, rememberShown } from "./memory.js";
import { findOutlets } from "./outlets.js";
import { readSettings, writeSettings } from "./settings.js";
import { fulfilNoted } from "./wish.js";
import { words } from "./words.js";

const ORDER = "content/order.json";
const MENU = "known";

const files = async () => (await fetch(chrome.runtime.getURL(ORDER))).json();

/** Put the overlay into a tab, or into it again where the page still has it: nothing is done twice. */
async function inject(tabId) {
  const target = { tabId };
  await chrome.scripting.insertCSS({ target: { tabId, allFrames: true }, files: ["content/page.css"] });
  await chrome.scripting.executeScript({ target, files: (await files()).map((name) => `content/${name}`) });
}

/** Have the overlay of a tab read its page and ask. This is what a press does. */
async function annotateTab(tabId) {
  try {
    await inject(tabId);
    return await chrome.tabs.sendMessage(tabId, { to: "page", type: "annotate" });
  } catch {
    const { label } = await words();
    return { status: "error", error: label("notHere"), barred: true, anchored: [], missing: [], listed: [], painted: [], hidden: 0, answer: null };
  }
}

/** Send something to the overlay of a tab; its state comes back, or null where there is none. */
async function tellTab(tabId, message) {
  try {
    return await chrome.tabs.sendMessage(tabId, { to: "page", ...message });
  } catch {
    return null;
  }
}

/** Show what is known about selected words: in the page where that can be, else in a tab. */
async function lookInTab(tabId, text) {
  try {
    await inject(tabId);
    await chrome.tabs.sendMessage(tabId, { to: "page", type: "select", text });
  } catch {
    await chrome.storage.session.set({ selected: text });
    await chrome.tabs.create({ url: chrome.runtime.getURL("panel/selection.html") });
  }
}

async function badge(tabId, count) {
  try {
    await chrome.action.setBadgeBackgroundColor({ tabId, color: "#0b5a72" });
    await chrome.action.setBadgeText({ tabId, text: count === null ? "" : String(count > 999 ? "999+" : count) });
  } catch {
    // The tab was closed meanwhile.
  }
}

/** What the overlay may know of the settings: no token, no list of hosts. */
async function pageSettings(url, tab) {
  const [{ settings, fixed }, found, hidden] = await Promise.all([readSettings(), words(), hiddenNotes()]);
  return {
    messages: found.messages,
    locale: found.locale,
    language: settings.language === "auto" ? null : settings.language,
    kinds: settings.kinds,
    density: settings.density,
    theme: settings.theme,
    follow: settings.follow,
    local: settings.local,
    hidden: Object.keys(hidden),
    fixedNever: fixed.includes("never"),
    automatic: mayRun(url, settings, tab),
    labelLinks: mayLabel(url, settings),
  };
}

// What the overlay in a page may ask for. The address is the one that the browser knows of the tab.
const FROM_PAGE = {
  "page-settings": (_, tab) => pageSettings(tab.url, tab),
  annotate: async ({ request }) => annotate(request, (await words()).label),
  outlets: async ({ hosts }) => ({ outlets: await findOutlets(Array.isArray(hosts) ? hosts : []) }),
  look: async ({ text }) => lookUp(String(text), (await words()).label),
  flag: async ({ fields, service }) => flag(fields, service, (await words()).label),
  "hide-note": (message) => hideNote(message).then(() => ({})),
  "hide-site": async ({ host }) => {
    const { settings } = await readSettings();
    await writeSettings({ never: [...settings.never, host], sites: settings.sites.filter((item) => item !== host) });
    return {};
  },
  shown: async (message, tab) => {
    await badge(tab.id, message.count);
    const { settings } = await readSettings();
    if (settings.remember && !tab.incognito) {
      await rememberShown(message);
    }
    return {};
  },
  cleared: (_, tab) => badge(tab.id, null).then(() => ({})),
};

// What the extension's own pages may ask for.
const FROM_PANEL = {
  "annotate-tab": ({ tabId }) => annotateTab(tabId),
  "tell-tab": ({ tabId, message }) => tellTab(tabId, message),
  look: FROM_PAGE.look,
  changes: async ({ url }) => changesSince(url, (await readSettings()).settings.services),
  reconcile: () => prepare().then(() => ({})),
};

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const fromPanel = sender.url?.startsWith(chrome.runtime.getURL(""));
  const table = fromPanel ? FROM_PANEL : sender.tab ? FROM_PAGE : {};
  const action = Object.hasOwn(table, message?.type) ? table[message.type] : null;
  if (!action) {
    return false;
  }
  Promise.resolve(action(message, sender.tab)).then(reply, () => reply(null));
  return true;
});

chrome.commands?.onCommand.addListener(async (command, tab) => {
  const tabId = tab?.id ?? (await chrome.tabs.query({ active: true, currentWindow: true }))[0]?.id;
  if (tabId === undefined) {
    return;
  }
  if (command === "annotate") {
    await annotateTab(tabId);
  } else if (command === "next-note" || command === "previous-note") {
    await tellTab(tabId, { type: command === "next-note" ? "next" : "previous" });
  }
});

// Firefox for Android has neither menus nor a side view.
chrome.contextMenus?.onClicked.addListener((info, tab) => {
  if (info.menuItemId === MENU && info.selectionText) {
    lookInTab(tab?.id ?? -1, info.selectionText.slice(0, 2_000));
  }
});

async function prepareOnce() {
  const { label } = await words();
  await chrome.contextMenus?.removeAll();
  chrome.contextMenus?.create({ id: MENU, title: label("menu"), contexts: ["selection"] });
  await reconcile(await files());
}

let turn = Promise.resolve();

/** Set menu and page scripts for the settings that hold; one after the other, since both are made anew. */
function prepare() {
  turn = turn.then(prepareOnce).catch((error) => console.warn("Contextlib News:", error));
  return turn;
}

chrome.runtime.onInstalled.addListener(async ({ reason }) => {
  await prepare();
  if (reason === "install") {
    await chrome.tabs.create({ url: chrome.runtime.getURL("welcome/welcome.html") });
  }
});
chrome.runtime.onStartup.addListener(prepare);
chrome.permissions.onAdded.addListener(() => fulfilNoted().then(prepare));
chrome.permissions.onRemoved.addListener(prepare);
chrome.storage.onChanged.addListener((changes, area) => {
  if ((area === "local" && changes.settings) || area === "managed") {
    prepare();
  }
});
// Tokens and what was shown are kept for the worker and the extension's own pages alone.
chrome.storage.local.setAccessLevel?.({ accessLevel: "TRUSTED_CONTEXTS" });

Object.assign(globalThis, { annotateTab, lookInTab });
