// The settings: where the service is, and whether it answers.

import { DEFAULT_SERVICE, probe, serviceAddress, usableAddress } from "../background/service.js";

const element = (id) => document.getElementById(id);
const label = (key) => chrome.i18n.getMessage(key) || key;

for (const [id, key] of Object.entries({
  heading: "optionsTitle", "service-label": "serviceAddress", help: "serviceHelp", save: "save", privacy: "privacy",
})) {
  element(id).textContent = label(key);
}
element("service").placeholder = DEFAULT_SERVICE;
element("service").value = await serviceAddress();

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = element("service").value.trim().replace(/\/+$/, "");
  if (!usableAddress(address)) {
    element("status").textContent = label("badAddress");
    return;
  }
  const origin = `${new URL(address).origin}/*`;
  const allowed = (await chrome.permissions.contains({ origins: [origin] })) || (await chrome.permissions.request({ origins: [origin] }));
  if (!allowed) {
    element("status").textContent = label("denied");
    return;
  }
  await chrome.storage.local.set({ service: address });
  const reply = await probe(address);
  element("status").textContent = reply.error ? label(reply.error) : label("saved");
});
