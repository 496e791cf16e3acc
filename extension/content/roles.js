// What an element is to a reader: skipped, a block with a role, or part of a line.
"use strict";

contextlibNews.roles ??= (() => {
  const { attribute, classesOf, firstOf, idOf, isDrawn } = contextlibNews.element;
  const words = (text) => new Set(text.split(" "));
  const SKIPPED = words(
    "SCRIPT STYLE NOSCRIPT TEMPLATE SVG MATH CANVAS OBJECT EMBED AUDIO VIDEO SELECT TEXTAREA INPUT BUTTON NAV HEAD MENU RT RP DATALIST METER PROGRESS CONTEXTLIB-NEWS",
  );
  const SKIPPED_ROLES = words("navigation menu menubar toolbar tablist search textbox searchbox combobox button tooltip alertdialog");
  const ROLES = {
    H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading",
    P: "paragraph", PRE: "paragraph", ADDRESS: "paragraph", LI: "list", DT: "list", DD: "list",
    BLOCKQUOTE: "quote", FIGCAPTION: "caption", CAPTION: "caption", FOOTER: "footer",
    ASIDE: "other", TABLE: "other", TR: "other", TD: "other", TH: "other", SUMMARY: "other", DIALOG: "other",
  };
  const ARIA = {
    heading: "heading", paragraph: "paragraph", listitem: "list", blockquote: "quote", caption: "caption",
    contentinfo: "footer", complementary: "other", dialog: "other", note: "other",
  };
  const PLAIN = words("ARTICLE BODY CENTER DETAILS DIV DL FIELDSET FIGURE FORM HEADER HR HTML MAIN OL SECTION TBODY THEAD TFOOT UL");
  // What lies inside one of these keeps its role: a paragraph of a quotation is quoted.
  const STICKY = words("footer quote caption list");
  const COMMENTS = words("comments comment-list commentlist comments-section comment-section comments-area disqus_thread respond user-comments");
  const WHOLE = words("HTML BODY MAIN ARTICLE");

  const SEEN = { visibilityProperty: true };

  /**
   * Say whether an element is left out with all that it holds. Here and below, `bare` says that it has no attribute
   * and lies in an element that was not left out, which spares most of the questions.
   */
  function skipped(element, name, bare) {
    if (SKIPPED.has(name)) {
      return true;
    }
    if (bare) {
      return false;
    }
    if (element.isContentEditable) {
      return true;
    }
    const role = attribute(element, "role");
    if (role && SKIPPED_ROLES.has(role)) {
      return true;
    }
    return !WHOLE.has(name) && isComments(element);
  }

  /** Say whether an element holds what readers wrote below the article. */
  function isComments(element) {
    if (COMMENTS.has(idOf(element).toLowerCase()) || attribute(element, "itemtype")?.endsWith("schema.org/Comment")) {
      return true;
    }
    for (const token of classesOf(element)) {
      if (COMMENTS.has(token.toLowerCase())) {
        return true;
      }
    }
    return false;
  }

  /** Say whether an element is not drawn where a reader can see it. */
  function hidden(element, bare) {
    if (!bare && (attribute(element, "hidden") !== null || attribute(element, "aria-hidden") === "true")) {
      return true;
    }
    if (!isDrawn(element, SEEN)) {
      // An element with `display: contents` has no box of its own, and yet its children are seen.
      return getComputedStyle(element).display !== "contents";
    }
    // The customary way to hide words from the eye and keep them for screen readers.
    if (element.offsetWidth <= 1 && element.offsetHeight <= 1 && firstOf(element)) {
      const style = getComputedStyle(element);
      return style.display !== "contents" && (style.position === "absolute" || style.position === "fixed");
    }
    return false;
  }

  /** The role that an element gives its text, "" for a block without one, null for part of a line. */
  function roleOf(element, name, bare) {
    const aria = bare ? "" : ARIA[attribute(element, "role") ?? ""];
    if (aria) {
      return aria;
    }
    if (name in ROLES) {
      return ROLES[name];
    }
    if (PLAIN.has(name)) {
      return "";
    }
    const { display } = getComputedStyle(element);
    return display.startsWith("inline") || display === "contents" || display.startsWith("ruby") ? null : "";
  }

  /** Say whether a block inside one with a role keeps that role rather than take its own. */
  const inherits = (role, own) => STICKY.has(role) || (role === "other" && (own === "paragraph" || own === "list"));

  return { skipped, hidden, roleOf, inherits };
})();
