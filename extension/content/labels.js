// The strings of the overlay, from the extension's locale or from a page that hands them over.
"use strict";

contextlibNews.labels ??= (() => {
  /** @param {Record<string, {message: string, placeholders?: object}> | null} messages */
  function make(messages) {
    return (key, ...values) => {
      if (!messages) {
        return chrome.i18n.getMessage(key, values.map(String)) || key;
      }
      const entry = messages[key];
      if (!entry) {
        return key;
      }
      return entry.message.replace(/\$([A-Z]+)\$/g, (whole, name) => {
        const place = entry.placeholders?.[name.toLowerCase()]?.content;
        return place ? String(values[Number(place.slice(1)) - 1] ?? "") : whole;
      });
    };
  }
  return { make };
})();
