// The first page: what is sent and when, where the service is, and what to do where there is none.

import { askFor, originOfService } from "../background/access.js";
import { inWords } from "../background/annotate.js";
import { probe } from "../background/service.js";
import { DEFAULT_ADDRESS, readSettings, serviceAddress, writeSettings } from "../background/settings.js";
import { fillPage } from "../background/words.js";

const element = (id) => document.getElementById(id);
const { label } = await fillPage();

const { settings, fixed } = await readSettings();

/** Use a service where it answers; says so, or what is wrong. */
async function use(address) {
  const { settings: held } = await readSettings();
  const reply = await probe({ address, token: "" });
  if (!reply.trouble) {
    const [first, ...others] = held.services;
    await writeSettings({ services: [{ ...first, address, token: first.address === address ? first.token : "" }, ...others], local: false });
  }
  element("found").textContent = reply.trouble ? inWords(reply.trouble, label) : label("welcomeFound", address);
  // Where the service is given, there is nobody to be told how to start one.
  element("none").hidden = !reply.trouble || fixed.includes("services");
}

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = serviceAddress(element("address").value);
  if (!address) {
    element("found").textContent = label("badAddress");
    return;
  }
  if (!(await askFor([originOfService(address)]))) {
    element("found").textContent = label("denied");
    return;
  }
  await use(address);
});
element("local").addEventListener("click", async () => {
  await writeSettings({ local: true });
  element("local-status").textContent = label("localOn");
});
element("settings").addEventListener("click", () => chrome.runtime.openOptionsPage());

element("form").hidden = fixed.includes("services");
element("managed").hidden = !fixed.includes("services");
element("local").hidden = fixed.includes("local");
element("address").value = settings.services[0]?.address ?? DEFAULT_ADDRESS;
element("found").textContent = label("welcomeLooking");
await use(settings.services[0]?.address ?? DEFAULT_ADDRESS);
document.documentElement.dataset.ready = "yes";
