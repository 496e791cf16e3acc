// The overlay's one element: a closed root with strip, card, link labels and a live region, in the
// top layer of the page. Keeps the focus where a reader left it.
"use strict";

contextlibNews.overlay ??= (() => {
  const { dom, styles, highlight, geometry, card: cards } = contextlibNews;
  // A page that takes the element away again and again has its way; the panel still lists all.
  const MOST_RETURNS = 5;

  /** @param closed called when the card has gone */
  function make({ closed }) {
    let host = null;
    let shadow = null;
    let strip = null;
    let card = null;
    let live = null;
    let marks = null;
    let words = null;
    let opener = null;
    let returns = 0;
    let ranges = [];
    let label = null;
    let theme = "auto";
    let wanted = { strip: false };

    function dress() {
      host.lang = label.locale;
      for (const part of [strip, card, marks]) {
        part.dir = label.direction;
        part.dataset.theme = theme;
      }
    }

    function build(wording, wish = theme) {
      label = wording;
      theme = wish;
      if (!host?.isConnected) {
        if (!host) {
          create();
          // What an earlier run of the extension left when it was reloaded.
          document.querySelectorAll(":scope > contextlib-news").forEach((old) => old.remove());
        }
        document.documentElement.append(host);
      }
      dress();
    }

    function create() {
      host = document.createElement("contextlib-news");
      shadow = host.attachShadow({ mode: "closed" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      shadow.adoptedStyleSheets = [sheet];
      strip = dom.make("div", { class: "strip", popover: "manual", role: "region", "aria-label": "Contextlib News" });
      card = dom.make("div", { class: "card", popover: "manual", role: "dialog", "aria-labelledby": "title", tabindex: "-1" });
      live = dom.make("div", { role: "status", class: "live" });
      marks = dom.make("div", { class: "marks", "aria-hidden": "true" });
      words = dom.make("div", { class: "words", "aria-hidden": "true" });
      shadow.append(marks, words, strip, card, live);
      card.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          hide();
        }
      });
    }

    /** Put the element back where a page has taken it out. */
    function restore() {
      if (host && !host.isConnected && returns < MOST_RETURNS) {
        returns++;
        const open = ranges;
        document.documentElement.append(host);
        if (wanted.strip) {
          strip.showPopover();
        }
        if (wanted.card) {
          card.showPopover();
          cards.place(card, geometry.bounds(open), words);
        }
      }
    }

    function showStrip(...content) {
      strip.replaceChildren(...content);
      if (!strip.matches(":popover-open")) {
        strip.showPopover();
      }
      wanted.strip = true;
    }

    function hideStrip() {
      if (strip?.matches(":popover-open")) {
        strip.hidePopover();
      }
      wanted.strip = false;
    }

    /** Show content in the card beside Ranges; with focus only where the reader asked for it. */
    function showCard(content, at, focus) {
      card.replaceChildren(dom.make("button", { type: "button", class: "x", "aria-label": label("close"), click: hide }, "×"), ...content);
      ranges = at;
      // A card that follows the pointer must not move the page under it.
      if (at.length && focus && !cards.fits(geometry.bounds(at))) {
        geometry.reveal(at);
      }
      if (!card.matches(":popover-open")) {
        opener = shadow.activeElement ?? document.activeElement;
        card.showPopover();
      }
      card.scrollTop = 0;
      cards.place(card, geometry.bounds(at), words);
      highlight.mark(at);
      wanted.card = true;
      if (focus) {
        card.focus({ preventScroll: true });
      }
    }

    function hide() {
      if (card?.matches(":popover-open")) {
        const back = shadow.activeElement && card.contains(shadow.activeElement);
        card.hidePopover();
        highlight.mark(null);
        if (back && opener?.isConnected) {
          opener.focus?.({ preventScroll: true });
        }
        opener = null;
      }
      ranges = [];
      wanted.card = false;
      closed();
    }

    /** Move the card beside the Ranges that its words have now. */
    function follow(at) {
      ranges = at;
      highlight.mark(at);
      cards.place(card, geometry.bounds(at), words);
    }

    /** Have something changed in the card that is shown: `act(card)` says whether it was. Neither page nor focus move. */
    function revise(act) {
      if (card && act(card) && wanted.card) {
        settle();
      }
    }

    /** Place the card anew where its words are in the window; where they are not it stays where it is. */
    function settle() {
      const box = wanted.card && ranges.length ? geometry.bounds(ranges) : null;
      if (box && box.top >= 0 && box.bottom <= innerHeight) {
        cards.place(card, box, words);
      } else if (wanted.card) {
        cards.hold(card);
      }
    }

    let moving = 0;

    /**
     * The browser itself keeps the card by its words while the page scrolls; here its side is chosen anew, words in
     * a part that scrolls alone are followed, and past the edge of the window the card waits where it is.
     */
    function scrolled(event) {
      if (!wanted.card || !ranges.length || moving || event?.target === host) {
        return;
      }
      moving = requestAnimationFrame(() => {
        moving = 0;
        settle();
      });
    }

    addEventListener("scroll", scrolled, { capture: true, passive: true });
    addEventListener("resize", () => scrolled(), { passive: true });

    function remove() {
      hide();
      host?.remove();
      host = null;
      wanted = { strip: false };
      returns = 0;
    }

    return {
      build,
      restore,
      showStrip,
      hideStrip,
      showCard,
      hide,
      follow,
      revise,
      remove,
      say: (wording) => (live.textContent = wording),
      own: (node) => host !== null && node === host,
      holdsFocus: () => Boolean(shadow?.activeElement && card.contains(shadow.activeElement)),
      get marks() {
        return marks;
      },
      get stripShown() {
        return wanted.strip;
      },
    };
  }

  return { make };
})();
