// The worker: injects the overlay where the reader asks for it, and is the only one that fetches.
// It keeps nothing in memory, since the browser may end it at any moment.

import { annotate } from "./service.js";

const ORDER = "content/order.json";

/** Put the overlay into a tab and have it read the page. This is what a click does. */
async function annotateTab(tabId) {
  try {
    const files = await (await fetch(chrome.runtime.getURL(ORDER))).json();
    await chrome.scripting.insertCSS({ target: { tabId }, files: ["content/page.css"] });
    await chrome.scripting.executeScript({ target: { tabId }, files: files.map((name) => `content/${name}`) });
    return await chrome.tabs.sendMessage(tabId, { to: "page", type: "annotate" });
  } catch {
    return { status: "error", error: chrome.i18n.getMessage("notHere"), anchored: [], missing: [], answer: null };
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

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const fromPanel = sender.url?.startsWith(chrome.runtime.getURL(""));
  if (message?.type === "annotate" && sender.tab && !fromPanel) {
    annotate(message.request).then(reply);
    return true;
  }
  if (message?.type === "annotate-tab" && fromPanel) {
    annotateTab(message.tabId).then(reply);
    return true;
  }
  if (message?.type === "tell-tab" && fromPanel) {
    tellTab(message.tabId, message.message).then(reply);
    return true;
  }
  return false;
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

globalThis.annotateTab = annotateTab;
globalThis.contextlibNewsState = (tabId) => tellTab(tabId, { type: "state" });
