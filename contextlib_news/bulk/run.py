"""A whole run: begin or go on, do what is not done, and say what there is."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from contextlib_news.bulk.found import Columns, Cut
from contextlib_news.bulk.parts import Part, digest_of, part_path, read_part, sweep, write_json
from contextlib_news.bulk.plan import PLAN, Job, Unit, differing, load_plan, plan_to_dict, units_of
from contextlib_news.errors import CommandError

try:
    import fcntl
except ImportError:  # Windows has no such locks; two runs in one folder only cost twice the work
    fcntl = None  # type: ignore[assignment]

__all__ = ["MANIFEST", "Engine", "Outcome", "run_job"]

MANIFEST = "_manifest.json"
LOCK = "_lock"

# Where nobody watches, a line of progress is enough every so many seconds.
SECONDS_A_LINE = 30.0


class Engine(Protocol):
    """What does the work; see :mod:`contextlib_news.bulk.engine`."""

    def cut(
        self, paths: list[str], pages: int, columns: Columns
    ) -> Iterator[tuple[int, list[Cut]]]:
        """Yield number and units of each input."""
        ...

    def annotate(self, job: Job, folder: Path, units: list[Unit], attempt: str) -> Iterator[Part]:
        """Yield the parts of units as they are there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an output holds, and how many pages this run annotated in how many seconds."""

    pages: int
    errors: int
    notes: int
    parts: int
    pages_now: int
    seconds: float


def run_job(
    job: Job,
    folder: Path,
    start: Callable[[], AbstractContextManager[Engine]],
    *,
    shown: bool = True,
) -> Outcome:
    """Bring an output to its end and return what it holds.

    A folder that was begun goes on where it stopped; ``job.today`` may be empty for the day on
    which it was begun. ``start`` starts the engine and is called only where something is left to
    do; ``shown`` draws a bar on standard error. Raises CommandError where the folder belongs to
    another job or is being written by another run, and where a unit fails: parts that are there
    stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder), ExitStack() as stack:
        sweep(folder)
        kept = load_plan(folder)
        job = replace(job, today=job.today or (kept[0].today if kept else date.today().isoformat()))
        engine: Engine | None = None
        if kept is not None:
            units = _continued(job, kept)
        else:
            if any(folder.glob("part-*.parquet")):
                raise CommandError(f"{folder}: holds parts of another run; choose another folder")
            engine = stack.enter_context(start())
            units = _plan(job, folder, engine, shown)
        parts = {
            unit.number: part for unit in units if (part := read_part(folder, unit.number, job.run))
        }
        left = [unit for unit in units if unit.number not in parts]
        began = time.monotonic()
        if left:
            engine = engine or stack.enter_context(start())
            began = time.monotonic()
            with _bar(units, parts, shown) as bar:
                for part in engine.annotate(job, folder, left, secrets.token_hex(8)):
                    parts[part.number] = part
                    _advance(bar, part, parts)
        seconds = time.monotonic() - began
        _close(job, folder, units, parts)
    return Outcome(
        pages=sum(part.pages for part in parts.values()),
        errors=sum(part.errors for part in parts.values()),
        notes=sum(part.notes for part in parts.values()),
        parts=len(parts),
        pages_now=sum(unit.pages for unit in left),
        seconds=seconds,
    )


def _continued(job: Job, kept: tuple[Job, list[Unit]]) -> list[Unit]:
    """Return the units of a folder that this job began."""
    if kept[0] != job:
        others = ", ".join(differing(kept[0], job))
        raise CommandError(f"the folder was begun with another {others}; choose another folder")
    return kept[1]


def _plan(job: Job, folder: Path, engine: Engine, shown: bool) -> list[Unit]:
    """Cut the inputs into units and keep them: from then on the folder is begun."""
    paths = [path for path, _ in job.inputs]
    cuts: list[list[Cut]] = [[] for _ in paths]
    with tqdm(total=len(paths), desc="counting", unit=" files", **_manner(shown)) as bar:
        for number, some in engine.cut(paths, job.part_pages, job.columns):
            cuts[number] = some
            bar.update()
    units = units_of(paths, cuts)
    write_json(folder / PLAN, plan_to_dict(job, units))
    return units


def _close(job: Job, folder: Path, units: list[Unit], parts: dict[int, Part]) -> None:
    """Write what the finished output holds, after a look at the number of pages of each part."""
    for unit in units:
        if unit.number not in parts or parts[unit.number].pages != unit.pages:
            name = part_path(folder, unit.number)
            raise CommandError(f"{name}: does not hold its {unit.pages} pages; take it away, go on")
    write_json(
        folder / MANIFEST,
        {
            "run": job.run,
            "pages": sum(unit.pages for unit in units),
            "parts": [
                {
                    "name": part_path(folder, unit.number).name,
                    "input": unit.path,
                    "pages": unit.pages,
                    "errors": parts[unit.number].errors,
                    "notes": parts[unit.number].notes,
                    "blake2b": digest_of(part_path(folder, unit.number)),
                }
                for unit in units
            ],
        },
    )


def _bar(units: list[Unit], parts: dict[int, Part], shown: bool) -> Any:
    bar = tqdm(
        total=sum(unit.pages for unit in units),
        initial=sum(part.pages for part in parts.values()),
        desc="annotating",
        unit=" pages",
        **_manner(shown),
    )
    return bar


def _advance(bar: Any, part: Part, parts: dict[int, Part]) -> None:
    bar.update(part.pages)
    notes = sum(each.notes for each in parts.values())
    errors = sum(each.errors for each in parts.values())
    bar.set_postfix_str(f"{notes:,} notes, {errors:,} errors", refresh=False)


def _manner(shown: bool) -> dict[str, Any]:
    watched = sys.stderr.isatty()
    return {
        "disable": not shown,
        "file": sys.stderr,
        "mininterval": 0.2 if watched else SECONDS_A_LINE,
        "dynamic_ncols": watched,
    }


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder: a second run that would write to it is told so; a kill lets it go."""
    with (folder / LOCK).open("a") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CommandError(f"{folder}: another run is writing here") from None
        yield
