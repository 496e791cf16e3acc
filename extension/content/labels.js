// The strings of the overlay, from the extension's locale or from messages that are handed over;
// numbers, dates and plural forms by locale.
"use strict";

contextlibNews.labels ??= (() => {
  /**
   * @param {Record<string, {message: string, placeholders?: object}> | null} messages
   *   null: those that the browser chose
   * @param {string} locale of the messages
   */
  function make(messages, locale = "en") {
    function text(key, values) {
      if (!messages) {
        return chrome.i18n.getMessage(key, values.map(String)) || "";
      }
      const entry = messages[key];
      return !entry
        ? ""
        : entry.message.replace(/\$([A-Z]+)\$/g, (whole, name) => {
            const place = entry.placeholders?.[name.toLowerCase()]?.content;
            return place ? String(values[Number(place.slice(1)) - 1] ?? "") : whole;
          });
    }
    const label = (key, ...values) => text(key, values) || key;
    label.locale = locale;
    label.direction = /^(?:ar|fa|he|ur)\b/.test(locale) ? "rtl" : "ltr";
    label.number = (value) => new Intl.NumberFormat(locale).format(value);
    label.share = (value) => new Intl.NumberFormat(locale, { style: "percent" }).format(value);
    /** How many of something: `notes_one`, `notes_other` and what other forms a language has. */
    label.count = (key, value) => {
      const form = new Intl.PluralRules(locale).select(value);
      const number = label.number(value);
      return text(`${key}_${form}`, [number]) || label(`${key}_other`, number);
    };
    /** YYYY, YYYY-MM, YYYY-MM-DD or a full time as a reader would write it. */
    label.date = (value) => {
      const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(String(value ?? ""));
      if (!parts) {
        return String(value ?? "");
      }
      const [, year, month, day] = parts;
      const style = { year: "numeric", timeZone: "UTC", ...(month && { month: "long" }), ...(day && { day: "numeric" }) };
      const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
      return Number.isNaN(date.getTime()) ? String(value) : new Intl.DateTimeFormat(locale, style).format(date);
    };
    return label;
  }
  return { make };
})();
