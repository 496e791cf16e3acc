// What the browser alone remembers: which notes at which revision a reader was shown, and which
// notes a reader does not want to see again.

import { call } from "./service.js";

const SEEN = "seen";
const HIDDEN = "hidden";
const MOST_PAGES = 200;
const MOST_HIDDEN = 2_000;

async function held(name) {
  const value = (await chrome.storage.local.get(name))[name];
  return value && typeof value === "object" ? value : {};
}

/** Keep the newest entries of a record by their `at`. */
function newest(record, most) {
  const entries = Object.entries(record).sort(([, a], [, b]) => (a.at < b.at ? 1 : -1));
  return Object.fromEntries(entries.slice(0, most));
}

/** Remember the notes shown on a page. */
export async function rememberShown({ url, title, notes }) {
  const seen = await held(SEEN);
  const kept = notes.filter((note) => note.claim).slice(0, 300);
  if (kept.length) {
    seen[url] = { at: new Date().toISOString(), title, notes: kept };
    await chrome.storage.local.set({ [SEEN]: newest(seen, MOST_PAGES) });
  }
}

export const shownPages = () => held(SEEN);
export const forgetShown = () => chrome.storage.local.remove(SEEN);

/** The ids of the notes that a reader hid, with their titles. */
export const hiddenNotes = () => held(HIDDEN);

export async function hideNote({ id, title }) {
  const hidden = await held(HIDDEN);
  hidden[id] = { title, at: new Date().toISOString() };
  await chrome.storage.local.set({ [HIDDEN]: newest(hidden, MOST_HIDDEN) });
}

export const showHidden = () => chrome.storage.local.remove(HIDDEN);

/**
 * Ask the services which claims behind the notes shown on a page have changed since:
 * `[{title, change: "corrected"|"withdrawn"|"same"|"unknown"}]`.
 */
export async function changesSince(url, services) {
  const page = (await held(SEEN))[url];
  if (!page) {
    return null;
  }
  const byClaim = new Map(page.notes.map((note) => [`${note.service} ${note.claim}`, note]));
  const rows = [];
  for (const note of byClaim.values()) {
    const service = services.find((item) => item.address === note.service) ?? services[0];
    const { answer, status, trouble } = await call(service, `/api/v1/claims/${encodeURIComponent(note.claim)}`, { accept: [404, 410] });
    rows.push({ title: note.title, change: trouble ? "unknown" : compare(note, answer, status) });
  }
  return { at: page.at, rows };
}

function compare(note, answer, status) {
  if (status === 404 || status === 410) {
    return "withdrawn";
  }
  const revision = answer?.revision ?? answer?.provenance?.revision ?? null;
  const newer = Number.isInteger(revision) && Number.isInteger(note.revision) && revision > note.revision;
  const later = typeof answer?.updated === "string" && typeof note.updated === "string" && answer.updated > note.updated;
  return newer || later ? "corrected" : "same";
}
