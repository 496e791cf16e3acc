// Starts the overlay in a page and answers the worker; injected anew, it does nothing twice.
// Where the reader has allowed the site, asks of itself, unless the page has a field for a password.
"use strict";

contextlibNews.controller ??= (() => {
  const transport = contextlibNews.extensionTransport;
  const controller = contextlibNews.start({ transport, locale: chrome.i18n.getUILanguage() });

  async function configure() {
    const settings = await transport.settings();
    if (settings) {
      transport.use(contextlibNews.labels.make(settings.messages, settings.locale));
      await controller.configure(settings);
      await controller.links(Boolean(settings.labelLinks));
    }
    return settings;
  }

  const ready = configure().catch(() => null);
  ready.then((settings) => {
    if (settings?.automatic && controller.state.status === "idle") {
      controller.annotate({ automatic: true });
    }
  });

  chrome.runtime.onMessage.addListener((message, _sender, reply) => {
    const actions = {
      annotate: () => controller.annotate(),
      clear: () => controller.clear(),
      next: () => controller.next(),
      previous: () => controller.previous(),
      show: () => controller.show(message.id),
      select: () => controller.select(String(message.text)),
      configure,
      state: () => undefined,
    };
    const action = actions[message?.to === "page" ? message.type : ""];
    if (!action) {
      return false;
    }
    ready
      .then(action)
      .catch(() => {})
      .then(() => reply(controller.state));
    return true;
  });
  return controller;
})();
