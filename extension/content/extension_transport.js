// The way to the service inside the extension: a message to the worker, which alone may fetch.
"use strict";

contextlibNews.extensionTransport ??= {
  async annotate(request) {
    if (!chrome.runtime?.id) {
      throw new Error("The extension was reloaded; reload the page too.");
    }
    const reply = await chrome.runtime.sendMessage({ type: "annotate", request });
    if (!reply || reply.error) {
      const label = contextlibNews.labels.make(null);
      throw new Error([label(reply?.error ?? "malformed"), reply?.detail].filter(Boolean).join(" "));
    }
    return reply.answer;
  },
};
