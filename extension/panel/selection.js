// What is known about words selected in a page into which the overlay cannot be put.

import { fillPage } from "../background/words.js";
import "../content/dom.js";
import "../content/look.js";

const { look } = globalThis.contextlibNews;
const found = document.getElementById("found");
const { label } = await fillPage();
const { selected = "" } = await chrome.storage.session.get("selected");

found.replaceChildren(...look.waiting(selected, label));
found.replaceChildren(...look.render(selected, await chrome.runtime.sendMessage({ type: "look", text: selected }), label));
document.documentElement.dataset.ready = "yes";
