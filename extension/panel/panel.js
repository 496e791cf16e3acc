// The panel: every note of the page in front of the reader, each with a way to it.

import { make, rating, records } from "./parts.js";

const element = (id) => document.getElementById(id);
const label = (key, ...values) => chrome.i18n.getMessage(key, values.map(String)) || key;
const KINDS = ["claim", "disclaimer", "figure", "quotation", "citation", "page"];

/** The tab the panel speaks of: the one in its address, else the active one. */
async function currentTab() {
  const given = Number(new URLSearchParams(location.search).get("tab"));
  if (given) {
    return given;
  }
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab?.id;
}

const tabId = await currentTab();
const tell = (message) => chrome.runtime.sendMessage({ type: "tell-tab", tabId, message });

function show(state) {
  const done = state?.status === "done";
  element("annotate").textContent = label(done ? "again" : "annotate");
  element("clear").hidden = !done;
  element("notes").replaceChildren();
  element("outlet").hidden = true;
  if (!done) {
    element("status").textContent = state?.status === "error" ? state.error : label("idle");
    return;
  }
  const { answer, missing } = state;
  const { checkworthy = 0, matched = 0 } = answer.document ?? {};
  element("status").textContent = answer.notes.length ? label("coverage", checkworthy, matched) : label("noNotes");
  if (answer.outlet) {
    element("outlet").hidden = false;
    element("outlet").replaceChildren(
      make("h2", {}, `${label("publisher")} ${answer.outlet.name}`),
      records(answer.outlet.ratings).length
        ? make("ul", {}, records(answer.outlet.ratings).map((item) => make("li", {}, rating(item))))
        : make("p", { class: "quiet" }, label("unrated")),
    );
  }
  for (const kind of KINDS) {
    const notes = answer.notes.filter((note) => note.kind === kind);
    if (!notes.length) {
      continue;
    }
    const rows = notes.map((note) => {
      const lost = missing.includes(note.id) ? ` (${label("missing")})` : "";
      const quote = String(note.target?.exact ?? "").slice(0, 140);
      const button = make(
        "button",
        { type: "button", class: "row", "data-note": note.id },
        make("span", { class: "title" }, `${note.title}${lost}`),
        quote ? make("span", { class: "quiet" }, `“${quote}”`) : make("span", { class: "quiet" }, note.text),
      );
      button.addEventListener("click", () => tell({ type: "show", id: note.id }));
      return make("li", {}, button);
    });
    element("notes").append(make("h2", {}, `${label(`kind_${kind}`)} (${notes.length})`), make("ul", {}, rows));
  }
}

async function annotate() {
  element("status").textContent = label("working");
  show(await chrome.runtime.sendMessage({ type: "annotate-tab", tabId }));
}

element("settings").textContent = label("settings");
element("clear").textContent = label("clear");
element("settings").addEventListener("click", () => chrome.runtime.openOptionsPage());
element("annotate").addEventListener("click", annotate);
element("clear").addEventListener("click", async () => show(await tell({ type: "clear" })));

// Pressing the toolbar button is the reader's asking; a page that has its notes keeps them.
const held = await tell({ type: "state" });
if (held?.status === "done" || new URLSearchParams(location.search).has("wait")) {
  show(held);
} else {
  await annotate();
}
document.documentElement.dataset.ready = "yes";
