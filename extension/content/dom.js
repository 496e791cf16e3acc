// Building elements from data: text goes in as text, addresses only where a reader may follow them.
"use strict";

contextlibNews.dom ??= (() => {
  /** Make an element; children are nodes or texts, null ones are left out. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "click") {
        element.addEventListener("click", value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(name, value === true ? "" : String(value));
      }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  /** A link, or the bare text where the address is none that may be followed. */
  function link(address, text) {
    let safe = false;
    try {
      safe = ["http:", "https:"].includes(new URL(address).protocol);
    } catch {
      safe = false;
    }
    const words = String(text ?? address ?? "");
    return safe
      ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words)
      : document.createTextNode(words);
  }

  const list = (value) => (Array.isArray(value) ? value : []);
  /** The objects of a list: what a service adds to it by mistake is left out. */
  const records = (value) => list(value).filter((item) => item !== null && typeof item === "object");
  const words = (value) => (typeof value === "string" ? value : "");

  /** The host of a report's address, "" where it has none that may be followed. */
  function hostOf(item) {
    try {
      const { protocol, hostname } = new URL(item?.url);
      return /^https?:$/.test(protocol) ? hostname : "";
    } catch {
      return "";
    }
  }

  return { make, link, list, records, words, hostOf };
})();
