"""The engine that spreads the work: Ray Data, on the cores of this machine or on a cluster.

Everything that knows of Ray is here. What is sent to it are names of units, and what comes back are
counts: the pages are read and the parts written where the work is done. Ray begins a unit anew when
a process dies; that a part then appears once is the business of ``parts``.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ray
import ray.data

from contextlib_news.bulk.found import Columns, Cut
from contextlib_news.bulk.parts import Part
from contextlib_news.bulk.plan import Job, Unit, cut_input
from contextlib_news.bulk.work import Worker
from contextlib_news.errors import CommandError, ContextError

__all__ = ["Engine", "cores", "started"]

# Only names and counts go through it; the least that Ray takes.
STORE_BYTES = 80 * 1024 * 1024

# How often it is tried to start Ray here.
STARTS = 5


@contextmanager
def started(processes: int, address: str | None) -> Iterator[Engine]:
    """Start Ray on so many cores of this machine, or join the cluster at ``address``."""
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is None:
        here = {"num_cpus": processes, "object_store_memory": STORE_BYTES}
        _begin({"include_dashboard": False, **here, **quiet}, STARTS)
    else:
        _begin({"address": address, **quiet}, 1)
        processes = max(1, int(ray.cluster_resources().get("CPU", 1)))
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    try:
        yield Engine(processes)
    finally:
        ray.shutdown()


def _begin(settings: dict[str, Any], starts: int) -> None:
    """Start or join; Ray gives its own processes 30 seconds, which a busy machine may exceed."""
    for start in range(1, starts + 1):
        try:
            ray.init(**settings)
            return
        except Exception as error:  # what Ray raises there has no type of its own
            ray.shutdown()
            if start == starts:
                where = f"at {settings['address']}" if "address" in settings else "here"
                raise CommandError(f"no Ray {where}: {' '.join(str(error).split())}") from None


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Engine:
    """Cuts inputs and annotates units on as many processes."""

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def cut(
        self, paths: list[str], pages: int, columns: Columns
    ) -> Iterator[tuple[int, list[Cut]]]:
        """Yield the number of an input and its units as they become known, in any order."""
        rows = [
            {"input": number, "path": path, "pages": pages, "columns": json.dumps(columns)}
            for number, path in enumerate(paths)
        ]
        held = ray.data.from_items(rows, override_num_blocks=len(rows))
        for row in held.map(_cut, num_cpus=1).iter_rows():
            if row["failed"]:
                raise CommandError(row["failed"])
            yield int(row["input"]), [Cut(**cut) for cut in json.loads(row["cuts"])]

    def annotate(self, job: Job, folder: Path, units: list[Unit], attempt: str) -> Iterator[Part]:
        """Yield the parts as they are written, in any order; raises CommandError if one fails."""
        said = {"job": json.dumps(asdict(job)), "folder": str(folder), "attempt": attempt}
        rows = [{**said, "unit": json.dumps(asdict(unit))} for unit in units]
        held = ray.data.from_items(rows, override_num_blocks=len(rows))
        size = min(self._processes, len(rows))
        done = held.map(_Process, compute=ray.data.ActorPoolStrategy(size=size), num_cpus=1)
        for row in done.iter_rows():
            if row["failed"]:
                raise CommandError(row["failed"])
            yield Part(**{name: int(row[name]) for name in ("number", "pages", "errors", "notes")})


def _cut(row: dict[str, Any]) -> dict[str, Any]:
    answer = {"input": row["input"], "cuts": "", "failed": ""}
    try:
        cuts = cut_input(row["path"], row["pages"], json.loads(row["columns"]))
    except ContextError as error:
        return answer | {"failed": str(error)}
    return answer | {"cuts": json.dumps([asdict(cut) for cut in cuts])}


class _Process:
    """A process of the engine: opens what a job needs once, and does unit after unit."""

    def __init__(self) -> None:
        self._worker: Worker | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Do the unit of a row and return its counts, or why it failed."""
        answer = {"number": -1, "pages": 0, "errors": 0, "notes": 0, "failed": ""}
        try:
            if self._worker is None:
                job = Job.from_dict(json.loads(row["job"]))
                self._worker = Worker(job, Path(row["folder"]), row["attempt"])
            part = self._worker.do(Unit(**json.loads(row["unit"])))
        except ContextError as error:
            return answer | {"failed": str(error)}
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return answer | {"failed": f"{where}{error.strerror or error}"}
        return answer | asdict(part)
