"""Every change of everything, kept for good: who, when, what was before and after, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from contextlib_news_server.store.batches import add_rows
from contextlib_news_server.store.tables import revisions, sources

__all__ = [
    "Change",
    "Revision",
    "add_many",
    "diff",
    "find",
    "history",
    "latest",
    "now",
    "recent",
]

Document = Mapping[str, Any]

# Fields that count or date a version and say nothing about what it says.
BOOKKEEPING = frozenset({"revision", "created", "updated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of one thing; ``before`` and ``after`` are None where there was nothing.

    ``number`` grows over all things, ``revision`` with each thing; ``state`` is the state of the
    version where the kind of thing has states; ``source`` names the source that brought it.
    """

    number: int
    kind: str
    key: str
    revision: int
    state: str | None
    made: str
    made_by: str
    reason: str
    source: str | None
    before: Document | None
    after: Document | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs between two versions; None where it was not there."""

    field: str
    before: object
    after: object


def now() -> str:
    """Return this moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add_many(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write revisions and return their numbers, in the same order.

    A row has the columns of the table without its number; the caller holds the lock that keeps
    others from numbering the same thing.
    """
    if not rows:
        return []
    # One statement for all and one that asks for their numbers: asked for row by row, as SQLite
    # would be, they cost several times as much.
    before = connection.scalar(select(func.max(revisions.c.number))) or 0
    add_rows(connection, revisions, rows)
    written = connection.execute(
        select(revisions.c.number, revisions.c.kind, revisions.c.key, revisions.c.revision).where(
            revisions.c.number > before
        )
    )
    numbers = {(kind, key, revision): int(number) for number, kind, key, revision in written}
    return [numbers[row["kind"], row["key"], row["revision"]] for row in rows]


def latest(connection: Connection, kind: str, keys: Sequence[str]) -> dict[str, int]:
    """Return the newest revision number of each key that has one."""
    rows = connection.execute(
        select(revisions.c.key, func.max(revisions.c.revision))
        .where(revisions.c.kind == kind, revisions.c.key.in_(keys))
        .group_by(revisions.c.key)
    )
    return {str(key): int(number) for key, number in rows}


def find(connection: Connection, kind: str, key: str, revision: int) -> Revision | None:
    """Return one revision of a thing, or None."""
    query = _QUERY.where(
        revisions.c.kind == kind, revisions.c.key == key, revisions.c.revision == revision
    )
    row = connection.execute(query).first()
    return None if row is None else _read(row)


def history(
    connection: Connection, kind: str, key: str, *, before: int | None = None, limit: int = 50
) -> list[Revision]:
    """Return the revisions of a thing, newest first; ``before`` is the last one already seen."""
    query = _QUERY.where(revisions.c.kind == kind, revisions.c.key == key)
    if before is not None:
        query = query.where(revisions.c.revision < before)
    query = query.order_by(revisions.c.revision.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def recent(connection: Connection, *, before: int | None = None, limit: int = 50) -> list[Revision]:
    """Return the last changes of anything, newest first; ``before`` is a ``number`` seen."""
    query = _QUERY if before is None else _QUERY.where(revisions.c.number < before)
    query = query.order_by(revisions.c.number.desc()).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def diff(before: Document | None, after: Document | None) -> tuple[Change, ...]:
    """Return the fields that differ, in the order of the newer version; counters are left out.

    >>> diff({"text": "One.", "revision": 1}, {"text": "Two.", "revision": 2})
    (Change(field='text', before='One.', after='Two.'),)
    """
    old, new = before or {}, after or {}
    names = [*new, *(name for name in old if name not in new)]
    return tuple(
        Change(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if name not in BOOKKEEPING and old.get(name) != new.get(name)
    )


def _query() -> Select[Any]:
    earlier = revisions.alias("earlier")
    before = (
        select(earlier.c.after)
        .where(earlier.c.kind == revisions.c.kind, earlier.c.key == revisions.c.key)
        # Numbers have gaps, as a claim may come with one of its own.
        .where(earlier.c.revision < revisions.c.revision)
        .order_by(earlier.c.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(revisions, sources.c.name, before.label("before")).join_from(
        revisions, sources, revisions.c.source == sources.c.number, isouter=True
    )


_QUERY = _query()


def _read(row: Row[Any]) -> Revision:
    return Revision(
        number=row.number,
        kind=row.kind,
        key=row.key,
        revision=row.revision,
        state=row.state,
        made=row.made,
        made_by=row.made_by,
        reason=row.reason,
        source=row.name,
        before=_parsed(row.before),
        after=_parsed(row.after),
    )


def _parsed(text: str | None) -> Document | None:
    if text is None:
        return None
    document: Document = json.loads(text)
    return document
