// Reads the content scripts as a page would: classic files, one shared scope.
import { readFileSync } from "node:fs";
import vm from "node:vm";

export function load(...names) {
  const context = vm.createContext({ console, URL, URLSearchParams, atob, performance, MessageChannel, Intl });
  for (const name of ["namespace.js", ...names]) {
    const path = new URL(`../../extension/content/${name}`, import.meta.url);
    vm.runInContext(readFileSync(path, "utf8"), context, { filename: name });
  }
  return vm.runInContext("contextlibNews", context);
}
