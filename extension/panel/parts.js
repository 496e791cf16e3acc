// Elements from data for the extension's own pages: text goes in as text.

export const records = (value) => (Array.isArray(value) ? value.filter((item) => item !== null && typeof item === "object") : []);

/** Make an element; children are nodes or texts. */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children.flat());
  return element;
}

/** One rating as a line with its link, where the address is one that may be followed. */
export function rating(item) {
  const words = `: ${item.label}${item.date ? ` (${item.date})` : ""}`;
  try {
    if (["http:", "https:"].includes(new URL(item.url).protocol)) {
      const link = make("a", { href: item.url, target: "_blank", rel: "noopener noreferrer" }, item.source);
      return make("span", {}, link, words);
    }
  } catch {
    // No address: the words alone.
  }
  return make("span", {}, `${item.source}${words}`);
}
