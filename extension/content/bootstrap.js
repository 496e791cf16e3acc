// Starts the overlay in a page and answers the worker; injected anew, it does nothing twice.
"use strict";

contextlibNews.controller ??= (() => {
  const controller = contextlibNews.start({ transport: contextlibNews.extensionTransport });
  chrome.runtime.onMessage.addListener((message, _sender, reply) => {
    const actions = {
      annotate: () => controller.annotate(),
      clear: () => controller.clear(),
      next: () => controller.next(),
      previous: () => controller.previous(),
      show: () => controller.show(message.id),
      state: () => undefined,
    };
    const action = actions[message?.to === "page" ? message.type : ""];
    if (!action) {
      return false;
    }
    Promise.resolve(action()).then(() => reply(controller.state));
    return true;
  });
  return controller;
})();
