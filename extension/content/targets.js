// Where a link leads in the end: search engines and social networks lead to pages by addresses of their own, in
// which that of the page is written. Only what is written there is read; nothing is asked for.
"use strict";

contextlibNews.targets ??= (() => {
  // Host, path and the parameter that holds the address; hosts stand for what lies below them too.
  const LEADING = [
    [/(?:^|\.)google\.[a-z]{2,3}(?:\.[a-z]{2})?$/, /^\/url$/, ["url", "q"]],
    [/(?:^|\.)duckduckgo\.com$/, /^\/l\/$/, ["uddg"]],
    [/(?:^|\.)bing\.com$/, /^\/ck\/a$/, ["u"]],
    [/^lm?\.facebook\.com$/, /^\/l\.php$/, ["u"]],
    [/^l\.(?:instagram|messenger|threads)\.com$/, /^\/$/, ["u"]],
    [/^out\.reddit\.com$/, /^\//, ["url"]],
    [/(?:^|\.)youtube\.com$/, /^\/redirect$/, ["q"]],
    [/(?:^|\.)linkedin\.com$/, /^\/(?:redir\/redirect|safety\/go)$/, ["url"]],
    [/(?:^|\.)vk\.com$/, /^\/away\.php$/, ["to"]],
    [/^t\.umblr\.com$/, /^\/redirect$/, ["z"]],
  ];
  // These hold no address; the network itself writes the page's host as the words of the link.
  const SHORT = /^(?:t\.co|lnkd\.in)$/;
  const WRITTEN = /^\s*(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#…]|\.{3}|\s*$)/i;
  // Bing writes the address in base64, with two letters before it.
  const CODED = /^a1([\w-]+)$/;

  function addressIn(value) {
    const coded = CODED.exec(value)?.[1];
    try {
      return new URL(coded ? atob(coded.replaceAll("-", "+").replaceAll("_", "/")) : value);
    } catch {
      return null;
    }
  }

  /** The host of the page that a link leads to, "" where it is none of the web. */
  function hostOf(link) {
    const { protocol, hostname, pathname, search } = link;
    if (!/^https?:$/.test(protocol)) {
      return "";
    }
    const host = hostname.toLowerCase();
    const rule = LEADING.find(([hosts, paths]) => hosts.test(host) && paths.test(pathname));
    if (rule) {
      const given = new URLSearchParams(search);
      for (const name of rule[2]) {
        const target = given.has(name) ? addressIn(given.get(name)) : null;
        if (/^https?:$/.test(target?.protocol)) {
          return target.hostname.toLowerCase();
        }
      }
    }
    return SHORT.test(host) ? (WRITTEN.exec(link.textContent)?.[1].toLowerCase() ?? host) : host;
  }

  return { hostOf };
})();
