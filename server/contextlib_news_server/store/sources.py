"""Where things come from: every import is one attributed, dated, removable source."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, literal, select, update

from contextlib_news.errors import CommandError
from contextlib_news_server.store import revisions
from contextlib_news_server.store.tables import claim_sources, outlet_facts, ratings, sources

__all__ = [
    "DESK",
    "Source",
    "SourceCounts",
    "by_number",
    "counts",
    "counts_of_all",
    "counts_up_to",
    "declare",
    "get",
    "listed",
    "note_removal",
]

# What curators write by hand; it cannot be removed.
DESK = "desk"

ACTIVE = "active"
REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source: the name it is listed and removed by, and what is known about it.

    ``kind`` is ``starter``, ``claims``, ``outlets``, ``subscription`` or ``desk``; ``date`` is the
    date of what was imported, ``imported`` when that was done last.
    """

    number: int
    name: str
    kind: str
    state: str
    imported: str
    made_by: str
    url: str | None = None
    licence: str | None = None
    method: str | None = None
    date: str | None = None
    remark: str | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """How much of the database a source says something about."""

    claims: int = 0
    outlets: int = 0
    ratings: int = 0


def declare(
    connection: Connection,
    name: str,
    *,
    kind: str,
    made_by: str,
    url: str | None = None,
    licence: str | None = None,
    method: str | None = None,
    date: str | None = None,
    remark: str | None = None,
) -> Source:
    """Return the source of this name, made or brought up to date; its history is kept.

    What is None leaves what is held. Raises CommandError for a name that cannot be one, or that a
    source of another kind has.
    """
    if not name.strip() or len(name) > 200:
        raise CommandError("the name of a source must have 1 to 200 characters")
    if name == DESK and kind != DESK:
        raise CommandError(f"{DESK!r} is what curators write themselves; choose another name")
    held = get(connection, name, removed=True)
    if held is not None and held.kind != kind and held.state == ACTIVE:
        raise CommandError(
            f"the source {name!r} holds {held.kind}; choose another name, or remove it first"
        )
    given = {"url": url, "licence": licence, "method": method, "date": date, "remark": remark}
    moment = revisions.now()
    if held is None:
        values = given | {"kind": kind, "made_by": made_by, "imported": moment, "revision": 1}
        row = connection.execute(
            sources.insert().values(name=name, state=ACTIVE, **values).returning(sources)
        ).one()
        source = _read(row)
        _note(connection, source, made_by, "first import" if kind != DESK else "made", moment)
        return source
    known = {key: value for key, value in given.items() if value is not None}
    revived = held.state == REMOVED
    changes = known if not revived else given
    if not revived and all(getattr(held, key) == value for key, value in known.items()):
        connection.execute(
            update(sources).where(sources.c.number == held.number).values(imported=moment)
        )
        return held
    row = connection.execute(
        update(sources)
        .where(sources.c.number == held.number)
        .values(
            kind=kind,
            state=ACTIVE,
            imported=moment,
            made_by=made_by,
            revision=held.revision + 1,
            **changes,
        )
        .returning(sources)
    ).one()
    source = _read(row)
    _note(connection, source, made_by, "imported again" if revived else "described anew", moment)
    return source


def note_removal(connection: Connection, source: Source, *, made_by: str, reason: str) -> None:
    """Mark a source as removed, once all that it brought is gone, and tell the history."""
    number = source.revision + 1
    connection.execute(
        update(sources)
        .where(sources.c.number == source.number)
        .values(state=REMOVED, revision=number)
    )
    row = _revision(source, made_by, reason, revisions.now())
    revisions.add_many(connection, [row | {"revision": number, "after": None, "state": REMOVED}])


def get(connection: Connection, name: str, *, removed: bool = False) -> Source | None:
    """Return a source by its name, or None; removed ones only when asked for."""
    row = connection.execute(select(sources).where(sources.c.name == name)).first()
    if row is None or (row.state == REMOVED and not removed):
        return None
    return _read(row)


def by_number(connection: Connection, number: int) -> Source | None:
    """Return a source that holds something by its number, or None."""
    row = connection.execute(
        select(sources).where(sources.c.number == number, sources.c.state == ACTIVE)
    ).first()
    return None if row is None else _read(row)


def listed(connection: Connection, *, after: str = "", limit: int | None = None) -> list[Source]:
    """Return the sources that hold something, by name, those behind ``after``."""
    rows = connection.execute(
        select(sources)
        .where(sources.c.state == ACTIVE, sources.c.name > after)
        .order_by(sources.c.name)
        .limit(limit)
    )
    return [_read(row) for row in rows]


def counts(connection: Connection, source: Source) -> SourceCounts:
    """Return how many claims, outlets and ratings a source speaks of."""

    def count(table: Any) -> int:
        query = select(func.count()).select_from(table).where(table.c.source == source.number)
        return int(connection.scalar(query) or 0)

    return SourceCounts(
        claims=count(claim_sources), outlets=count(outlet_facts), ratings=count(ratings)
    )


def counts_up_to(
    connection: Connection, numbers: Collection[int], most: int
) -> dict[int, SourceCounts]:
    """Return how much each of some sources speaks of, counted no further than ``most`` each."""

    def count(table: Any, second: Any) -> Any:
        some = select(literal(1)).where(table.c.source == sources.c.number)
        # Along the index, which has that order: PostgreSQL would read a whole table for a source
        # that has nothing in it, where another one has nearly all.
        walked = some.order_by(second).limit(most).correlate(sources).subquery()
        return select(func.count()).select_from(walked).scalar_subquery()

    counted = (
        count(claim_sources, claim_sources.c.claim).label("claims"),
        count(outlet_facts, outlet_facts.c.domain).label("outlets"),
        count(ratings, ratings.c.domain).label("ratings"),
    )
    rows = connection.execute(
        select(sources.c.number, *counted).where(sources.c.number.in_(numbers))
    )
    return {
        row.number: SourceCounts(claims=row.claims, outlets=row.outlets, ratings=row.ratings)
        for row in rows
    }


def counts_of_all(connection: Connection) -> dict[int, SourceCounts]:
    """Return how much each source speaks of, by its number; those that say nothing are not there.

    Three walks along an index, however many sources there are.
    """

    def count(table: Any) -> dict[int, int]:
        rows = connection.execute(select(table.c.source, func.count()).group_by(table.c.source))
        return {int(source): int(number) for source, number in rows}

    tables = {"claims": claim_sources, "outlets": outlet_facts, "ratings": ratings}
    found = {name: count(table) for name, table in tables.items()}
    return {
        number: SourceCounts(**{name: counted.get(number, 0) for name, counted in found.items()})
        for number in set().union(*found.values())
    }


def _note(connection: Connection, source: Source, made_by: str, reason: str, moment: str) -> None:
    revisions.add_many(connection, [_revision(source, made_by, reason, moment)])


def _revision(source: Source, made_by: str, reason: str, moment: str) -> dict[str, Any]:
    known = {key: value for key, value in asdict(source).items() if value is not None}
    known.pop("number")
    return {
        "kind": "source",
        "key": source.name,
        "revision": source.revision,
        "state": source.state,
        "made": moment,
        "made_by": made_by,
        "reason": reason,
        "source": source.number,
        "after": json.dumps(known, ensure_ascii=False),
    }


def _read(row: Row[Any]) -> Source:
    return Source(**row._mapping)
