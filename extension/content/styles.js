// The style of card, strip and link labels, adopted by the closed root (allowed under any page's CSP).
"use strict";

contextlibNews.styles ??= `
:host {
  /* Important, so that no rule of the page hides the overlay or makes room for it. */
  all: initial !important; display: block !important; position: absolute !important;
  inset: 0 auto auto 0 !important; width: 0 !important; height: 0 !important; z-index: 2147483647 !important;
}
* { box-sizing: border-box; }
.card, .strip, .marks {
  color-scheme: light dark;
  --ink: light-dark(#1d232b, #e8ebf0); --quiet: light-dark(#56606d, #aab3bf);
  --paper: light-dark(#ffffff, #1b2027); --line: light-dark(#d7d9dd, #3b434e); --soft: light-dark(#f4f5f6, #242b34);
  --accent: light-dark(#0b5a72, #7cc7de); --hover: light-dark(#eef1f3, #2a323c);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
}
[data-theme="light"] { color-scheme: light; } [data-theme="dark"] { color-scheme: dark; }
.card, .strip {
  position: fixed; inset: auto; margin: 0; padding: 0;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  overflow-wrap: anywhere; text-align: start;
  scrollbar-width: thin; scrollbar-color: var(--quiet) var(--paper);
}
.card {
  width: 28rem; max-width: calc(100vw - 24px); max-height: min(70vh, 36rem); overflow: auto;
  overscroll-behavior: contain; padding: 14px 18px 16px; border-radius: 12px;
  box-shadow: 0 2px 6px #0002, 0 12px 32px #0003;
}
.card { position-anchor: --words; position-visibility: always; }
.words { position: absolute; inset: 0 auto auto 0; visibility: hidden; pointer-events: none; anchor-name: --words; }
.card.sheet { left: 0; right: 0; bottom: 0; width: 100%; max-width: 100%; max-height: 60vh; border-radius: 14px 14px 0 0; }
.strip { left: 0; right: 0; bottom: 0; width: 100%; border-width: 1px 0 0; max-height: 60vh; overflow: auto; box-shadow: 0 -4px 18px #0002; }
.bar { display: flex; gap: 4px 14px; align-items: center; padding: 6px 14px; }
.bar strong { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 40%; }
.bar .line { flex: 1; min-width: 0; color: var(--quiet); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.buttons { display: flex; gap: 4px; flex: none; }
h2 { font-size: 17px; line-height: 1.3; margin: 2px 0 6px; margin-inline-end: 28px; }
h3 { font-size: 13px; margin: 14px 0 4px; color: var(--quiet); font-weight: 600; }
p { margin: 6px 0; }
blockquote { margin: 8px 0; padding: 8px 12px; border-radius: 8px; background: var(--soft); max-height: 9.5em; overflow: auto; }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
.card > ul, section ul { padding-inline-start: 0; }
section li, .found li { border-inline-start: 3px solid var(--line); padding-inline-start: 10px; }
.found .below { border-inline-start-style: dotted; }
dl { margin: 10px 0; padding: 10px 12px; border-radius: 8px; background: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 10px 16px; }
dt { font-size: 12.5px; color: var(--quiet); } dd { margin: 0; max-height: 9.5em; overflow: auto; scrollbar-width: thin; }
mark { color: inherit; background: none; text-decoration: underline 1.5px; text-decoration-color: var(--accent); text-underline-offset: 3px; }
strong.differs { font-weight: 700; background: light-dark(#fbe3de, #5a2a22); border-radius: 3px; padding: 0 2px; }
a { color: var(--accent); text-underline-offset: 2px; }
.address { font-size: 13px; }
.title { font-weight: 600; } .quiet { color: var(--quiet); font-size: 13px; }
.kind { display: inline-block; margin: 0; font-size: 12.5px; font-weight: 600; color: var(--accent); }
.kind.disclaimer { color: light-dark(#7a5200, #e5c079); } .kind.figure { color: light-dark(#9c2f1f, #f0a494); }
.kind.quotation, .kind.page { color: var(--quiet); } .kind.citation { color: light-dark(#4a4a8a, #b4b4ee); }
.verdict { display: inline-block; border: 1.5px solid currentColor; border-radius: 99px; padding: 0 9px; font-weight: 600; font-size: 13px; }
.verdict.corroborated { color: light-dark(#1c6b3c, #7fd3a0); } .verdict.contradicted { color: light-dark(#9c2f1f, #f0a494); }
.verdict.disputed, .verdict.unverified { color: light-dark(#7a5200, #e5c079); }
details { padding: 0 14px 8px; } .card details { padding: 8px 0 0; }
summary { cursor: pointer; color: var(--accent); font-size: 14px; min-height: 24px; }
button, textarea { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 8px; }
button { cursor: pointer; min-width: 32px; min-height: 32px; }
textarea { width: 100%; border-color: var(--quiet); padding: 6px 8px; resize: vertical; }
form label { font-size: 13px; }
.acts { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 12px; }
.act { border-color: var(--line); padding: 2px 10px; font-size: 13px; }
.buttons button { font-size: 18px; line-height: 1; border-color: var(--line); }
.x { position: absolute; inset-block-start: 10px; inset-inline-end: 10px; font-size: 18px; line-height: 1; }
.row { display: grid; gap: 1px; width: 100%; text-align: start; padding: 6px 8px; }
.row:hover, .buttons button:hover, .x:hover, .act:hover { background: var(--hover); }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bar .line.whole { white-space: normal; }
.marks { position: absolute; inset: 0 auto auto 0; width: 0; height: 0; }
.mark {
  position: absolute; inset: 0 auto auto 0; white-space: nowrap; font-size: 11px; line-height: 14px; padding: 0 5px; margin: -8px 0 0 4px;
  color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: 8px;
}
.mark.small { margin: -6px 0 0 -4px; padding: 0 2px; border-radius: 50%; line-height: 9px; min-width: 11px; min-height: 11px; background: var(--accent); }
.mark.small span { display: none; }
.mark.small:hover { border-radius: 8px; line-height: 14px; padding: 0 5px; background: var(--paper); z-index: 1; } .mark.small:hover span { display: inline; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
.card:focus-visible { outline-width: 2px; outline-offset: 0; }
@media (max-width: 560px) {
  .bar { flex-wrap: wrap; } .bar .line { order: 3; flex-basis: 100%; white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; } .bar .line.whole { display: block; } .bar strong { max-width: 60%; flex: 1; }
  .strip:has(~ .card.sheet:popover-open) { display: none; }
  button, summary { min-height: 40px; } .buttons button { min-width: 40px; }
}
@media (forced-colors: active) { .verdict, .card, .strip, .mark { border-color: CanvasText; } strong.differs { outline: 1px solid CanvasText; } }
@media print { .card, .strip, .marks { display: none !important; } }
@media (prefers-reduced-motion: no-preference) { .card { animation: come 90ms ease-out; } @keyframes come { from { opacity: 0; } } }
`;
