// What an element says of itself. A form answers to the names of its fields before its own: with
// `<input name="id">` its `id` is that field, so the questions of a walk are asked past them.
"use strict";

contextlibNews.element ??= (() => {
  const { getAttribute, hasAttributes, checkVisibility, querySelector } = Element.prototype;
  const getter = (prototype, name) => {
    const { get } = Object.getOwnPropertyDescriptor(prototype, name);
    return (node) => get.call(node);
  };
  return {
    typeOf: getter(Node.prototype, "nodeType"),
    childrenOf: getter(Node.prototype, "childNodes"),
    firstOf: getter(Node.prototype, "firstChild"),
    nameOf: getter(Element.prototype, "localName"),
    idOf: getter(Element.prototype, "id"),
    classesOf: getter(Element.prototype, "classList"),
    shadowOf: getter(Element.prototype, "shadowRoot"),
    attribute: (element, name) => getAttribute.call(element, name),
    hasAttributes: (element) => hasAttributes.call(element),
    isDrawn: (element, how) => checkVisibility.call(element, how),
    find: (element, selector) => querySelector.call(element, selector),
  };
})();
