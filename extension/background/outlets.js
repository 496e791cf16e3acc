// The outlets that the browser itself knows: shipped with the extension, or fetched from a service
// when the reader pressed the button for it.

const LIST = "outlets";
const MOST = 200_000;
let read = null;

async function load() {
  const kept = (await chrome.storage.local.get(LIST))[LIST];
  const list = kept ?? (await (await fetch(chrome.runtime.getURL("data/outlets.json"))).json());
  const outlets = (Array.isArray(list.outlets) ? list.outlets : []).filter((outlet) => typeof outlet?.domain === "string");
  const byHost = new Map(outlets.map((outlet) => [outlet.domain.toLowerCase(), outlet]));
  for (const outlet of outlets) {
    for (const name of arrayOf(outlet.aliases)) {
      const alias = String(name).toLowerCase();
      const own = byHost.get(alias);
      if (own !== outlet && !own?.look_alike_of && !own?.alias) {
        byHost.set(alias, atAlias(outlet, own));
      }
    }
  }
  return { byHost, count: outlets.length, date: String(list.date ?? "") };
}

const arrayOf = (value) => (Array.isArray(value) ? value : []);

/** An outlet as another of its addresses shows it, with what raters say of that address itself. */
function atAlias(outlet, own) {
  const told = (rating) => [rating?.source, rating?.label, rating?.date, rating?.path].join("\u001f");
  const said = new Set(arrayOf(outlet.ratings).map(told));
  return {
    ...outlet,
    alias: true,
    categories: [...new Set([...arrayOf(outlet.categories), ...arrayOf(own?.categories)])],
    ratings: [...arrayOf(outlet.ratings), ...arrayOf(own?.ratings).filter((rating) => !said.has(told(rating)))],
  };
}

const directory = () => (read ??= load());

// The page of the settings takes another list; the worker must not go on with the old one.
chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "local" && changes[LIST]) {
    read = null;
  }
});

/** How many outlets are known, and of which day the list is. */
export async function outletList() {
  const { count, date } = await directory();
  return { count, date };
}

/** The outlet of a host, found by walking its dots; null where none is listed. */
export async function findOutlet(host) {
  const { byHost } = await directory();
  for (let name = host.toLowerCase(); name.includes("."); name = name.slice(name.indexOf(".") + 1)) {
    const outlet = byHost.get(name);
    if (outlet) {
      return outlet;
    }
  }
  return null;
}

/** The outlets of hosts: `{host: outlet}`, those that are known. */
export async function findOutlets(hosts) {
  const found = {};
  for (const host of hosts.slice(0, 2_000)) {
    const outlet = await findOutlet(String(host));
    if (outlet) {
      found[host] = outlet;
    }
  }
  return found;
}

/** A rating as the outlet's own answer has it: the list tells each rater once and names it by its place. */
function writtenOut(rating, raters) {
  if (!Array.isArray(rating)) {
    return rating;
  }
  const [rater, label, score, path] = rating;
  return { ...raters[rater], label, ...(score == null ? {} : { score }), ...(path == null ? {} : { path }) };
}

/** Say whether the list held came from a service. */
export const outletsFetched = async () => LIST in (await chrome.storage.local.get(LIST));

/** Use the list again that ships with the extension. */
export async function shippedOutlets() {
  await chrome.storage.local.remove(LIST);
  read = null;
}

/** Take a list in place of the one held; returns its size, 0 where it is none. */
export async function replaceOutlets(list) {
  if (!Array.isArray(list?.outlets) || list.outlets.length > MOST) {
    return 0;
  }
  const raters = Array.isArray(list.raters) ? list.raters : [];
  const outlets = list.outlets
    .filter((item) => item && typeof item.domain === "string" && item.domain.includes("."))
    .map(({ domain, name, aliases, categories, look_alike_of, ratings }) => ({
      domain,
      name: String(name ?? domain),
      aliases: arrayOf(aliases),
      categories: arrayOf(categories).map(String),
      ...(look_alike_of ? { look_alike_of: String(look_alike_of) } : {}),
      ratings: arrayOf(ratings).map((rating) => writtenOut(rating, raters)),
    }));
  if (!outlets.length) {
    return 0;
  }
  await chrome.storage.local.set({ [LIST]: { date: new Date().toISOString().slice(0, 10), outlets } });
  read = null;
  return outlets.length;
}
