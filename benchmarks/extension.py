"""What the extension costs a page: reading, anchoring and labelling links, in both browsers.

usage: python -m benchmarks.extension [-o docs/extension-times.md]

Every slice of work is marked with ``performance.measure``, and the numbers are those marks. Of
several runs the quickest counts. Beside them, in the same page and run, stands what the browser's
own ``innerText`` takes to read the page, and a walk that looks for every quote in every text node,
which is what overlays without an index of the text do.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.chromium import Chromium, find_chromium
from tests.browser.engine import Engine
from tests.browser.firefox import Firefox, find_firefox
from tests.browser.made import FILLER, HELD, huge, made_pages
from tests.browser.sites import Server, serve_answer, serve_pages

HOST = "daily.example"
RUNS = 9
NOTES = 200
LIMIT_SLICE_MS = 50
LIMIT_TOTAL_MS = 200
LIMIT_LINKS_MS = 100

MEASURES = """(() => { const found = {}; for (const { name, duration } of
performance.getEntriesByType('measure')) { if (name.startsWith('contextlib-news:'))
(found[name.slice(16)] ??= []).push(duration); } performance.clearMeasures(); return found; })()"""
INNER_TEXT = """(() => { const began = performance.now(); const length =
document.body.innerText.length; return [performance.now() - began, length]; })()"""
NAIVE = """(() => { const quotes = %s; const began = performance.now(); let found = 0;
for (const quote of quotes) { const walker = document.createTreeWalker(document.body, 4);
while (walker.nextNode()) if (walker.currentNode.data.includes(quote)) { found++; break; } }
return [performance.now() - began, found]; })()"""


@dataclass(frozen=True, slots=True)
class Row:
    """The quickest of several runs on one page in one engine; times in milliseconds."""

    page: str
    named: bool
    engine: str
    megabytes: float
    notes: int
    read: float
    anchor: float
    longest: float
    inner_text: float
    naive: float

    @property
    def total_a_megabyte(self) -> float:
        """Reading and anchoring for each megabyte of text."""
        return (self.read + self.anchor) / max(self.megabytes, 1e-9)


def answer(quotes: list[str], *, named: bool) -> bytes:
    """Return an answer with a note for each quote, its block named as the service does, or not."""
    notes = [
        {
            "id": f"n{n}",
            "kind": "claim",
            "title": "A",
            "text": "B",
            # The known sentence is the first block, a numbered paragraph the one of its number.
            "target": {"exact": q, "block": f"b{0 if q == HELD else int(q[:5]) + 1}"}
            if named
            else {"exact": q},
        }
        for n, q in enumerate(quotes)
    ]
    return json.dumps({"document": {}, "outlet": None, "notes": notes}).encode()


def article(megabytes: float) -> tuple[str, list[str]]:
    """Return a page and quotes spread evenly over it."""
    page = huge(megabytes)
    count = page.count("<p>") - 2
    quotes = [f"{n:05d}. {FILLER.strip()}" for n in range(0, count, max(1, count // NOTES))][:NOTES]
    return page, [HELD, *quotes]


def measure(engine: Engine, site: Server, name: str, quotes: list[str], *, named: bool) -> Row:
    """Return the quickest of the runs on a page."""
    service = serve_answer(answer(quotes, named=named))
    engine.use_service(service.url())
    best: tuple[float, dict[str, list[float]]] | None = None
    for _ in range(RUNS):
        engine.goto(site.url(f"/{name}", HOST))
        state = engine.annotate()
        assert state["status"] == "done", state["error"]
        assert len(state["anchored"]) == len(quotes), state["missing"][:3]
        found: dict[str, list[float]] = engine.evaluate(MEASURES)
        total = sum(map(sum, found.values()))
        if best is None or total < best[0]:
            best = (total, found)
    inner = min(engine.evaluate(INNER_TEXT) for _ in range(RUNS))
    naive = min(engine.evaluate(NAIVE % json.dumps(quotes)) for _ in range(RUNS))
    service.close()
    assert best is not None
    found = best[1]
    return Row(
        page=name,
        named=named,
        engine=engine.name,
        megabytes=inner[1] / 1e6,
        notes=len(quotes),
        read=sum(found["read"]),
        anchor=sum(found["anchor"]),
        longest=max(map(max, found.values())),
        inner_text=inner[0],
        naive=naive[0],
    )


def label_links(engine: Engine, site: Server) -> float:
    """Return the milliseconds that labelling the 600 links of a page takes."""
    engine.use_service("http://127.0.0.1:9", labels="everywhere")
    engine.control("chrome.runtime.sendMessage({type: 'reconcile'})")
    times = []
    for _ in range(RUNS):
        engine.goto(site.url("/links.html", HOST))
        entries = "performance.getEntriesByName('contextlib-news:links').length"
        engine.wait("the labels", lambda entries=entries: engine.evaluate(entries))
        found = engine.evaluate(MEASURES)
        times.append(sum(found["links-sought"]) + sum(found["links"]))
    return min(times)


def table(rows: list[Row], links: dict[str, float], loads: tuple[float, float]) -> str:
    """Return the numbers as a page of the documentation.

    ``loads`` are the machine's load averages of a minute before and after.
    """
    lines = [
        "# What the extension costs a page",
        "",
        "Written by `python -m benchmarks.extension -o docs/extension-times.md`. Milliseconds of",
        f"the page's own thread, the quickest of {RUNS} runs. Notes come with the block they stand",
        "in, as the service sends them, and on the last page also without, so that each is looked",
        "for in the whole page. `innerText` is the browser's own",
        "reading of the page; the walk looks for each quote in each text node, as overlays without",
        "an index do, and finds only quotes that lie in one node. On the shortest page the notes",
        "cost more than its text: it has one for every 700 characters.",
        "",
        f"Load of the machine of {os.cpu_count()} cores meanwhile: {loads[0]:.0f} before, "
        f"{loads[1]:.0f} after.",
        "",
        "| Page | Browser | MB of text | Notes | Block | Reading | Anchoring | Both a MB "
        "| Longest slice | `innerText` | Walk | Walk ÷ anchoring |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        lines.append(
            f"| {row.page.removesuffix('.html')} | {row.engine} | {row.megabytes:.2f} "
            f"| {row.notes} | {'named' if row.named else 'not named'} | {row.read:.1f} "
            f"| {row.anchor:.1f} | {row.total_a_megabyte:.0f} | {row.longest:.0f} "
            f"| {row.inner_text:.0f} | {row.naive:.0f} | {row.naive / max(row.anchor, 0.1):.1f} |"
        )
    lines += [
        "",
        f"Limits: a slice {LIMIT_SLICE_MS} ms, both for each MB {LIMIT_TOTAL_MS} ms, 600 links "
        f"{LIMIT_LINKS_MS} ms.",
        "",
        "600 links are sought in the page and labelled in "
        + ", ".join(f"{time:.0f} ms ({name})" for name, time in links.items())
        + ".",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure both engines and print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    pages: dict[str, Any] = {}
    quotes: dict[str, list[str]] = {}
    for name, size in (("article", 0.03), ("long", 0.3), ("huge", 2.0)):
        pages[f"{name}.html"], quotes[f"{name}.html"] = article(size)
    site = serve_pages({**made_pages(), **pages})
    before = os.getloadavg()[0]
    rows: list[Row] = []
    links: dict[str, float] = {}
    for make, find in ((Chromium, find_chromium), (Firefox, find_firefox)):
        binary = find()
        if binary is None:
            print(f"{make.name} is not installed", file=sys.stderr)
            continue
        engine = make(binary)
        try:
            for name in pages:
                rows.append(measure(engine, site, name, quotes[name], named=True))
            rows.append(measure(engine, site, name, quotes[name], named=False))
            links[engine.name] = label_links(engine, site)
        finally:
            engine.close()
    site.close()
    text = table(
        sorted(rows, key=lambda row: list(pages).index(row.page)),
        links,
        (before, os.getloadavg()[0]),
    )
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
