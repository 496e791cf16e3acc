// Joins the parts: a session with a page, and the overlay that shows it.
//
// contextlibNews.start({transport, messages, locale, root, settings}) returns a controller:
//   transport.annotate(request) -> Promise of the answer; throws an Error with words for the reader
//   transport may also have: shown(state), cleared(), flag(fields), outlets(hosts), look(text),
//     hideNote(note), hideSite(), each a Promise
//   messages: the contents of _locales/<language>/messages.json, null inside the extension
//   root: the element to read (default: the body)
// controller.annotate({automatic}), .clear(), .next(), .previous(), .show(noteId), .select(text),
//   .configure(settings), .links(on)
// controller.state: {status: "idle|working|done|error", answer, anchored: [id], missing: [id], error,
//   listed: [note], painted: [note], hidden: number}
"use strict";

contextlibNews.start ??= ({ transport, messages = null, locale = "en", root = null, settings = {} }) => {
  const { highlight, overlay, card: cards, strip: strips, copy, marks, session: sessions, look } = contextlibNews;
  let label = contextlibNews.labels.make(messages, locale);
  const ARRIVAL_MS = 600;
  let arrival = 0;
  let shown = null;
  const known = {};

  const over = overlay.make({ closed: () => (shown = null) });
  const build = () => over.build(label, settings.theme);

  const session = sessions.make({
    transport,
    root,
    label: () => label,
    settings: () => settings,
    show: { list, say, moved, left, lost: () => over.restore(), own: over.own },
  });
  const { state } = session;

  function list() {
    build();
    const content = strips.content(state, label, {
      show,
      next: () => step(1),
      previous: () => step(-1),
      reveal: () => session.reveal(),
      close: () => over.hideStrip(),
    });
    over.showStrip(...content);
    over.say(label.count("notes", state.listed.length));
  }

  function say(words) {
    build();
    over.showStrip(...strips.message(words, label, () => over.hideStrip()));
    over.say(words);
  }

  function moved() {
    if (shown) {
      const ranges = session.ranges(shown.id);
      over.follow(ranges);
    }
  }

  function left() {
    controller.clear();
    if (settings.automatic) {
      session.watch();
      // The address changes before the page does: what is read at once would be the page just left.
      clearTimeout(arrival);
      arrival = setTimeout(() => controller.annotate({ automatic: true }), ARRIVAL_MS);
    }
  }

  async function leaveSite() {
    await transport.hideSite();
    controller.clear();
  }

  const actions = {
    /** Not where a policy fixes the list of sites to be left alone. */
    get hideSite() {
      return transport.hideSite && !settings.fixedNever ? leaveSite : null;
    },
    async copy(note) {
      return label((await copy.copy(copy.asText(note, label), over.marks)) ? "copied" : "notCopied");
    },
    ...(transport.hideNote && {
      async hideNote(note) {
        settings.hidden = [...(settings.hidden ?? []), note.id];
        await transport.hideNote(note);
        over.hide();
        await session.refresh();
      },
    }),
    ...(transport.flag && {
      async dispute(note, reason) {
        const url = location.href.split("#")[0].slice(0, 4000);
        const error = await transport.flag({ note, url, reason });
        return error ?? label("disputeSent");
      },
    }),
  };

  /**
   * Ask what raters say of the outlets of a note's reports, and write it into the card. It may come late: by then
   * the reader may be elsewhere in the page, or in the middle of the card, and nothing of that is disturbed.
   */
  async function learn(note) {
    const { records, hostOf } = contextlibNews.dom;
    const reports = [...records(note.reports?.corroborating), ...records(note.reports?.contradicting)];
    const hosts = [...new Set(reports.map(hostOf).filter((host) => host && !(host in known)))];
    if (!hosts.length || !transport.outlets) {
      return;
    }
    Object.assign(known, Object.fromEntries(hosts.map((host) => [host, null])));
    Object.assign(known, await transport.outlets(hosts));
    if (shown) {
      over.revise((card) => cards.rate(card, known));
    }
  }

  function show(note, focus = true) {
    build();
    const ranges = session.ranges(note.id);
    over.showCard([...cards.render(note, label, actions, known), ...siblings(note)], ranges, focus);
    shown = note;
    learn(note).catch(() => {});
  }

  /** Buttons for the other notes on the same words. */
  function siblings(note) {
    const { make } = contextlibNews.dom;
    const here = state.listed.filter((item) => item.id !== note.id && note.target?.exact && item.target?.exact === note.target.exact);
    if (!here.length) {
      return [];
    }
    const rows = here.map((item) => {
      const words = item.claim?.text ?? item.title;
      return make("li", {}, make("button", { type: "button", class: "row", click: () => show(item) }, String(words)));
    });
    return [cards.section(label("more"), make("ul", {}, rows))];
  }

  function step(by) {
    const { placed } = session;
    if (!placed.length) {
      return;
    }
    const at = placed.findIndex((item) => item.note.id === shown?.id);
    const next = at < 0 ? (by > 0 ? 0 : placed.length - 1) : (at + by + placed.length) % placed.length;
    show(placed[next].note);
  }

  const labels = marks.make({ outlets: (hosts) => transport.outlets(hosts), layer: () => over.marks });

  const controller = {
    state,
    async annotate(options) {
      await session.annotate(options);
      for (const doc of framesOf()) {
        listen(doc);
      }
    },
    clear() {
      clearTimeout(arrival);
      session.clear();
      over.hide();
      if (!labels.count) {
        over.remove();
      } else {
        over.hideStrip();
      }
      transport.cleared?.();
    },
    next: () => step(1),
    previous: () => step(-1),
    show(id) {
      const note = state.answer?.notes.find((item) => item.id === id);
      if (note) {
        show(note);
      }
    },
    /** What is known about words that the reader has selected. */
    async select(words) {
      build();
      const range = getSelection()?.rangeCount ? getSelection().getRangeAt(0).cloneRange() : null;
      const show_ = (content) => over.showCard(content, range && !range.collapsed ? [range] : [], true);
      show_(look.waiting(words, label));
      show_(look.render(words, await transport.look(words), label));
    },
    /** Take other settings; messages and locale too where the reader chose a language. */
    async configure(wish) {
      settings = wish;
      if (wish.locale) {
        label = contextlibNews.labels.make(wish.messages ?? messages, wish.locale);
      }
      await session.refresh();
    },
    async links(on) {
      if (!on) {
        labels.stop();
        return 0;
      }
      build();
      return labels.start();
    },
  };

  /** The documents of frames that the session may have read. */
  function framesOf() {
    const found = [];
    for (const frame of document.querySelectorAll("iframe, frame")) {
      try {
        if (frame.contentDocument?.body) {
          found.push(frame.contentDocument);
        }
      } catch {
        // Another origin's.
      }
    }
    return found;
  }

  const heard = new WeakSet();
  let timer = 0;

  function listen(doc) {
    if (heard.has(doc)) {
      return;
    }
    heard.add(doc);
    doc.addEventListener("click", (event) => {
      if (state.status !== "done" || event.composedPath().some(over.own)) {
        return;
      }
      const [found] = highlight.at(event.clientX, event.clientY, doc);
      if (found && !event.composedPath().some((node) => node.tagName === "A")) {
        show(found.note);
      } else {
        over.hide();
      }
    });
    doc.addEventListener(
      "pointermove",
      (event) => {
        clearTimeout(timer);
        if (state.status !== "done" || event.pointerType === "touch" || !session.placed.length) {
          return;
        }
        const { clientX, clientY } = event;
        // A card follows a pointer that rests, not one that passes.
        timer = setTimeout(() => {
          const [found] = highlight.at(clientX, clientY, doc);
          if (found && shown?.id !== found.note.id && !over.holdsFocus()) {
            show(found.note, false);
          }
        }, 250);
      },
      { passive: true },
    );
    doc.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown) {
        over.hide();
      }
    });
  }

  listen(document);
  return controller;
};
