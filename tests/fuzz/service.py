"""Ask the service many odd things: ``python -m tests.fuzz.service --requests 100000``.

Takes a run up where it stopped (``--state``). It ends with 1 where an answer was a fault of ours:
a 5xx other than a deliberate 503, a traceback, an exception that went through, an answer after
more than a minute, or memory that still grows when all caches are full. Requests that found a fault
are printed by their number.
"""

from __future__ import annotations

import argparse
import atexit
import json
import logging
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask import Flask
from flask.testing import FlaskClient

from tests.fuzz.requests import Question, Questions

ROOT = Path(__file__).parent.parent.parent
PIECE = 500

# What a process may grow in the second half of its life, in MB, if that had as many requests at
# least that its caches were full at the middle.
MOST_LATE_GROWTH_MB = 20
LEAST_JUDGED = 20_000
SLOWEST_SECONDS = 60.0


def build_app(folder: Path) -> Flask:
    """Return a seeded service of its own without limits on how often it is asked."""
    plain = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)})
    return create_app(replace(plain, rate_limit=""))


def fault(client: FlaskClient, question: Question) -> tuple[int, str | None]:
    """Ask, and return the status and what is wrong with the answer, None where nothing is."""
    began = time.monotonic()
    try:
        answer = client.open(
            question.path, method=question.method, data=question.data, headers=question.headers
        )
        content = answer.data
    except Exception as error:
        return 0, f"{type(error).__name__} went through"
    seconds = time.monotonic() - began
    if answer.status_code >= 500 and answer.status_code != 503:
        return answer.status_code, f"answered {answer.status_code}"
    if b"Traceback (most recent call last)" in content:
        return answer.status_code, "showed a traceback"
    if seconds > SLOWEST_SECONDS:
        return answer.status_code, f"took {seconds:.0f} seconds"
    return answer.status_code, None


@dataclass(slots=True)
class Run:
    """What came of some requests.

    ``memory`` are the megabytes that the process held after every 500 requests of its life.
    """

    process: int
    counts: Counter[str]
    faults: list[str]
    memory: list[float]


class Asker:
    """A service in this process, and how many megabytes it held after every 500 requests."""

    def __init__(self, folder: Path) -> None:
        logging.disable(logging.CRITICAL)
        self._questions = Questions(ROOT)
        self._app = build_app(folder)
        self._client = self._app.test_client()
        self._asked = 0
        self._memory: list[float] = []

    def run(self, numbers: Iterable[int]) -> Run:
        """Ask the requests of some numbers."""
        counts: Counter[str] = Counter()
        faults: list[str] = []
        for number in numbers:
            status, wrong = fault(self._client, self._questions.question(number))
            counts[str(status)] += 1
            if wrong is not None:
                faults.append(f"request {number} {wrong}")
            self._asked += 1
            if self._asked % PIECE == 0:
                self._memory.append(_resident_mb())
        return Run(os.getpid(), counts, faults, list(self._memory))

    def close(self) -> None:
        """Let go of the database."""
        self._app.extensions[KEY].engine.dispose()


def late_growth(memory: Sequence[float]) -> float:
    """Return by how many MB a process grew in the second half of its life.

    Caches fill in the first half; what goes on growing then is lost. The means of the tenths
    around the middle and before the end are compared, as a piece may begin with large requests.
    """
    if len(memory) * PIECE < LEAST_JUDGED:
        return 0.0
    tenth = len(memory) // 10
    middle = len(memory) // 2
    return fmean(memory[-tenth:]) - fmean(memory[middle - tenth // 2 : middle + tenth // 2 + 1])


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> int:
    """Run as many requests as asked for, beginning where the state says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "fuzz.json")
    options = parser.parse_args()
    state: dict[str, Any] = {"done": 0, "seconds": 0.0, "counts": {}, "faults": [], "memory": {}}
    if options.state.is_file():
        state |= json.loads(options.state.read_text("utf-8"))
    started = f"from request {state['done']:,}"
    stretch = 1_000 * options.processes
    # The processes live as long as the command, so that what they lose adds up.
    with ProcessPoolExecutor(options.processes, initializer=_begin) as pool:
        while state["done"] < options.requests:
            until = min(options.requests, state["done"] + stretch)
            parts = [
                range(state["done"] + n, until, options.processes) for n in range(options.processes)
            ]
            began = time.monotonic()
            outcomes = list(pool.map(_run, parts))
            state["seconds"] += time.monotonic() - began
            state["done"] = until
            counts = Counter(state["counts"])
            for run in outcomes:
                counts.update(run.counts)
                state["faults"] += run.faults
                state["memory"][f"{started}, process {run.process}"] = run.memory
            state["counts"] = dict(sorted(counts.items()))
            options.state.parent.mkdir(parents=True, exist_ok=True)
            options.state.write_text(json.dumps(state), "utf-8")
            rate = state["done"] / state["seconds"]
            held = ", ".join(f"{run.memory[-1]:.0f} MB" for run in outcomes if run.memory)
            print(
                f"{state['done']:,} requests, {rate:.0f} a second, {state['counts']}, {held}",
                flush=True,
            )
    lost = {name: late_growth(memory) for name, memory in state["memory"].items()}
    for name, memory in state["memory"].items():
        print(f"{name}: {_curve(memory)}; {lost[name]:+.0f} MB in the second half")
    for line in state["faults"]:
        print(line)
    return 1 if state["faults"] or max(lost.values(), default=0.0) > MOST_LATE_GROWTH_MB else 0


_asker: Asker | None = None


def _begin() -> None:
    """Start the service of a process of the pool."""
    global _asker
    folder = tempfile.TemporaryDirectory()
    _asker = Asker(Path(folder.name))
    atexit.register(folder.cleanup)


def _run(numbers: range) -> Run:
    assert _asker is not None, "the process has begun"
    return _asker.run(numbers)


def _curve(memory: Sequence[float]) -> str:
    """Return about ten points of the memory of a process."""
    step = max(1, len(memory) // 10)
    return ", ".join(
        f"{PIECE * (at + 1) // 1000}k {memory[at]:.0f}" for at in range(step - 1, len(memory), step)
    )


if __name__ == "__main__":
    sys.exit(main())
