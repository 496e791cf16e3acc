"""One process that builds or measures one method, so that memory and caches are its own.

The command starts it as ``python -m benchmarks.worker JOB`` with one thread; JOB is a JSON text and
so is the last line of what it prints.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.memory import LIMIT, memory
from benchmarks.peers.method import Engine, UnavailableError
from benchmarks.peers.registry import find_method

__all__ = ["Job", "run"]

# Whatever brings threads of its own is held to one.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
        "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a process is to do: ``build``, ``measure``, ``memory`` or ``speed``."""

    task: str
    module: str
    method: str
    without: Sequence[str]
    index: str
    corpus: str
    size: int
    real: int
    evaluation: str | None
    passes: int
    planted: int
    pages: str = ""


def run(job: Job) -> dict[str, Any]:
    """Return what a process of its own finds out; ``{"unavailable": why}`` where it cannot."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", json.dumps(asdict(job))],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, **ONE_THREAD},
    )
    if finished.returncode:
        return {"unavailable": f"failed with exit status {finished.returncode}"}
    result: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Do the job of the command line and print what came of it."""
    job = Job(**json.loads(sys.argv[1]))
    for package in job.without:
        # An import of it fails from here on, as where it is not installed.
        sys.modules[package] = None  # type: ignore[assignment]
    tasks = {"build": _build, "measure": _measure, "memory": _memory, "speed": _speed}
    try:
        result = tasks[job.task](job)
    except UnavailableError as error:
        result = {"unavailable": str(error)}
    print(json.dumps(result))


def _memory(job: Job) -> dict[str, Any]:
    pages = json.loads(Path(job.pages).read_text("utf-8"))
    return memory(find_method(job.module, job.method), Path(job.index), pages)


def _build(job: Job) -> dict[str, Any]:
    from benchmarks.measure import build

    folder = Path(job.index)
    folder.mkdir(parents=True)
    return build(find_method(job.module, job.method), _corpus(job), folder)


def _measure(job: Job) -> dict[str, Any]:
    from benchmarks import measure
    from benchmarks.pages import dev_sets

    method, folder, corpus = find_method(job.module, job.method), Path(job.index), _corpus(job)
    sets = [queries.sample(method.sampled_pages) for queries in _query_sets(job)]
    # A sample is too small to be parted.
    apart = () if method.sampled_pages else dev_sets(_evaluation(job))
    result: dict[str, Any] = {
        "open": measure.opening(method, folder, sets[0].pages()[0]),
        "cpu_ms": measure.summary(
            [
                run(replace(job, task="speed"))
                for _ in range(1 if method.sampled_pages else job.passes)
            ]
        ),
        "recall": measure.recall(method, folder, [*sets, *apart], corpus.ids()),
    }
    if method.in_process:
        result["memory"] = _memory_of_second(job, method.open(folder), sets[0].pages())
    if method.changes:
        result["changes"] = measure.changes(method, folder, corpus, job.passes)
    return result


def _memory_of_second(job: Job, first: Engine, pages: list[list[str]]) -> dict[str, Any]:
    """Return what a second process finds out while the first has the same file mapped and read."""
    for page in pages:
        first.search(page, LIMIT)
    path = Path(job.index).with_suffix(".pages.json")
    path.write_text(json.dumps(pages), "utf-8")
    return run(replace(job, task="memory", pages=str(path)))


def _speed(job: Job) -> dict[str, Any]:
    from benchmarks.measure import speed
    from benchmarks.pages import warm_up

    method = find_method(job.module, job.method)
    sets = [queries.sample(method.sampled_pages) for queries in _query_sets(job)]
    before = warm_up(_evaluation(job)).sample(method.sampled_pages)
    return speed(method, Path(job.index), before, sets)


def _corpus(job: Job) -> Any:
    from benchmarks.corpora import Corpus

    return Corpus(Path(job.corpus), job.size, job.real)


def _query_sets(job: Job) -> Any:
    from benchmarks.pages import query_sets

    return query_sets(_corpus(job), _evaluation(job), job.planted)


def _evaluation(job: Job) -> Path | None:
    return Path(job.evaluation) if job.evaluation else None


if __name__ == "__main__":
    main()
