// The style of card and strip, adopted by the closed shadow root (allowed under any page's CSP).
"use strict";

contextlibNews.styles ??= `
:host {
  /* Important, so that no rule of the page hides the overlay or makes room for it. */
  all: initial !important; display: block !important; position: fixed !important;
  inset: 0 auto auto 0 !important; width: 0 !important; height: 0 !important;
}
* { box-sizing: border-box; }
.card, .strip {
  color-scheme: light dark;
  --ink: light-dark(#1d232b, #e8ebf0); --quiet: light-dark(#56606d, #aab3bf);
  --paper: light-dark(#ffffff, #1b2027); --line: light-dark(#d7d9dd, #3b434e);
  --accent: light-dark(#0b5a72, #7cc7de);
  position: fixed; inset: auto; margin: 0; padding: 0;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  overflow-wrap: anywhere; text-align: start;
  scrollbar-width: thin; scrollbar-color: var(--quiet) var(--paper);
}
.card {
  width: 26rem; max-width: calc(100vw - 24px); max-height: min(70vh, 36rem); overflow: auto;
  overscroll-behavior: contain; padding: 14px 18px 16px; border-radius: 12px;
  box-shadow: 0 2px 6px #0002, 0 12px 32px #0003;
}
.card.sheet { left: 0; right: 0; bottom: 0; width: 100%; max-width: 100%; max-height: 60vh; border-radius: 14px 14px 0 0; }
.strip { left: 0; right: 0; bottom: 0; width: 100%; border-width: 1px 0 0; max-height: 60vh; overflow: auto; box-shadow: 0 -4px 18px #0002; }
.bar { display: flex; gap: 4px 14px; align-items: center; padding: 6px 14px; }
.bar strong { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 40%; }
.bar .line { flex: 1; min-width: 0; color: var(--quiet); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.buttons { display: flex; gap: 4px; flex: none; }
h2 { font-size: 17px; line-height: 1.3; margin: 2px 28px 6px 0; }
h3 { font-size: 13px; margin: 14px 0 4px; color: var(--quiet); font-weight: 600; }
p { margin: 6px 0; }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
.card > ul, section ul { padding-inline-start: 0; }
section li { border-inline-start: 3px solid var(--line); padding-inline-start: 10px; }
dl { margin: 10px 0; padding: 10px 12px; border-radius: 8px; background: light-dark(#f4f5f6, #242b34); }
dt { font-size: 12.5px; color: var(--quiet); } dd { margin: 0 0 8px; max-height: 9.5em; overflow: auto; scrollbar-width: thin; } dd:last-child { margin: 0; }
a { color: var(--accent); text-underline-offset: 2px; }
.title { font-weight: 600; } .quiet { color: var(--quiet); font-size: 13px; }
.kind { display: inline-block; margin: 0; font-size: 12.5px; font-weight: 600; color: var(--accent); }
.kind.disclaimer { color: light-dark(#7a5200, #e5c079); } .kind.figure { color: light-dark(#9c2f1f, #f0a494); }
.kind.quotation, .kind.page { color: var(--quiet); } .kind.citation { color: light-dark(#4a4a8a, #b4b4ee); }
.verdict { display: inline-block; border: 1.5px solid currentColor; border-radius: 99px; padding: 0 9px; font-weight: 600; font-size: 13px; }
.verdict.corroborated { color: light-dark(#1c6b3c, #7fd3a0); } .verdict.contradicted { color: light-dark(#9c2f1f, #f0a494); }
.verdict.disputed, .verdict.unverified { color: light-dark(#7a5200, #e5c079); }
details { padding: 0 14px 8px; } .card details { padding: 8px 0 0; }
summary { cursor: pointer; color: var(--accent); font-size: 14px; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 8px; cursor: pointer; min-width: 32px; min-height: 32px; }
.buttons button { font-size: 18px; line-height: 1; border-color: var(--line); }
.x { position: absolute; inset-block-start: 10px; inset-inline-end: 10px; font-size: 18px; line-height: 1; }
.row { display: grid; gap: 1px; width: 100%; text-align: start; padding: 6px 8px; }
.row:hover, .buttons button:hover, .x:hover { background: light-dark(#eef1f3, #2a323c); }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bar .line.whole { white-space: normal; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.card:focus-visible { outline-width: 2px; outline-offset: 0; }
@media (max-width: 560px) { .bar { flex-wrap: wrap; } .bar .line { order: 3; flex-basis: 100%; white-space: normal; } .bar strong { max-width: 60%; flex: 1; } }
@media (forced-colors: active) { .verdict, .card, .strip { border-color: CanvasText; } }
`;
