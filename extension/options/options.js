// The settings: services, when to ask, links, looks; and what was sent last, word for word.

import { askFor, originOfService, originsFor } from "../background/access.js";
import { inWords } from "../background/annotate.js";
import { forgetShown, hiddenNotes, showHidden } from "../background/memory.js";
import { outletList, outletsFetched, replaceOutlets, shippedOutlets } from "../background/outlets.js";
import { heldRules, replaceRules, shippedRules } from "../background/rules.js";
import { call, lastSent, probe } from "../background/service.js";
import { DEFAULT_ADDRESS, DENSITIES, KINDS, LABELLING, LANGUAGES, MODES, THEMES, exported, hostName, imported, readSettings, serviceAddress, writeSettings } from "../background/settings.js";
import { fillPage } from "../background/words.js";
import "../content/dom.js";

const { make } = globalThis.contextlibNews.dom;
const element = (id) => document.getElementById(id);
const TEXTS = ["sites", "never", "labelSites"];
const FLAGS = ["local", "follow", "remember"];
const NAMES = { en: "English", es: "Español", fr: "Français", de: "Deutsch", ar: "العربية" };
let label = null;

function serviceRow(service, number) {
  const field = (name, type, key, more = {}) => {
    const id = `service-${name}-${number}`;
    const input = make("input", { id, type, "data-field": name, autocomplete: "off", spellcheck: "false", ...more });
    input.value = service[name] ?? "";
    return make("div", { class: "field" }, make("label", { for: id }, label(key)), input);
  };
  const said = make("p", { role: "status" });
  const row = make(
    "div",
    { class: "service", role: "group", "aria-label": `${label("service")} ${label.number(number + 1)}` },
    field("address", "url", "serviceAddress", { placeholder: DEFAULT_ADDRESS, dir: "ltr" }),
    field("name", "text", "serviceName"),
    field("token", "password", "serviceToken", { dir: "ltr" }),
    make("div", { class: "actions" }, make("button", { type: "button", "data-act": "test", click: () => test(row, said) }, label("test")), make("button", { type: "button", "data-act": "remove", click: () => row.remove() }, label("remove"))),
    said,
  );
  return row;
}

function valuesOf(row) {
  const value = (name) => row.querySelector(`[data-field=${name}]`).value.trim();
  return { name: value("name"), address: value("address"), token: value("token") };
}

/** Ask whether a service answers and takes the token; no page is sent for it. */
async function test(row, said) {
  const service = valuesOf(row);
  const address = serviceAddress(service.address);
  if (!address) {
    said.textContent = label("badAddress");
    return;
  }
  if (!(await askFor([originOfService(address)]))) {
    said.textContent = label("denied");
    return;
  }
  said.textContent = label("working");
  const alive = await probe({ ...service, address });
  const reply = alive.trouble ? alive : await call({ ...service, address }, "/api/v1/annotate", { method: "POST", body: { text: "Contextlib News" }, seconds: 10 });
  said.textContent = reply.trouble ? inWords(reply.trouble, label) : Array.isArray(reply.answer?.notes) ? label("answers") : label("malformed");
  await showSent();
}

function radios(name, values, held, prefix) {
  element(name).replaceChildren(
    ...values.map((value) => {
      const input = make("input", { type: "radio", name, value, id: `${name}-${value}` });
      input.checked = value === held;
      return make("label", { class: "choice", for: input.id }, input, make("span", {}, label(`${prefix}_${value}`)));
    }),
  );
}

function options(name, values, held, words) {
  element(name).replaceChildren(...values.map((value) => make("option", { value, selected: value === held }, words(value))));
  element(name).value = held;
}

async function fill() {
  ({ label } = await fillPage());
  const { settings, fixed } = await readSettings();
  element("services").replaceChildren(...settings.services.map(serviceRow));
  element("timeoutSeconds").value = settings.timeoutSeconds;
  for (const name of FLAGS) {
    element(name).checked = settings[name];
  }
  for (const name of TEXTS) {
    element(name).value = settings[name].join("\n");
  }
  radios("mode", MODES, settings.mode, "mode");
  radios("labels", LABELLING, settings.labels, "labels");
  options("language", LANGUAGES, settings.language, (value) => NAMES[value] ?? label("auto"));
  options("theme", THEMES, settings.theme, (value) => label(value === "auto" ? "auto" : `theme_${value}`));
  options("density", DENSITIES, settings.density, (value) => label(`density_${value}`));
  element("kinds").replaceChildren(
    ...KINDS.map((kind) => {
      const input = make("input", { type: "checkbox", id: `kind-${kind}` });
      input.checked = settings.kinds[kind];
      return make("label", { class: "choice", for: input.id }, input, make("span", {}, label(`kind_${kind}`)));
    }),
  );
  element("managed").hidden = !fixed.length;
  for (const name of fixed) {
    const place = element(name);
    for (const input of place?.matches("input, select, textarea") ? [place] : (place?.querySelectorAll("input, button") ?? [])) {
      // Whether it answers may be asked all the same.
      input.disabled = input.dataset.act !== "test";
    }
  }
  element("add").hidden = fixed.includes("services");
  await Promise.all([showHiddenCount(), showLists(), showSent()]);
}

async function showHiddenCount() {
  const count = Object.keys(await hiddenNotes()).length;
  element("hidden").textContent = label("hiddenCount", label.number(count));
  element("unhide").hidden = !count;
}

async function showLists() {
  const [{ count, date }, held, fetched] = await Promise.all([outletList(), heldRules(), outletsFetched()]);
  element("outlet-list").textContent = label("outletList", label.number(count), label.date(date));
  const from = held.date ? label("rulesFetched", label.date(held.date)) : label("rulesShipped");
  element("shipped").hidden = !fetched && !held.date;
  element("rule-list").textContent = `${label("ruleList", label.number(held.rules.length))} ${from}`;
}

/** Fetch one of the lists from a service and take it; what came of it, in words. */
async function renew(service, path, replace, done, refused) {
  const reply = await call(service, path, { seconds: 30 });
  return reply.trouble ? inWords(reply.trouble, label) : label((await replace(reply.answer)) ? done : refused);
}

async function showSent() {
  const sent = await lastSent();
  element("sent").hidden = !sent;
  element("sent-facts").textContent = sent ? label("sentFacts", new Intl.DateTimeFormat(label.locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(sent.at)), sent.address) : label("idle");
  if (sent) {
    const body = sent.body ? `\n\n${JSON.stringify(JSON.parse(sent.body), null, 1)}` : "";
    element("sent").textContent = `${sent.method} ${sent.path}${sent.token ? `\nAuthorization: Bearer (${label("serviceToken")})` : ""}${body}`;
  }
}

const chosen = (name) => document.querySelector(`input[name=${name}]:checked`)?.value;

/** The settings as they stand in the form, or the key of what is wrong with them. */
function read() {
  const services = [...element("services").children].map(valuesOf).filter((service) => service.address);
  if (!services.every((service) => serviceAddress(service.address))) {
    return { wrong: "badAddress" };
  }
  const lists = Object.fromEntries(TEXTS.map((name) => [name, element(name).value.split(/[\s,]+/).filter(Boolean)]));
  const bad = Object.values(lists).flat().find((host) => !hostName(host));
  if (bad) {
    return { wrong: "badHost", value: bad };
  }
  return {
    settings: {
      services,
      ...lists,
      ...Object.fromEntries(FLAGS.map((name) => [name, element(name).checked])),
      mode: chosen("mode"),
      labels: chosen("labels"),
      language: element("language").value,
      theme: element("theme").value,
      density: element("density").value,
      kinds: Object.fromEntries(KINDS.map((kind) => [kind, element(`kind-${kind}`).checked])),
      timeoutSeconds: Number(element("timeoutSeconds").value),
    },
  };
}

/** The hosts that the browser must allow for these settings. */
function originsOf(settings) {
  const everywhere = settings.mode === "everywhere" || settings.labels === "everywhere";
  const hosts = [...(settings.mode === "sites" ? settings.sites : []), ...(settings.labels === "sites" ? settings.labelSites : [])];
  const sites = everywhere ? originsFor(null) : hosts.flatMap((host) => originsFor(hostName(host)));
  return [...settings.services.map((service) => originOfService(service.address)), ...sites];
}

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { settings, wrong, value } = read();
  if (wrong) {
    element("status").textContent = [label(wrong), value].filter(Boolean).join(" ");
    return;
  }
  // Asked for before anything is awaited: the browser wants to see the reader's own press behind it.
  const allowed = await askFor(originsOf(settings));
  await writeSettings(settings);
  await chrome.runtime.sendMessage({ type: "reconcile" });
  await fill();
  element("status").textContent = allowed ? label("saved") : `${label("saved")} ${label("denied")}`;
});

element("add").addEventListener("click", () => {
  const row = serviceRow({}, element("services").children.length);
  element("services").append(row);
  row.querySelector("input").focus();
});
element("refresh").addEventListener("click", async () => {
  const { settings } = await readSettings();
  element("refresh-status").textContent = label("working");
  const [service] = settings.services;
  const outlets = await renew(service, "/api/v1/outlet-list", replaceOutlets, "refreshed", "outletsRefused");
  const rules = await renew(service, "/api/v1/disclaimer-rules", replaceRules, "rulesRenewed", "rulesRefused");
  // The same trouble is told once.
  element("refresh-status").textContent = [...new Set([outlets, rules])].join(" ");
  await showLists();
  await showSent();
});
element("shipped").addEventListener("click", async () => {
  await Promise.all([shippedOutlets(), shippedRules()]);
  // The button goes; whoever came to it by keyboard stays beside it.
  element("refresh").focus();
  await showLists();
  element("refresh-status").textContent = label("shippedAgain");
});
element("unhide").addEventListener("click", () => showHidden().then(showHiddenCount));
element("forget").addEventListener("click", async () => {
  await forgetShown();
  element("forgotten").textContent = label("forgotten");
});
element("export").addEventListener("click", async () => {
  const { settings } = await readSettings();
  const file = URL.createObjectURL(new Blob([exported(settings)], { type: "application/json" }));
  make("a", { href: file, download: "contextlib-news-settings.json" }).click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
});
element("import").addEventListener("change", async () => {
  const [file] = element("import").files;
  try {
    const { settings } = await readSettings();
    await writeSettings(imported(await file.text(), settings));
    await fill();
    element("import-status").textContent = label("importDone");
  } catch {
    element("import-status").textContent = label("importFailed");
  }
});

await fill();
document.documentElement.dataset.ready = "yes";
