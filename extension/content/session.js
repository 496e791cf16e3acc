// The notes of one page from the asking to the leaving: read, ask, anchor, paint, follow the page.
"use strict";

contextlibNews.session ??= (() => {
  const { text, anchor, highlight, watch, request, selection, slices } = contextlibNews;
  // Text that comes while a reader reads is asked about too, though not more often than this.
  const FOLLOW_MS = 3_000;
  const MOST_FOLLOWS = 40;
  const LEAST_NEW_CHARACTERS = 20;

  /**
   * @param options {transport, root, label, settings, show: {list, say, moved, left, lost, own}}
   *   label() and settings() give what holds now
   */
  function make({ transport, root, label, settings, show }) {
    const state = { status: "idle", answer: null, anchored: [], missing: [], error: null, listed: [], painted: [], hidden: 0 };
    let blocks = [];
    let finder = null;
    // What was found of each note in the blocks as they are; forgotten when they change.
    let known = new Map();
    let sent = [];
    // What stands in the page, and the part of it that is painted: {note, ranges, words}.
    let all = [];
    let placed = [];
    let run = 0;
    let follows = 0;
    let lastFollow = 0;
    let later = 0;
    let revealed = false;

    const top = () => root ?? document.body ?? document.documentElement;

    function take(read) {
      blocks = read.blocks;
      finder = anchor.finder(blocks);
      known = new Map();
    }

    function whereIs(note) {
      if (!known.has(note.id)) {
        const found = note.target?.exact ? finder.find(note.target) : { ranges: [] };
        known.set(note.id, { ...found, words: wordsOf(found.ranges) });
      }
      return known.get(note.id);
    }

    async function ask(part, links) {
      const answer = await transport.annotate(request.make(part, links, settings().language));
      return request.checked(answer, label()("malformed"));
    }

    /** Ask about a page; `automatic` where the reader has allowed its site and did not press. */
    async function annotate({ automatic = false } = {}) {
      const mine = ++run;
      clearTimeout(later);
      Object.assign(state, { status: "working", error: null });
      const slow = setTimeout(() => mine === run && !automatic && show.say(label()("slow")), settings().slowMs ?? 3_000);
      try {
        if (!/^(?:text\/html|application\/xhtml\+xml|text\/plain)$/.test(document.contentType)) {
          throw new Error(label()("notHere"));
        }
        const read = await text.collect(top());
        if (automatic && read.password) {
          Object.assign(state, { status: "idle" });
          return;
        }
        if (!read.blocks.length) {
          throw new Error(label()("noText"));
        }
        const { parts, left } = request.cut(read.blocks);
        take(read);
        sent = [];
        follows = 0;
        revealed = false;
        let answer = null;
        // From now on: a reader who goes on before the answer is there must not get it on the next page.
        watcher.start([...read.documents, ...read.roots]);
        for (const part of parts) {
          const found = await ask(part, read.links);
          if (mine !== run) {
            return;
          }
          const more = Boolean(answer);
          answer = request.join(answer, found);
          sent.push(...part.map(({ id, text: words }) => ({ id, text: words })));
          await place(answer, more);
          if (mine !== run) {
            return;
          }
        }
        if (left) {
          answer.warnings = [...(answer.warnings ?? []), { words: label()("tooLong", label().number(left)) }];
        }
        Object.assign(state, { status: "done", answer });
        show.list();
        watcher.start([...read.documents, ...read.roots]);
        transport.shown?.(state);
      } catch (error) {
        if (mine === run) {
          watcher.stop();
          highlight.clear();
          placed = [];
          Object.assign(state, { status: "error", error: String(error?.message ?? error), answer: null, listed: [], painted: [], anchored: [], missing: [] });
          if (!automatic) {
            show.say(state.error);
          }
        }
      } finally {
        clearTimeout(slow);
      }
    }

    /**
     * Find the place of every note among the blocks and paint those that the reader wants to see. What is painted
     * already is left as it is where `more` notes have come on the same blocks.
     */
    async function place(answer, more = false) {
      const chosen = selection.choose(answer.notes, settings(), revealed);
      const painted = new Set(chosen.painted);
      const missing = [];
      const found = [];
      const slice = slices.begin("anchor");
      await finder.prepare(chosen.listed.filter((note) => note.target?.exact && !known.has(note.id)).map((note) => note.target), slice);
      for (const note of chosen.listed) {
        const place = whereIs(note);
        if (place.ranges.length) {
          found.push({ note, ...place });
        } else if (note.target?.exact) {
          missing.push(note.id);
        }
        if (slice.due) {
          await slice.breathe();
        }
      }
      found.sort(inOrder);
      placed = found.filter((item) => painted.has(item.note));
      highlight.paint(placed, more);
      slice.end();
      Object.assign(state, { anchored: found.map((item) => item.note.id), missing, listed: chosen.listed, painted: chosen.painted, hidden: chosen.hidden });
      all = found;
    }

    const inOrder = ({ order: one }, { order: other }) => one[0] - other[0] || one[1] - other[1];

    const wordsOf = (ranges) => ranges.map((range) => range.toString()).join("");

    /** Find the places anew after the page has changed, and ask about the words that are new. */
    async function follow(grown) {
      if (state.status !== "done") {
        return;
      }
      const broken = all.some((item) => wordsOf(item.ranges) !== item.words || item.ranges.some((range) => !range.startContainer.isConnected));
      const asks = grown && settings().follow !== false && follows < MOST_FOLLOWS;
      if (!broken && !asks && !(grown && state.missing.length)) {
        return;
      }
      const mine = run;
      const read = await text.collect(top());
      if (mine !== run || state.status !== "done") {
        return;
      }
      watcher.start([...read.documents, ...read.roots]);
      const fresh = anchor.recognise(read.blocks, sent);
      take(read);
      for (const link of read.links) {
        link.block = null;
      }
      if (broken || state.missing.length) {
        await replace();
      }
      if (asks && fresh.reduce((sum, block) => sum + block.text.length, 0) >= LEAST_NEW_CHARACTERS && !(settings().automatic && read.password)) {
        await askMore(fresh, mine);
      }
    }

    /** Place and paint anew; the list only where it has changed. */
    async function replace() {
      const before = [...state.missing, "", ...state.painted.map((note) => note.id), "", ...state.listed.map((note) => note.id)].join();
      await place(state.answer);
      if ([...state.missing, "", ...state.painted.map((note) => note.id), "", ...state.listed.map((note) => note.id)].join() !== before) {
        show.list();
      }
      show.moved();
    }

    /** Ask about blocks that came later; only they are sent. */
    async function askMore(fresh, mine) {
      const wait = lastFollow + (settings().followMs ?? FOLLOW_MS) - performance.now();
      if (wait > 0) {
        clearTimeout(later);
        later = setTimeout(() => follow(true), wait);
        return;
      }
      lastFollow = performance.now();
      follows++;
      const [part] = request.cut(fresh).parts;
      sent.push(...part.map(({ id, text: words }) => ({ id, text: words })));
      try {
        const more = await ask(part, []);
        if (mine === run && state.status === "done") {
          state.answer = request.join(state.answer, more);
          await place(state.answer);
          show.list();
          show.moved();
          transport.shown?.(state);
        }
      } catch {
        // What is shown stays; the reader did not press anything that could fail.
      }
    }

    function clear() {
      run++;
      clearTimeout(later);
      watcher.stop();
      highlight.clear();
      placed = [];
      all = [];
      Object.assign(state, { status: "idle", answer: null, anchored: [], missing: [], error: null, listed: [], painted: [], hidden: 0 });
    }

    const watcher = watch.make({ changed: follow, left: () => show.left(), own: show.own, lost: show.lost });

    return {
      state,
      annotate,
      clear,
      /** Choose and place anew after the settings have changed. */
      async refresh() {
        if (state.status === "done") {
          await place(state.answer);
          show.list();
        }
      },
      async reveal() {
        revealed = true;
        await this.refresh();
      },
      watch: () => watcher.start([document]),
      ranges: (id) => all.find((item) => item.note.id === id)?.ranges ?? [],
      get placed() {
        return placed;
      },
    };
  }

  return { make };
})();
