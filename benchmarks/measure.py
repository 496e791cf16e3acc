"""What is measured of one method on one corpus: each function gives numbers ready for JSON.

Processor time is that of the whole search with tokenising, scoring and results, on one thread. A
page is searched once in a process, and each pass has a process of its own, so that what a method
keeps in mind of a sentence helps it no more than it would help a reader.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import Corpus, fresh_claims
from benchmarks.memory import LIMIT, MEGABYTE, peak_megabytes
from benchmarks.pages import Query, QuerySet
from benchmarks.peers.method import Engine, Method

__all__ = ["build", "changes", "opening", "recall", "speed", "summary"]

DEPTHS = (1, 10, 20)
OPENINGS = 5
CHANGES = (1, 1_000, 10_000)


def build(method: Method, corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Build an index; seconds, processor seconds, size of the files and peak memory in MB."""
    started, cpu = time.perf_counter(), time.process_time()
    method.build(corpus, folder)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "file_mb": method.disk_bytes(folder) / MEGABYTE,
        "peak_mb": peak_megabytes(),
    }


def opening(method: Method, folder: Path, page: Sequence[str]) -> dict[str, float]:
    """Return the median milliseconds of opening, and those of the very first search."""
    engine, elapsed = _timed(lambda: method.open(folder))
    first_search = _timed(lambda: engine.search(page, LIMIT))[1]
    engine.close()
    times = [elapsed]
    while len(times) < OPENINGS:
        engine, elapsed = _timed(lambda: method.open(folder))
        times.append(elapsed)
        engine.close()
    return {"ms": float(np.median(times)), "first_search_ms": first_search}


def speed(
    method: Method, folder: Path, warm_up: QuerySet, sets: Iterable[QuerySet]
) -> dict[str, list[float]]:
    """Return for each set of queries the milliseconds of each page, searched once.

    Before them come other pages of news: a service has met most words of a page, and no sentence.
    """
    engine = method.open(folder)
    for page in warm_up.pages():
        engine.search(page, LIMIT)
    times = {
        queries.name: [_page_cpu(engine, page) for page in queries.pages()] for queries in sets
    }
    engine.close()
    return times


def summary(passes: Sequence[dict[str, list[float]]]) -> dict[str, dict[str, float]]:
    """Return the median and the 95th percentile of the milliseconds per page of all passes."""
    return {
        name: {
            "p50": float(np.median([times[name] for times in passes])),
            "p95": float(np.percentile([times[name] for times in passes], 95)),
            "pages": len(passes[0][name]),
            "passes": len(passes),
        }
        for name in passes[0]
    }


def recall(
    method: Method, folder: Path, sets: Iterable[QuerySet], ids: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return for each set with answers the share of them among the best 1, 10 and 20."""
    engine = method.open(folder)
    found: dict[str, dict[str, float]] = {}
    for queries in sets:
        if not any(query.gold for query in queries.queries):
            continue
        shares = np.array(
            [row for page in _batches(queries.queries) for row in _shares(engine, page, ids)]
        )
        at = dict(zip(map(str, DEPTHS), shares.mean(axis=0).tolist(), strict=True))
        found[queries.name] = {**at, "queries": len(queries.queries)}
    engine.close()
    return found


def changes(
    method: Method, folder: Path, corpus: Corpus, rounds: int
) -> dict[str, dict[str, float]]:
    """Return the least processor milliseconds of adding claims and then searching for one of them.

    Methods that change their files are given a copy. ``found`` is 1 where the search finds it.
    """
    claims = fresh_claims(rounds * sum(CHANGES))
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="changes-") as temporary:
        if method.copied_for_changes:
            folder = Path(shutil.copytree(folder, Path(temporary) / "index"))
        engine = method.open(folder)
        engine.search([claims[0].text], LIMIT)
        start = 0
        for count in CHANGES:
            tries = []
            for _ in range(rounds):
                added = claims[start : start + count]
                first_row = corpus.size + start
                keys = {added[-1].id, first_row + count - 1}
                before = engine.cpu_seconds()
                changed = engine.change(added, first_row)
                between = changed.cpu_seconds()
                (best,) = changed.search([added[-1].text], LIMIT)
                after = changed.cpu_seconds()
                found = float(best[0] in keys)
                tries.append(((after - before) * 1000, (after - between) * 1000, found))
                start += count
            total, search_ms, found = min(tries)
            results[str(count)] = {"ms": total, "search_ms": search_ms, "found": found}
        engine.close()
    return results


def _timed(action: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    result = action()
    return result, (time.perf_counter() - started) * 1000


def _page_cpu(engine: Engine, page: Sequence[str]) -> float:
    before = engine.cpu_seconds()
    engine.search(page, LIMIT)
    return (engine.cpu_seconds() - before) * 1000


def _batches(queries: Sequence[Query], size: int = 60) -> list[Sequence[Query]]:
    return [queries[start : start + size] for start in range(0, len(queries), size)]


def _shares(
    engine: Engine, queries: Sequence[Query], ids: Sequence[str]
) -> list[tuple[float, ...]]:
    """Return for each query the share of its answers found at each depth."""
    results = engine.search([query.text for query in queries], max(DEPTHS))
    shares = []
    for query, keys in zip(queries, results, strict=True):
        ranked = [ids[key] if isinstance(key, int) else key for key in keys]
        shares.append(
            tuple(
                len(query.gold.intersection(ranked[:depth])) / min(depth, len(query.gold))
                for depth in DEPTHS
            )
        )
    return shares
