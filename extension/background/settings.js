// The settings: what they are, what each may be, and what a managed policy fixes.

export const DEFAULT_ADDRESS = "http://127.0.0.1:8765";
export const KINDS = ["claim", "outlet", "disclaimer", "figure", "quotation", "citation", "page"];
export const MODES = ["click", "sites", "everywhere"];
export const DENSITIES = ["all", "important", "none"];
export const THEMES = ["auto", "light", "dark"];
export const LABELLING = ["off", "sites", "everywhere"];
export const LANGUAGES = ["auto", "en", "es", "fr", "de", "ar"];

// Where a page is private by its nature: nothing runs there by itself. Readers may change the list.
export const NEVER = [
  "mail.google.com", "outlook.live.com", "outlook.office.com", "outlook.office365.com", "mail.yahoo.com", "mail.proton.me", "mail.aol.com",
  "app.fastmail.com", "mail.ru", "webmail.gmx.net", "navigator.gmx.net", "navigator.web.de", "mail.zoho.com", "tutanota.com", "app.tuta.com",
  "web.whatsapp.com", "web.telegram.org", "messages.google.com", "discord.com", "teams.microsoft.com", "app.slack.com", "messenger.com",
  "docs.google.com", "drive.google.com", "calendar.google.com", "icloud.com", "onedrive.live.com", "dropbox.com", "notion.so",
  "paypal.com", "wise.com", "revolut.com", "chase.com", "bankofamerica.com", "wellsfargo.com", "citi.com", "hsbc.com", "barclays.co.uk",
  "lloydsbank.com", "natwest.com", "santander.com", "bbva.es", "caixabank.es", "bnpparibas.com", "credit-agricole.fr", "societegenerale.fr",
  "deutsche-bank.de", "commerzbank.de", "sparkasse.de", "ing.com", "ing.de", "dkb.de", "n26.com", "fidelity.com", "schwab.com", "vanguard.com",
  "mychart.org", "patient.info", "nhs.uk", "healthcare.gov", "kaiserpermanente.org", "doctolib.fr", "doctolib.de", "ameli.fr", "tk.de", "aok.de",
  "irs.gov", "login.gov", "id.me", "gov.uk", "accounts.google.com", "login.microsoftonline.com", "appleid.apple.com",
];

export const DEFAULTS = {
  services: [{ name: "", address: DEFAULT_ADDRESS, token: "" }],
  mode: "click",
  sites: [],
  never: NEVER,
  local: false,
  follow: true,
  labels: "off",
  labelSites: [],
  kinds: Object.fromEntries(KINDS.map((kind) => [kind, true])),
  density: "all",
  theme: "auto",
  language: "auto",
  remember: true,
  timeoutSeconds: 15,
};

const MOST_SERVICES = 5;
const MOST_HOSTS = 5_000;
const HERE = ["127.0.0.1", "localhost", "[::1]"];

/** The address of a service without a slash at its end, null where it may not be used. */
export function serviceAddress(text) {
  try {
    const url = new URL(String(text).trim());
    const safe = url.protocol === "https:" || (url.protocol === "http:" && HERE.includes(url.hostname));
    return safe && !url.username && !url.password ? (url.origin + url.pathname).replace(/\/+$/, "") : null;
  } catch {
    return null;
  }
}

/** A host as it is written in lists, null where it is none; an address gives its host. */
export function hostName(text) {
  const words = String(text).trim().toLowerCase().replace(/^\*\./, "");
  try {
    const url = new URL(words.includes("://") ? words : `https://${words}`);
    const name = url.hostname.replace(/\.$/, "");
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name) ? name : null;
  } catch {
    return null;
  }
}

const one = (value, of, otherwise) => (of.includes(value) ? value : otherwise);
const flag = (value, otherwise) => (typeof value === "boolean" ? value : otherwise);
const hosts = (value, otherwise) => (Array.isArray(value) ? [...new Set(value.map(hostName).filter(Boolean))].slice(0, MOST_HOSTS) : otherwise);

function services(value) {
  const found = (Array.isArray(value) ? value : [])
    .filter((item) => item && typeof item === "object" && serviceAddress(item.address))
    .slice(0, MOST_SERVICES)
    .map((item) => ({
      name: String(item.name ?? "").slice(0, 60),
      address: serviceAddress(item.address),
      token: String(item.token ?? "").replace(/[^\x21-\x7e]/g, "").slice(0, 500),
    }));
  return found.length ? found : DEFAULTS.services;
}

/** Settings in which each value is one that may be; what is not is taken from the defaults. */
export function checked(given) {
  const value = given && typeof given === "object" ? given : {};
  return {
    services: services(value.services),
    mode: one(value.mode, MODES, DEFAULTS.mode),
    sites: hosts(value.sites, DEFAULTS.sites),
    never: hosts(value.never, DEFAULTS.never),
    local: flag(value.local, DEFAULTS.local),
    follow: flag(value.follow, DEFAULTS.follow),
    labels: one(value.labels, LABELLING, DEFAULTS.labels),
    labelSites: hosts(value.labelSites, DEFAULTS.labelSites),
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, flag(value.kinds?.[kind], true)])),
    density: one(value.density, DENSITIES, DEFAULTS.density),
    theme: one(value.theme, THEMES, DEFAULTS.theme),
    language: one(value.language, LANGUAGES, DEFAULTS.language),
    remember: flag(value.remember, DEFAULTS.remember),
    timeoutSeconds: Math.min(60, Math.max(1, Number(value.timeoutSeconds) || DEFAULTS.timeoutSeconds)),
  };
}

async function managed() {
  try {
    return (await chrome.storage.managed.get(null)) ?? {};
  } catch {
    // Firefox throws where no policy was set.
    return {};
  }
}

/** The settings that hold, and the names of those that a policy fixes: `{settings, fixed}`. */
export async function readSettings() {
  const [{ settings }, policy] = await Promise.all([chrome.storage.local.get("settings"), managed()]);
  const fixed = Object.keys(policy).filter((name) => name in DEFAULTS);
  return { settings: checked({ ...settings, ...Object.fromEntries(fixed.map((name) => [name, policy[name]])) }), fixed };
}

/** Keep changes; those that a policy fixes have no effect, and its values are not kept beyond it. */
export async function writeSettings(changes) {
  const [{ settings }, policy] = await Promise.all([chrome.storage.local.get("settings"), managed()]);
  const free = Object.fromEntries(Object.entries(changes).filter(([name]) => !Object.hasOwn(policy, name)));
  await chrome.storage.local.set({ settings: checked({ ...settings, ...free }) });
}

/** The settings as a text to keep or hand on; tokens are left out, since they are secrets. */
export function exported(settings) {
  const shared = { ...settings, services: settings.services.map(({ name, address }) => ({ name, address })) };
  return JSON.stringify({ about: "Contextlib News settings", version: 1, settings: shared }, null, 1);
}

/** The settings of such a text; throws where it is none. Tokens that are held here are kept. */
export function imported(text, held) {
  const value = JSON.parse(text);
  if (!value || typeof value.settings !== "object" || value.settings === null) {
    throw new Error("no settings");
  }
  const tokens = new Map(held.services.map((item) => [item.address, item.token]));
  const found = checked(value.settings);
  return { ...found, services: found.services.map((item) => ({ ...item, token: item.token || tokens.get(item.address) || "" })) };
}
