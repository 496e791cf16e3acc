// Work in slices: no task of ours holds a page up, and each is marked so that it can be measured.
"use strict";

contextlibNews.slices ??= (() => {
  // Half of what the issue of long tasks allows, since machines differ and one step may run over.
  const SLICE_MS = 12;

  const rest = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });

  /** A worker through a long job: `await slice.breathe()` between its steps, `slice.end()` after. */
  function begin(name) {
    let began = performance.now();
    const mark = () => performance.measure(`contextlib-news:${name}`, { start: began, end: performance.now() });
    return {
      get due() {
        return performance.now() - began > SLICE_MS;
      },
      async breathe() {
        mark();
        await rest();
        began = performance.now();
      },
      end: mark,
    };
  }

  return { begin };
})();
