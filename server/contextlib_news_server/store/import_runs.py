"""The runs of imports: which file, how far it came, and the report of what became of its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from contextlib_news_server.store.tables import imports, sources

__all__ = ["ImportRun", "get", "latest", "listed", "note_report", "reason_of", "without_folders"]

IMPORTED = "imported from "
_SLASHES = re.compile(r"[/\\]")
_IS_PATH = re.compile(r"(?:[/\\~]|\.{1,2}[/\\]|[A-Za-z]:[/\\])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One run; ``state`` is ``running`` or ``done``, ``source`` the name of what it brought in.

    ``removed`` says that the source is not there any more; ``report`` is None where none was kept.
    """

    number: int
    source: str
    source_number: int
    removed: bool
    state: str
    file: str | None
    started: str
    finished: str | None
    made_by: str
    added: int
    changed: int
    unchanged: int
    rejected: int
    report: Mapping[str, Any] | None


def reason_of(file: str | None, source: str) -> str:
    """Return what the history says of a record that an import brought.

    Readers see it, so a file is named without the folders of the machine where it lay.

    >>> reason_of("/home/ada/claims.jsonl", "Checks"), reason_of(None, "Checks")
    ('imported from claims.jsonl', 'imported from Checks')
    """
    return IMPORTED + (_last_part(file) if file else source)


def without_folders(reason: str) -> str:
    """Return the reason of a change as readers may see it; earlier releases wrote whole paths.

    >>> without_folders("imported from /home/ada/claims.jsonl")
    'imported from claims.jsonl'
    """
    said = reason.removeprefix(IMPORTED)
    return IMPORTED + _last_part(said) if said != reason and _IS_PATH.match(said) else reason


def _last_part(path: str) -> str:
    return _SLASHES.split(path.rstrip("/\\"))[-1]


_QUERY = select(
    imports, sources.c.name.label("name"), (sources.c.state == "removed").label("removed")
).join_from(imports, sources, imports.c.source == sources.c.number)


def listed(
    connection: Connection, *, before: int | None = None, limit: int = 50
) -> list[ImportRun]:
    """Return the runs, newest first, those below the number ``before``."""
    query = _QUERY if before is None else _QUERY.where(imports.c.number < before)
    rows = connection.execute(query.order_by(imports.c.number.desc()).limit(limit))
    return [_read(row) for row in rows]


def get(connection: Connection, number: int) -> ImportRun | None:
    """Return a run by its number, or None."""
    row = connection.execute(_QUERY.where(imports.c.number == number)).first()
    return None if row is None else _read(row)


def latest(connection: Connection, source: str) -> ImportRun | None:
    """Return the newest run of a source, None where it has none."""
    query = _QUERY.where(sources.c.name == source).order_by(imports.c.number.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _read(row)


def note_report(connection: Connection, number: int, report: Mapping[str, Any]) -> None:
    """Keep the report of a run."""
    connection.execute(
        update(imports)
        .where(imports.c.number == number)
        .values(report=json.dumps(report, ensure_ascii=False))
    )


def _read(row: Row[Any]) -> ImportRun:
    values = dict(row._mapping)
    report = values.pop("report")
    values |= {"source": values.pop("name"), "source_number": values["source"]}
    return ImportRun(
        removed=bool(values.pop("removed")),
        report=None if report is None else json.loads(report),
        **values,
    )
