"""What a page of news costs by how much of it a process has met before, beside tantivy.

usage: python -m benchmarks.novelty [--size 1M] [--rounds 5] [--cache FOLDER] [--eval FOLDER]

Processor time of searching a page of sixty sentences, one thread, in three states of the process:
**new**, when it has searched a single sentence in its life; **fresh**, after other pages of news,
as a service that runs; **again**, when it has searched the same pages once. Processes of both take
turns; of a page the least of all rounds counts, and a ratio is that of the medians of all pages.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import haystack
from benchmarks.pages import query_sets, warm_up
from benchmarks.service import SIZES, Indices, prepared
from benchmarks.worker import ONE_THREAD

ENGINES = ("contextlib", "tantivy")
STATES = ("new", "fresh", "again")
FIRST = "The minister said that the vaccine is safe."
FOUND = 10

Page = Sequence[str]


def measure(indices: Indices, engine: str, other: list[Page], pages: list[Page]) -> Any:
    """Return the milliseconds of pages in this process after other ones, and of the same again."""
    search = _opened(indices, engine)
    search([FIRST])
    for page in other:
        search(page)
    return [[_cpu(search, page) for page in pages] for _ in range(2)]


def _opened(indices: Indices, engine: str) -> Callable[[Page], object]:
    if engine == "tantivy":
        from benchmarks.peers.tantivy import methods

        peer = methods()[0].open(indices.tantivy)
        return lambda page: peer.search(page, FOUND)
    from contextlib_news.matching.index import ClaimIndex

    index = ClaimIndex.open(indices.ours)
    return lambda page: index.search(page, limit=FOUND)


def _cpu(search: Callable[[Page], object], page: Page) -> float:
    before = time.process_time()
    search(page)
    return (time.process_time() - before) * 1000


def _run(job: dict[str, Any]) -> list[list[float]]:
    """Return what ``measure`` gives in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.novelty", "--job"],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **ONE_THREAD},
    )
    found: list[list[float]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Run the benchmark of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="1M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cache", type=Path, default=Path("build/bench"))
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--job", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        job = json.load(sys.stdin)
        indices = Indices(Path(job["ours"]), Path(job["tantivy"]))
        print(json.dumps(measure(indices, job["engine"], job["other"], job["pages"])))
        return
    evaluation = options.eval if options.eval.exists() else None
    corpus = haystack(SIZES[options.size], options.cache, evaluation)
    indices = prepared(corpus, options.cache)
    news, other = query_sets(corpus, evaluation, 0)[0].pages(), warm_up(evaluation).pages()
    job = {"ours": str(indices.ours), "tantivy": str(indices.tantivy), "pages": news}
    spent: dict[str, dict[str, list[list[float]]]] = {
        engine: {state: [] for state in STATES} for engine in ENGINES
    }
    for _ in range(options.rounds):
        for state, before in (("new", []), ("fresh", other)):
            for engine in ENGINES:
                first, again = _run({**job, "engine": engine, "other": before})
                spent[engine][state].append(first)
                spent[engine]["again"].append(again)
    print(f"{options.size} claims, {len(news)} pages, {options.rounds} processes each")
    for state in STATES:
        ours, peer = (float(np.median(np.min(spent[engine][state], axis=0))) for engine in ENGINES)
        print(f"  {state:<6}{ours:8.2f} ms, tantivy {peer:8.2f} ms: {ours / peer:.3f}")


if __name__ == "__main__":
    main()
