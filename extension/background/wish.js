// What a reader wished for a site, kept over the question of the browser: it may close the popup that asked.

import { originsFor } from "./access.js";
import { readSettings, writeSettings } from "./settings.js";

const WISH = "wish";
// Who answers later than this has thought of something else since.
const HOLDS_MS = 10 * 60_000;

/** Keep the wish to have notes on a site by itself while the browser asks whether it may be. */
export const noteWish = (host) => chrome.storage.session.set({ [WISH]: { host, at: Date.now() } });

export const dropWish = () => chrome.storage.session.remove(WISH);

/** Have notes on a site by itself from now on. */
export async function fulfil(host) {
  const { settings } = await readSettings();
  const other = (item) => item !== host;
  await writeSettings({ sites: [...settings.sites.filter(other), host], never: settings.never.filter(other), mode: "sites" });
  await dropWish();
}

/** Have no notes on a site by itself any more. */
export async function withdraw(host) {
  const { settings } = await readSettings();
  await writeSettings({ sites: settings.sites.filter((item) => item !== host) });
}

/** Do what was wished where the browser has come to allow it. */
export async function fulfilNoted() {
  const wish = (await chrome.storage.session.get(WISH))[WISH];
  if (wish && Date.now() - wish.at < HOLDS_MS && (await chrome.permissions.contains({ origins: originsFor(wish.host) }))) {
    await fulfil(wish.host);
  }
}
