// One answer from all services, or from the browser itself; the notes of each are kept apart.

import { annotateLocally } from "./local.js";
import { call } from "./service.js";
import { readSettings } from "./settings.js";

const nameOf = (service) => service.name || new URL(service.address).host;

/** What went wrong in words; a wait in seconds is written as a number of the language. */
export function inWords({ key, values }, label) {
  if (key === "busyFor") {
    return label.count("busyFor", values[0]);
  }
  return [label(key), ...values].join(" ");
}

function readable(answer) {
  return answer && typeof answer === "object" && Array.isArray(answer.notes);
}

/** Mark whose each note is where there are several services; ids stay apart too. */
function owned(notes, service, several) {
  return notes
    .filter((note) => note && typeof note === "object")
    .map((note) => ({
      ...note,
      ...(several && { id: `${service.address}#${note.id}`, service: nameOf(service) }),
      noteId: note.id,
      serviceAddress: service.address,
    }));
}

/** The answer to a page's request: `{answer}` or `{error}`, an error in words for the reader. */
export async function annotate(request, label) {
  const { settings } = await readSettings();
  if (settings.local) {
    return { answer: await annotateLocally(request, label) };
  }
  const several = settings.services.length > 1;
  const replies = await Promise.all(
    settings.services.map(async (service) => {
      const reply = await call(service, "/api/v1/annotate", { method: "POST", body: request });
      return reply.answer !== undefined && !readable(reply.answer) ? { service, trouble: { key: "malformed", values: [] } } : { service, ...reply };
    }),
  );
  const good = replies.filter((reply) => reply.answer);
  const bad = replies.filter((reply) => reply.trouble);
  if (!good.length) {
    const told = bad.map(({ service, trouble }) => (several ? `${nameOf(service)}: ` : "") + inWords(trouble, label));
    return { error: told.join(" ") };
  }
  const [first] = good;
  const rated = good.find((reply) => reply.answer.outlet?.ratings?.length) ?? first;
  return {
    answer: {
      ...first.answer,
      outlet: rated.answer.outlet ?? null,
      notes: good.flatMap((reply) => owned(reply.answer.notes, reply.service, several)),
      warnings: bad.map(({ service, trouble }) => ({ words: `${nameOf(service)}: ${inWords(trouble, label)}` })),
    },
  };
}

/** What the first service knows about selected words: `{claims, threshold}` or `{error}`. */
export async function lookUp(text, label) {
  const { settings } = await readSettings();
  if (settings.local) {
    return { error: label("localNoLook") };
  }
  const found = [];
  let threshold = 0;
  let trouble = null;
  for (const service of settings.services) {
    const query = new URLSearchParams({ query: text.toWellFormed().slice(0, 1_000), limit: "5" });
    const reply = await call(service, `/api/v1/claims?${query}`);
    if (reply.trouble) {
      trouble = reply.trouble;
    } else if (Array.isArray(reply.answer?.claims)) {
      found.push(...reply.answer.claims.filter((claim) => claim && typeof claim === "object"));
      threshold = Math.max(threshold, Number(reply.answer.threshold) || 0);
    } else {
      trouble = { key: "malformed", values: [] };
    }
  }
  if (!found.length && trouble) {
    return { error: inWords(trouble, label) };
  }
  return { claims: found.sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, 5), threshold };
}

/** Send a reader's dispute to the service that made the note: `{}` or `{error}`. */
export async function flag(fields, address, label) {
  const { settings } = await readSettings();
  const service = settings.services.find((item) => item.address === address) ?? settings.services[0];
  const reply = await call(service, "/api/v1/flags", { method: "POST", body: fields });
  return reply.trouble ? { error: inWords(reply.trouble, label) } : {};
}
