"""What readers get when one, a few, many and far too many ask at once.

usage: python -m benchmarks.load --index FILE [--readers 1 8 64 512] [--seconds 20] [--eval FOLDER]

One process of the service, as ``serve`` runs it, over an index file of ours. Each reader asks for
the notes on a page of sixty sentences, and for the next one when it has the answer; one that is
refused waits as long as ``Retry-After`` says. Readers and service share the machine.
**recovered** is how long after the crowd has gone a page took that was asked for then.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.corpora import haystack
from benchmarks.pages import query_sets
from benchmarks.service import Indices, ask, build_ours, cpu_seconds, page_bodies, served
from contextlib_news.matching.index import ClaimIndex

READERS = (1, 8, 64, 512)
SMALLEST = 10_000


class Crowd:
    """Readers at once; times in seconds of answers with notes and of refusals."""

    def __init__(self, port: int, bodies: list[bytes], readers: int, seconds: float) -> None:
        self.noted: list[float] = []
        self.refused: list[float] = []
        self.other: Counter[str] = Counter()
        self._port = port
        self._bodies = bodies
        self._until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._read, args=(n,)) for n in range(readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _read(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        while (began := time.monotonic()) < self._until:
            body = self._bodies[number % len(self._bodies)]
            number += 1
            try:
                connection.request(
                    "POST", "/api/v1/annotate", body, {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                answer.read()
            except OSError as error:
                self.other[type(error).__name__] += 1
                connection.close()
                continue
            spent = time.monotonic() - began
            if answer.status == 200:
                self.noted.append(spent)
            elif answer.status == 503:
                self.refused.append(spent)
                left = self._until - time.monotonic()
                time.sleep(max(0.0, min(left, float(answer.headers["Retry-After"]))))
            else:
                self.other[str(answer.status)] += 1
        connection.close()


def quantile(times: list[float], share: float) -> float:
    """Return a quantile in milliseconds, nan where there is nothing."""
    if not times:
        return float("nan")
    return 1000 * sorted(times)[min(len(times) - 1, int(share * len(times)))]


def resident_mb(process: int) -> tuple[float, float]:
    """Return the memory of a process in MB: its own, and what it shares by its mapped files."""
    held = Counter[str]()
    for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, kilobytes, *_ = line.split()
        held[name] += int(kilobytes)
    own = held["Private_Dirty:"] / 1000
    return own, held["Rss:"] / 1000 - own


def main() -> None:
    """Run the benchmark of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--cache", type=Path, default=Path("build/bench"))
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    options = parser.parse_args()
    evaluation = options.eval if options.eval.exists() else None
    # Of the corpus only the pages beside it are needed, and these are the same at every size.
    corpus = haystack(SMALLEST, options.cache, evaluation)
    bodies = page_bodies(query_sets(corpus, evaluation, 0)[0])
    claims = len(ClaimIndex.open(options.index))
    print(f"{claims:,} claims, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    with served(build_ours, Indices(options.index, Path())) as (port, process):
        ask(port, bodies)
        for readers in options.readers:
            before = cpu_seconds(process)
            crowd = Crowd(port, bodies, readers, options.seconds)
            began = time.monotonic()
            ask(port, bodies[:1])
            recovered = time.monotonic() - began
            spent = cpu_seconds(process) - before
            answered = len(crowd.noted)
            row = {
                "readers": readers,
                "pages a second": round(answered / options.seconds, 1),
                "CPU ms a page": round(1000 * spent / max(1, answered), 1),
                "ms, half": round(quantile(crowd.noted, 0.5)),
                "ms, 95 %": round(quantile(crowd.noted, 0.95)),
                "ms, 99 %": round(quantile(crowd.noted, 0.99)),
                "refused a second": round(len(crowd.refused) / options.seconds, 1),
                "refusal ms, 95 %": quantile(crowd.refused, 0.95),
                "other": dict(crowd.other),
                "recovered ms": round(1000 * recovered),
                "load": round(os.getloadavg()[0], 1),
            }
            print(json.dumps(row), flush=True)
        own, mapped = resident_mb(process)
        print(f"memory: {own:.0f} MB of its own, {mapped:.0f} MB mapped and shared")


if __name__ == "__main__":
    main()
