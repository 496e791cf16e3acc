// Where the extension may act by itself: on sites that the reader chose, never on private ones.

import { readSettings } from "./settings.js";

const AUTOMATIC = "automatic";
const RESERVED = /\.(?:local|localhost|internal|intranet|lan|home|corp|private|test|invalid|onion|arpa)$/;
const NUMBERS = /^\d+\.\d+\.\d+\.\d+$/;
const HERE = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Say whether a host is one or below one of a list. */
export function listed(host, hosts) {
  const known = hosts instanceof Set ? hosts : new Set(hosts);
  for (let name = host; name; name = name.includes(".") ? name.slice(name.indexOf(".") + 1) : "") {
    if (known.has(name)) {
      return true;
    }
  }
  return false;
}

/** Say whether a host is one that anybody on the net may visit: no bare name, no address of a network. */
export function isPublic(host) {
  return host.includes(".") && !host.startsWith("[") && !NUMBERS.test(host) && !RESERVED.test(host) && !HERE.test(host);
}

function hostOf(url) {
  try {
    const { protocol, hostname } = new URL(url);
    return /^https?:$/.test(protocol) ? hostname.toLowerCase() : null;
  } catch {
    return null;
  }
}

/** Say whether notes may come by themselves at an address. */
export function mayRun(url, settings, { incognito = false } = {}) {
  const host = hostOf(url);
  if (!host || incognito || settings.mode === "click" || !isPublic(host) || listed(host, settings.never)) {
    return false;
  }
  return settings.mode === "everywhere" || listed(host, settings.sites);
}

/** Say whether links may be labelled at an address; nothing leaves the browser for it. */
export function mayLabel(url, settings) {
  const host = hostOf(url);
  return Boolean(host) && (settings.labels === "everywhere" || (settings.labels === "sites" && listed(host, settings.labelSites)));
}

// Written out by scheme: a browser that allows both does not always count a pattern of either as allowed.
const patternsOf = (host) => ["https", "http"].flatMap((scheme) => [`${scheme}://${host}/*`, `${scheme}://*.${host}/*`]);
const EVERYWHERE = ["http://*/*", "https://*/*"];

/** The addresses at which scripts are needed without a press, for the settings that hold. */
export function wanted(settings) {
  if (settings.mode === "everywhere" || settings.labels === "everywhere") {
    return EVERYWHERE;
  }
  const hosts = [...(settings.mode === "sites" ? settings.sites : []), ...(settings.labels === "sites" ? settings.labelSites : [])];
  return [...new Set(hosts)].flatMap(patternsOf);
}

/** What the reader must be asked for before a site or all sites may be acted on by themselves. */
export const originsFor = (host) => (host ? patternsOf(host) : EVERYWHERE);

/** The pattern that a browser must allow for a service; Firefox takes no port in one. */
export function originOfService(address) {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}

/**
 * Have the browser ask the reader to allow addresses; says whether they are allowed now. To be called
 * first thing after a press: browsers want to see the reader's own act behind it.
 */
export async function askFor(origins) {
  try {
    return await chrome.permissions.request({ origins });
  } catch {
    return chrome.permissions.contains({ origins });
  }
}

/** Register the page scripts where the settings want them and the browser allows them. */
export async function reconcile(files) {
  const { settings } = await readSettings();
  const allowed = [];
  for (const pattern of wanted(settings)) {
    if (await chrome.permissions.contains({ origins: [pattern] })) {
      allowed.push(pattern);
    }
  }
  const [held] = await chrome.scripting.getRegisteredContentScripts({ ids: [AUTOMATIC] });
  if (!allowed.length) {
    if (held) {
      await chrome.scripting.unregisterContentScripts({ ids: [AUTOMATIC] });
    }
    return;
  }
  const script = {
    id: AUTOMATIC,
    matches: allowed,
    js: files.map((name) => `content/${name}`),
    css: ["content/page.css"],
    runAt: "document_idle",
    persistAcrossSessions: true,
  };
  await (held ? chrome.scripting.updateContentScripts([script]) : chrome.scripting.registerContentScripts([script]));
}
