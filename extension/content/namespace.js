// One shared object for the content scripts. Files in a list share a scope and may be injected
// twice; each defines its part only once.
"use strict";

globalThis.contextlibNews ??= {};
