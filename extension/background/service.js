// Talking to services: a time limit, a size limit, calm errors, and a record of what was sent last.

import { readSettings } from "./settings.js";

const MOST_ANSWER_BYTES = 4_000_000;
const SENT = "sent";

/** What went wrong: `key` names a message, `values` go into it. */
class Trouble extends Error {
  constructor(key, ...values) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/** Read a body up to a size; the rest is not waited for. */
async function readBody(response) {
  const chunks = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) {
      break;
    }
    size += value.byteLength;
    if (size > MOST_ANSWER_BYTES) {
      await reader.cancel();
      throw new Trouble("tooLarge");
    }
    chunks.push(value);
  }
  return new Blob(chunks).text();
}

function refusal(response, body) {
  const { status } = response;
  if (status === 401 || status === 403) {
    return new Trouble("tokenRefused");
  }
  if (status === 429 || status === 503) {
    const wait = Number(response.headers.get("Retry-After"));
    return wait > 0 && wait < 86_400 ? new Trouble("busyFor", wait) : new Trouble("busy");
  }
  if (status === 404 || status === 405) {
    return new Trouble("noService");
  }
  if (status >= 500) {
    return new Trouble("failed");
  }
  return new Trouble("refused", typeof body?.detail === "string" ? body.detail.slice(0, 300) : String(status));
}

/** Keep what was sent for the page that shows it; only in memory, and without the token. */
async function record(service, method, path, body) {
  await chrome.storage.session.set({
    [SENT]: { at: new Date().toISOString(), address: service.address, method, path, body: body ?? null, token: Boolean(service.token) },
  });
}

/** What was sent last: `{at, address, method, path, body, token}`, null for nothing. */
export async function lastSent() {
  return (await chrome.storage.session.get(SENT))[SENT] ?? null;
}

/**
 * Send one request to a service: `{answer, status}` or `{trouble: {key, values}}`.
 * `accept` are statuses other than 2xx that are answers too.
 */
export async function call(service, path, { method = "GET", body = null, seconds = null, accept = [] } = {}) {
  try {
    const limit = seconds ?? (await readSettings()).settings.timeoutSeconds;
    const text = body === null ? null : JSON.stringify(body);
    await record(service, method, path, text);
    let response;
    let content;
    try {
      response = await fetch(service.address + path, {
        method,
        body: text,
        headers: { ...(text !== null && { "Content-Type": "application/json" }), ...(service.token && { Authorization: `Bearer ${service.token}` }) },
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(limit * 1000),
      });
      content = await readBody(response);
    } catch (error) {
      if (error instanceof Trouble) {
        throw error;
      }
      if (error?.name === "TimeoutError") {
        throw new Trouble("timeout");
      }
      const away = globalThis.navigator?.onLine === false && !/^http:\/\/(?:127\.|localhost|\[::1\])/.test(service.address);
      throw new Trouble(away ? "offline" : "unreachable");
    }
    let value = null;
    let readable = true;
    try {
      value = JSON.parse(content);
    } catch {
      readable = false;
    }
    if (!response.ok && !accept.includes(response.status)) {
      throw refusal(response, value);
    }
    if (!readable) {
      throw new Trouble("malformed");
    }
    return { answer: value, status: response.status };
  } catch (error) {
    return { trouble: error instanceof Trouble ? { key: error.key, values: error.values } : { key: "unreachable", values: [] } };
  }
}

/** Ask whether a service answers at an address. */
export const probe = (service) => call(service, "/healthz", { seconds: 5 });
