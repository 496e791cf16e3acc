// The words of the extension in the language that the reader chose, for the worker and its pages.

import "../content/namespace.js";
import "../content/labels.js";
import { readSettings } from "./settings.js";

const { labels } = globalThis.contextlibNews;

/** The messages of a language, null for that which the browser chose. */
export async function messagesOf(language) {
  if (language === "auto") {
    return null;
  }
  return (await fetch(chrome.runtime.getURL(`_locales/${language}/messages.json`))).json();
}

/** `{label, messages, locale}` for the settings that hold; a browser's own language where none is chosen. */
export async function words() {
  const { settings } = await readSettings();
  const messages = await messagesOf(settings.language);
  // The browser may speak a language that the extension does not: dates follow the words.
  const locale = messages ? settings.language : chrome.i18n.getMessage("locale") || "en";
  return { label: labels.make(messages, locale), messages, locale };
}

/** Write the words of a page of the extension into the elements that name them in `data-label`. */
export async function fillPage() {
  const found = await words();
  const { settings } = await readSettings();
  document.documentElement.lang = found.locale;
  document.documentElement.dir = found.label.direction;
  document.documentElement.dataset.theme = settings.theme;
  for (const element of document.querySelectorAll("[data-label]")) {
    element.textContent = found.label(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-name]")) {
    element.setAttribute("aria-label", found.label(element.dataset.name));
    element.title = found.label(element.dataset.name);
  }
  return found;
}
