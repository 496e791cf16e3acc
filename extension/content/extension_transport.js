// The way out of the page inside the extension: messages to the worker, which alone may fetch.
"use strict";

contextlibNews.extensionTransport ??= (() => {
  let label = contextlibNews.labels.make(null);
  // Taken now: once the extension was reloaded, nothing of it can be asked from here any more.
  let reloaded = label("reloaded");

  async function send(message) {
    if (!chrome.runtime?.id) {
      throw new Error(reloaded);
    }
    try {
      return await chrome.runtime.sendMessage(message);
    } catch {
      // The browser has ended the worker in the middle; asking wakes a new one.
      try {
        return await chrome.runtime.sendMessage(message);
      } catch {
        throw new Error(label("interrupted"));
      }
    }
  }

  return {
    use(words) {
      label = words;
      reloaded = label("reloaded");
    },
    settings: () => send({ type: "page-settings", url: location.href }),
    async annotate(request) {
      const reply = (await send({ type: "annotate", request })) ?? (await send({ type: "annotate", request }));
      if (!reply || reply.error) {
        throw new Error(reply?.error ?? label("interrupted"));
      }
      return reply.answer;
    },
    shown(state) {
      const notes = state.listed.map((note) => ({
        id: note.id,
        title: String(note.title).slice(0, 200),
        claim: note.claim?.id ?? null,
        service: note.serviceAddress ?? null,
        revision: note.provenance?.revision ?? null,
        updated: note.claim?.updated ?? null,
      }));
      return send({ type: "shown", url: location.href.split("#")[0], title: document.title.slice(0, 200), count: state.listed.length, notes });
    },
    cleared: () => send({ type: "cleared" }).catch(() => {}),
    async flag({ note, url, reason }) {
      const fields = { note_id: note.id, claim_id: note.claim?.id ?? null, url, exact: note.target?.exact?.slice(0, 4000) ?? null, reason };
      const reply = await send({ type: "flag", fields, service: note.serviceAddress ?? null });
      return reply?.error ?? null;
    },
    outlets: async (hosts) => (await send({ type: "outlets", hosts }))?.outlets ?? {},
    look: (text) => send({ type: "look", text }),
    hideNote: (note) => send({ type: "hide-note", id: note.id, title: String(note.title).slice(0, 200) }),
    hideSite: () => send({ type: "hide-site", host: location.hostname }),
  };
})();
