"""What a run is made of and how it is cut into units, kept beside the output to go on from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from contextlib_news.bulk.found import Columns, Cut
from contextlib_news.bulk.inputs import reader_of
from contextlib_news.errors import CommandError

__all__ = ["PLAN", "Job", "Unit", "cut_input", "differing", "load_plan", "units_of"]

PLAN = "_plan.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that decides what the output says; paths as every machine of the run sees them.

    ``claims`` tells the claims that the index was made of for this run (empty: it was there),
    ``index_digest`` is the checksum in its file's header. ``inputs`` are pairs of a path and
    what tells the file's content; ``today`` is the day (``YYYY-MM-DD``) that tells what is old.
    """

    version: str
    inputs: tuple[tuple[str, str], ...]
    part_pages: int
    claims: str
    index: str
    index_digest: str
    encoder: str | None
    outlets: str | None
    outlets_digest: str
    disclaimers: str | None
    disclaimers_digest: str
    reader_language: str
    today: str
    page_seconds: int
    columns: Columns

    @property
    def run(self) -> str:
        """The name of what is put out: the same for the same job, whoever runs it and when."""
        said = json.dumps(asdict(self), sort_keys=True).encode()
        return hashlib.blake2b(said, digest_size=16).hexdigest()

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Job:
        """Return the job that :func:`dataclasses.asdict` gave, after a way through JSON."""
        known = {field.name: values[field.name] for field in fields(cls)}
        known["inputs"] = tuple((str(a), str(b)) for a, b in known["inputs"])
        return cls(**known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of an input that becomes one part of the output."""

    number: int
    path: str
    start: int
    skip: int
    pages: int

    @property
    def cut(self) -> Cut:
        """Where in the input it stands."""
        return Cut(start=self.start, skip=self.skip, pages=self.pages)


def cut_input(path: str, pages: int, columns: Columns) -> list[Cut]:
    """Return the units of one input; raises CommandError where it cannot be opened."""
    try:
        return reader_of(Path(path)).cut(Path(path), pages, columns)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}") from None


def units_of(paths: list[str], cuts: list[list[Cut]]) -> list[Unit]:
    """Return the units of all inputs with their numbers, in the order of the inputs."""
    together = [(path, cut) for path, some in zip(paths, cuts, strict=True) for cut in some]
    return [
        Unit(number=number, path=path, **asdict(cut)) for number, (path, cut) in enumerate(together)
    ]


def load_plan(folder: Path) -> tuple[Job, list[Unit]] | None:
    """Return the job and the units that a folder was begun with, None where it was not."""
    path = folder / PLAN
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        return Job.from_dict(plan["job"]), [Unit(**unit) for unit in plan["units"]]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"{path}: cannot be read; choose another folder") from None


def plan_to_dict(job: Job, units: list[Unit]) -> dict[str, Any]:
    """Return job and units as they are kept."""
    return {"run": job.run, "job": asdict(job), "units": [asdict(unit) for unit in units]}


def differing(kept: Job, asked: Job) -> list[str]:
    """Return the names of what differs between the job of a folder and the one asked for."""
    return [
        field.name.replace("_", " ")
        for field in fields(Job)
        if getattr(kept, field.name) != getattr(asked, field.name)
    ]
