// Talking to the service: the address from the settings, a time limit, a size limit, calm errors.

export const DEFAULT_SERVICE = "http://127.0.0.1:8765";
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_CHARACTERS = 4_000_000;

/** The address of the service, without a slash at its end. */
export async function serviceAddress() {
  const { service } = await chrome.storage.local.get("service");
  return typeof service === "string" && service ? service : DEFAULT_SERVICE;
}

/** Say whether an address may be used: https anywhere, http on this machine. */
export function usableAddress(text) {
  try {
    const url = new URL(text);
    const here = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
    return url.protocol === "https:" || (url.protocol === "http:" && here);
  } catch {
    return false;
  }
}

/** Ask for the notes on a page: `{answer}` or `{error, detail}`, where error names a message. */
export async function annotate(request) {
  return call("/api/v1/annotate", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
  });
}

/** Ask whether the service answers. */
export async function probe(address) {
  return call("/healthz", {}, address);
}

async function call(path, options, address = null) {
  let response;
  let text;
  try {
    response = await fetch((address ?? (await serviceAddress())) + path, {
      ...options,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    return { error: error?.name === "TimeoutError" ? "timeout" : "unreachable" };
  }
  if (text.length > MAX_ANSWER_CHARACTERS) {
    return { error: "tooLarge" };
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return { error: "malformed" };
  }
  if (!response.ok) {
    const detail = typeof body?.detail === "string" ? body.detail.slice(0, 300) : String(response.status);
    return { error: "refused", detail };
  }
  return { answer: body };
}
