// What the desk does better with JavaScript; every page works without it.
"use strict";

// Keys: "/" goes to the search field, "n" to the next page.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (found) {
    event.preventDefault();
    found.focus();
    if (found.tagName === "A") {
      found.click();
    }
  }
});

// A form is sent once, however often its button is pressed.
const ONCE_MS = 3000;
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  if (sent.has(event.target)) {
    event.preventDefault();
    return;
  }
  sent.add(event.target);
  setTimeout(() => sent.delete(event.target), ONCE_MS);
});

// The list: all on a page are ticked at once, and only the field shows that the action asks for.
for (const all of document.querySelectorAll("input[data-all]")) {
  const boxes = () => [...all.form.querySelectorAll(`input[name="${CSS.escape(all.dataset.all)}"]`)];
  const settle = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) {
      box.checked = all.checked;
    }
  });
  all.form.addEventListener("change", settle);
  settle();
}

for (const choice of document.querySelectorAll("select[data-shows]")) {
  const settle = () => {
    const wanted = choice.selectedOptions[0]?.dataset.value;
    for (const field of choice.form.querySelectorAll("[data-for]")) {
      field.hidden = field.dataset.for !== wanted;
    }
  };
  choice.addEventListener("change", settle);
  settle();
}

// The editor: rows come and go, and the note is made anew, without leaving the page.
const WAIT_MS = 700;

/** Asks the server for the page as it would be with what is typed now; null where none came. */
async function asked(form, action) {
  const body = new URLSearchParams(new FormData(form));
  body.set("action", action);
  if (action === "look") {
    body.delete("trial");
  }
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

/** Puts a part of another page in the place of this page's; says whether there was one. */
function take(page, selector) {
  const fresh = page?.querySelector(selector);
  const old = document.querySelector(selector);
  if (!fresh || !old) {
    return false;
  }
  old.replaceWith(document.adoptNode(fresh));
  return true;
}

let changed = false;
let timer = 0;
let turn = 0;

async function look() {
  turn += 1;
  const mine = turn;
  const page = await asked(document.querySelector("form.editor"), "look");
  // What was typed meanwhile is asked for by a later turn.
  if (mine === turn) {
    take(page, "#effect");
  }
}

document.addEventListener("input", (event) => {
  if (event.target.closest("form.editor")) {
    changed = true;
    if (!event.target.matches("[name=trial], [name=threshold], [name=reason]")) {
      clearTimeout(timer);
      timer = setTimeout(look, WAIT_MS);
    }
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("form.editor button[name=action]");
  const [verb, name] = (button?.value ?? "").split(":");
  if (verb !== "add" && verb !== "remove") {
    return;
  }
  event.preventDefault();
  clearTimeout(timer);
  turn += 1;
  const page = await asked(button.form, button.value);
  if (!take(page, "form.editor")) {
    if (page) {
      // Another page came, such as the one that asks to sign in: it is shown with what was typed.
      button.form.requestSubmit(button);
    }
    return;
  }
  changed = true;
  const again = document.querySelector(`form.editor button[value="add:${CSS.escape(name)}"]`);
  // The last row is always an empty one; the new one stands before it.
  const fresh = [...again.closest("fieldset").querySelectorAll(".entry, .item")].at(-2);
  (verb === "add" ? fresh?.querySelector("input, textarea, select") : again)?.focus();
});

document.addEventListener("submit", (event) => {
  // Not asked of the form itself: a field may have the name of what would be asked.
  if (event.target === document.querySelector("form.editor")) {
    changed = false;
  }
});

addEventListener("beforeunload", (event) => {
  if (changed) {
    event.preventDefault();
  }
});
