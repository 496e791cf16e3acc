// Joins the parts: read the page, ask, anchor, paint, show.
//
// contextlibNews.start({transport, messages, root}) returns a controller:
//   transport.annotate(request) -> Promise of the answer; throws an Error with words for the reader
//   messages: the contents of _locales/<language>/messages.json, null inside the extension
//   root: the element to read (default: the body)
// controller.annotate(), .clear(), .next(), .previous(), .show(noteId)
// controller.state: {status: "idle|working|done|error", answer, anchored: [id], missing: [id], error}
"use strict";

contextlibNews.start ??= ({ transport, messages = null, root = null }) => {
  const { text, anchor, highlight, card: cards, strip: strips, styles, dom, watch } = contextlibNews;
  const label = contextlibNews.labels.make(messages);
  const state = { status: "idle", answer: null, anchored: [], missing: [], error: null };
  let placed = [];
  let blocks = [];
  let sent = [];
  let shadow = null;
  let shown = null;
  let host = null;
  let card = null;
  let strip = null;
  let opener = null;
  let run = 0;

  function build() {
    if (host?.isConnected) {
      return;
    }
    host?.remove();
    host = document.createElement("contextlib-news");
    shadow = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    shadow.adoptedStyleSheets = [sheet];
    strip = dom.make("div", { class: "strip", popover: "manual", role: "region", "aria-label": "Contextlib News" });
    card = dom.make("div", { class: "card", popover: "manual", role: "dialog", "aria-labelledby": "title", tabindex: "-1" });
    const live = dom.make("div", { role: "status", class: "live" });
    shadow.append(strip, card, live);
    document.documentElement.append(host);
    build.live = live;
    card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        hide();
      }
    });
  }

  function hide() {
    if (card?.matches(":popover-open")) {
      card.hidePopover();
      highlight.mark(null);
      opener?.focus?.();
      opener = null;
    }
    shown = null;
  }

  function show(note, focus = true) {
    build();
    const found = placed.find((item) => item.note.id === note.id);
    const range = found?.range ?? null;
    card.replaceChildren(
      dom.make("button", { type: "button", class: "x", "aria-label": label("close"), click: hide }, "×"),
      ...cards.render(note, label),
      ...siblings(note),
    );
    // A card that follows the pointer must not move the page under it.
    if (range && focus && !cards.fits(range)) {
      scrollBy({ top: range.getBoundingClientRect().top - innerHeight * 0.1, behavior: "instant" });
    }
    if (!card.matches(":popover-open")) {
      opener = shadow.activeElement ?? document.activeElement;
      card.showPopover();
    }
    card.scrollTop = 0;
    cards.place(card, range);
    highlight.mark(range);
    shown = note;
    if (focus) {
      card.focus({ preventScroll: true });
    }
  }

  /** Buttons for the other notes on the same words. */
  function siblings(note) {
    const here = placed.filter((item) => item.note.id !== note.id && note.target?.exact && item.note.target.exact === note.target.exact);
    if (!here.length) {
      return [];
    }
    const rows = here.map((item) => {
      const words = item.note.claim?.text ?? item.note.title;
      return dom.make("li", {}, dom.make("button", { type: "button", class: "row", click: () => show(item.note) }, String(words)));
    });
    return [dom.make("section", {}, dom.make("h3", {}, label("more")), dom.make("ul", {}, rows))];
  }

  function step(by) {
    if (!placed.length) {
      return;
    }
    const at = placed.findIndex((item) => item.note.id === shown?.id);
    const next = at < 0 ? (by > 0 ? 0 : placed.length - 1) : (at + by + placed.length) % placed.length;
    show(placed[next].note);
  }

  const controller = {
    state,
    async annotate() {
      const mine = ++run;
      Object.assign(state, { status: "working", error: null });
      try {
        const read = await text.collect(root ?? document.body ?? document.documentElement);
        if (!read.blocks.length) {
          throw new Error(label("noText"));
        }
        const answer = await transport.annotate({
          url: location.href.startsWith("http") ? location.href.split("#")[0].slice(0, 4000) : null,
          title: document.title.slice(0, 2000) || null,
          language: document.documentElement.lang.slice(0, 40) || null,
          reader_language: (navigator.language || "en").slice(0, 40),
          blocks: read.blocks.map(({ id, text: words, role }) => ({ id, text: words, role })),
          links: read.links,
        });
        if (mine !== run) {
          return;
        }
        if (!answer || !Array.isArray(answer.notes)) {
          throw new Error(label("malformed"));
        }
        answer.notes = answer.notes.filter((note) => note && typeof note.id === "string" && typeof note.kind === "string").slice(0, 2000);
        blocks = read.blocks;
        sent = read.blocks.map(({ id, text: words }) => ({ id, text: words }));
        paint(answer);
      } catch (error) {
        if (mine === run) {
          Object.assign(state, { status: "error", error: String(error?.message ?? error) });
          tell(state.error);
        }
      }
    },
    clear() {
      run++;
      watcher.stop();
      hide();
      highlight.clear();
      host?.remove();
      host = null;
      placed = [];
      Object.assign(state, { status: "idle", answer: null, anchored: [], missing: [], error: null });
    },
    next: () => step(1),
    previous: () => step(-1),
    show(id) {
      const note = state.answer?.notes.find((item) => item.id === id);
      if (note) {
        show(note);
      }
    },
  };

  /** Find the place of every note among the blocks and paint what was found. */
  function locate(answer) {
    placed = [];
    const missing = [];
    for (const note of answer.notes) {
      const range = anchor.locate(note.target, blocks);
      if (range) {
        placed.push({ note, range, words: String(range) });
      } else if (note.target?.exact) {
        missing.push(note.id);
      }
    }
    placed.sort((a, b) => a.range.compareBoundaryPoints(Range.START_TO_START, b.range));
    Object.assign(state, { anchored: placed.map((item) => item.note.id), missing });
    highlight.paint(placed);
  }

  function list() {
    strips.render(strip, state, label, {
      show,
      next: () => step(1),
      previous: () => step(-1),
      close: () => strip.hidePopover(),
    });
  }

  function paint(answer) {
    locate(answer);
    Object.assign(state, { status: "done", answer });
    build();
    list();
    strip.showPopover();
    build.live.textContent = `${answer.notes.length} ${label("notes")}`;
    watcher.start();
  }

  /** Find the places anew after the page has changed; nothing is asked for again. */
  async function follow(grown) {
    const broken = placed.some((item) => String(item.range) !== item.words);
    if (state.status !== "done" || !(broken || (grown && state.missing.length))) {
      return;
    }
    const mine = run;
    const read = await text.collect(root ?? document.body ?? document.documentElement);
    if (mine !== run || state.status !== "done") {
      return;
    }
    blocks = anchor.recognise(read.blocks, sent);
    const before = state.missing.join();
    locate(state.answer);
    if (state.missing.join() !== before) {
      list();
    }
    if (shown) {
      const range = placed.find((item) => item.note.id === shown.id)?.range ?? null;
      highlight.mark(range);
      cards.place(card, range);
    }
  }

  const watcher = watch.make({ changed: follow, left: () => controller.clear(), own: (node) => node === host });

  function tell(message) {
    build();
    strip.replaceChildren(
      dom.make(
        "div",
        { class: "bar" },
        dom.make("strong", {}, "Contextlib News"),
        dom.make("span", { class: "line whole" }, message),
        dom.make("span", { class: "buttons" }, dom.make("button", { type: "button", "aria-label": label("close"), click: () => strip.hidePopover() }, "×")),
      ),
    );
    if (!strip.matches(":popover-open")) {
      strip.showPopover();
    }
    build.live.textContent = message;
  }

  document.addEventListener("click", (event) => {
    if (state.status !== "done" || event.composedPath().includes(host)) {
      return;
    }
    const [found] = highlight.at(event.clientX, event.clientY);
    if (found && !event.composedPath().some((node) => node.tagName === "A")) {
      show(found.note);
    } else {
      hide();
    }
  });

  let timer = 0;
  document.addEventListener(
    "pointermove",
    (event) => {
      if (state.status !== "done" || event.pointerType === "touch" || !placed.length) {
        return;
      }
      clearTimeout(timer);
      const { clientX, clientY } = event;
      // A card follows a pointer that rests, not one that passes.
      timer = setTimeout(() => {
        const [found] = highlight.at(clientX, clientY);
        if (found && shown?.id !== found.note.id && !card?.contains(document.activeElement)) {
          show(found.note, false);
        }
      }, 250);
    },
    { passive: true },
  );

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) {
      hide();
    }
  });

  return controller;
};
