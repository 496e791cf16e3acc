"""Outlets: what each source says of a domain, its aliases and ratings, joined when they are read.

No source overwrites another. Facts are taken from the desk first, then from the oldest source that
gives them; ratings stand side by side.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, select, update

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.formats.outlets import outlet_from_dict, outlet_to_dict
from contextlib_news.models import Outlet
from contextlib_news_server.store import revisions, sources
from contextlib_news_server.store.claim_rows import next_changes, take_turn
from contextlib_news_server.store.tables import (
    outlet_aliases,
    outlet_facts,
    outlets,
    ratings,
)

__all__ = [
    "changed_since",
    "changes",
    "count",
    "directory",
    "domains",
    "get",
    "page",
    "record_key",
    "save",
    "save_many",
    "spoken_of",
    "version",
]

Outcome = Literal["added", "changed", "unchanged"]
PUBLISHED = "published"

# Domains named in one query; databases take some thousands of values at most.
DOMAINS_AT_ONCE = 500
RETIRED = "retired"

# What an outlet's document holds that has tables of its own.
APART = ("domain", "name", "aliases", "ratings")


def count(connection: Connection) -> int:
    """Return how many outlets there are."""
    query = select(func.count()).select_from(outlets).where(outlets.c.state == PUBLISHED)
    return int(connection.scalar(query) or 0)


def get(connection: Connection, domain: str) -> Outlet | None:
    """Return the outlet kept under a domain, or None."""
    found = _joined(connection, [domain])
    return found[0][0] if found else None


def page(connection: Connection, *, after: str = "", limit: int = 50) -> list[Outlet]:
    """Return outlets in order of their domains, those behind ``after``."""
    domains = connection.scalars(
        select(outlets.c.domain)
        .where(outlets.c.state == PUBLISHED, outlets.c.domain > after)
        .order_by(outlets.c.domain)
        .limit(limit)
    ).all()
    return [outlet for outlet, _ in _joined(connection, list(domains))]


def domains(connection: Connection, *, part: int, size: int) -> list[tuple[str, str]]:
    """Return domain and day of the last change of the outlets of a part, in order, ``size`` each.

    Outlets are thousands, not millions: walking over the parts before costs next to nothing.
    """
    rows = connection.execute(
        select(outlets.c.domain, outlets.c.updated)
        .where(outlets.c.state == PUBLISHED)
        .order_by(outlets.c.domain)
        .offset(part * size)
        .limit(size)
    )
    return [(str(row.domain), str(row.updated)[:10]) for row in rows]


def directory(connection: Connection) -> OutletDirectory:
    """Return all outlets, ready to be looked up."""
    found = _joined(connection, None)
    impersonated = [outlet.domain for outlet, often in found if often]
    return OutletDirectory((outlet for outlet, _ in found), impersonated=impersonated)


def spoken_of(connection: Connection, source: int) -> set[str]:
    """Return the domains that a source says something of."""
    query = select(outlet_facts.c.domain).where(outlet_facts.c.source == source)
    return set(connection.scalars(query))


def changed_since(connection: Connection, change: int) -> bool:
    """Say whether any outlet changed since the number of a change."""
    query = select(outlets.c.domain).where(outlets.c.change > change).limit(1)
    return connection.execute(query).first() is not None


def version(connection: Connection) -> int:
    """Return the number of the newest change of any outlet, 0 where there is none."""
    return int(connection.scalar(select(func.max(outlets.c.change))) or 0)


def changes(connection: Connection, since: int) -> tuple[list[Outlet], list[str]]:
    """Return the outlets that changed after the number of a change, and the domains now gone."""
    rows = connection.execute(
        select(outlets.c.domain, outlets.c.state).where(outlets.c.change > since)
    ).all()
    there = [row.domain for row in rows if row.state == PUBLISHED]
    gone = [row.domain for row in rows if row.state != PUBLISHED]
    found: list[Outlet] = []
    for start in range(0, len(there), DOMAINS_AT_ONCE):
        found += (o for o, _ in _joined(connection, there[start : start + DOMAINS_AT_ONCE]))
    return found, gone


def save(
    connection: Connection,
    outlet: Outlet,
    *,
    impersonated: bool = False,
    made_by: str = sources.DESK,
    reason: str = "",
    source: int | None = None,
) -> Outcome:
    """Add or replace what a source says of an outlet; the source is the desk where none is given.

    See :func:`save_many`.
    """
    (outcome,) = save_many(
        connection,
        [outlet],
        impersonated={outlet.domain} if impersonated else (),
        made_by=made_by,
        reason=reason,
        source=source,
    )
    return outcome


def save_many(
    connection: Connection,
    batch: Sequence[Outlet],
    *,
    made_by: str,
    reason: str,
    source: int | None = None,
    impersonated: Iterable[str] = (),
) -> list[Outcome]:
    """Add or replace what one source says of outlets: facts, aliases and all of its ratings.

    Returns what became of each; an equal one changes nothing. Each domain may stand in a batch
    once. What other sources say is left alone.
    """
    take_turn(connection)
    if source is None:
        desk = sources.declare(connection, sources.DESK, kind=sources.DESK, made_by=made_by)
        source = desk.number
    often = set(impersonated)
    held = _records(connection, [outlet.domain for outlet in batch], source)
    wanted = {o.domain: _record(o, o.domain in often) for o in batch}
    changed = {d: record for d, record in wanted.items() if held.get(d) != record}
    replace_records(connection, source, changed, made_by=made_by, reason=reason)
    return [
        "unchanged" if o.domain not in changed else "changed" if o.domain in held else "added"
        for o in batch
    ]


def record_key(domain: str, source: int) -> str:
    """Return the key under which the history keeps what a source says of a domain."""
    return f"{domain} {source}"


def replace_records(
    connection: Connection,
    source: int,
    records: Mapping[str, Mapping[str, Any] | None],
    *,
    made_by: str,
    reason: str,
) -> None:
    """Write what a source says of domains in place of what it said; None takes it away."""
    if not records:
        return
    domains = sorted(records)
    moment = revisions.now()
    _clear(connection, source, domains)
    first = next_changes(connection, len(domains))
    known = {
        row.domain: row
        for row in connection.execute(
            select(outlets.c.domain, outlets.c.revision).where(outlets.c.domain.in_(domains))
        )
    }
    fresh = [domain for domain in domains if domain not in known and records[domain] is not None]
    if fresh:
        connection.execute(
            outlets.insert(),
            [
                {
                    "domain": domain,
                    "state": PUBLISHED,
                    "revision": 0,
                    "created": moment,
                    "updated": moment,
                    "change": 0,
                }
                for domain in fresh
            ],
        )
    _insert(connection, source, records)
    _touch(connection, domains, first, moment)
    keys = {record_key(domain, source): domain for domain in domains}
    latest = revisions.latest(connection, "outlet", list(keys))
    revisions.add_many(
        connection,
        [
            {
                "kind": "outlet",
                "key": key,
                "revision": latest.get(key, 0) + 1,
                "state": None,
                "made": moment,
                "made_by": made_by,
                "reason": reason,
                "source": source,
                "after": None
                if records[domain] is None
                else json.dumps(records[domain], ensure_ascii=False),
            }
            for key, domain in keys.items()
        ],
    )


def _record(outlet: Outlet, impersonated: bool) -> dict[str, Any]:
    """Return what is kept of an outlet of one source, as the history tells it."""
    record = outlet_to_dict(outlet) | ({"impersonated": True} if impersonated else {})
    # A list that knows no name must not stand in the way of one that does.
    return {k: v for k, v in record.items() if k != "name" or v != outlet.domain}


def _records(
    connection: Connection, domains: Sequence[str] | None, source: int | None
) -> dict[str, dict[str, Any]]:
    """Return what one source says of domains."""
    return {
        domain: record
        for domain, of_source, record in _said(connection, domains)
        if source is None or of_source == source
    }


def _said(
    connection: Connection, domains: Sequence[str] | None
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield domain, source and record of all that is said of some domains, or of all."""

    def rows(table: Any, *order: Any) -> Iterable[Row[Any]]:
        query = select(table).order_by(*order)
        if domains is not None:
            query = query.where(table.c.domain.in_(domains))
        return connection.execute(query)

    records: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows(outlet_facts, outlet_facts.c.domain, outlet_facts.c.source):
        record = {"domain": row.domain, **({"name": row.name} if row.name else {})}
        record |= json.loads(row.document)
        if row.impersonated:
            record["impersonated"] = True
        records[row.domain, row.source] = record
    for row in rows(outlet_aliases, outlet_aliases.c.domain, outlet_aliases.c.position):
        record = records.setdefault((row.domain, row.source), {"domain": row.domain})
        record.setdefault("aliases", []).append(row.alias)
    for row in rows(ratings, ratings.c.domain, ratings.c.number):
        record = records.setdefault((row.domain, row.source), {"domain": row.domain})
        record.setdefault("ratings", []).append(json.loads(row.document))
    for (domain, source), record in records.items():
        yield domain, source, record


def _joined(connection: Connection, domains: Sequence[str] | None) -> list[tuple[Outlet, bool]]:
    """Return outlets by domain, each joined of what all sources say, and whether impersonated."""
    desk = sources.get(connection, sources.DESK)
    first = desk.number if desk is not None else -1
    said: dict[str, list[tuple[bool, int, dict[str, Any]]]] = {}
    for domain, source, record in _said(connection, domains):
        said.setdefault(domain, []).append((source != first, source, record))
    found = []
    for domain in sorted(said):
        records = [record for _, _, record in sorted(said[domain], key=lambda row: row[:2])]
        joined: dict[str, Any] = {"domain": domain}
        for record in records:
            for name, value in record.items():
                if name == "ratings":
                    _add_ratings(joined.setdefault(name, []), value)
                elif isinstance(value, list):
                    items = joined.setdefault(name, [])
                    items += [item for item in value if item not in items]
                else:
                    joined.setdefault(name, value)
        often = bool(joined.pop("impersonated", False))
        found.append((outlet_from_dict(joined), often))
    return found


def _add_ratings(held: list[Any], more: list[Any]) -> None:
    """Add one source's ratings to those of others, but no statement that another gave already.

    The starter outlets and the list they were written down from say the same of the same day.
    """
    names = ("source", "label", "date", "path")
    there = {tuple(rating.get(name) for name in names) for rating in held}
    held += [r for r in more if tuple(r.get(name) for name in names) not in there]


def _clear(connection: Connection, source: int, domains: Sequence[str]) -> None:
    for table in (outlet_facts, outlet_aliases, ratings):
        connection.execute(
            delete(table).where(table.c.source == source, table.c.domain.in_(domains))
        )


def _insert(
    connection: Connection, source: int, records: Mapping[str, Mapping[str, Any] | None]
) -> None:
    facts: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    rated: list[dict[str, Any]] = []
    for domain, record in records.items():
        if record is None:
            continue
        place = {"domain": domain, "source": source}
        apart = (*APART, "impersonated")
        rest = {name: value for name, value in record.items() if name not in apart}
        facts.append(
            place
            | {
                "name": record.get("name"),
                "document": json.dumps(rest, ensure_ascii=False),
                "impersonated": bool(record.get("impersonated")),
            }
        )
        aliases += [
            place | {"alias": alias, "position": position}
            for position, alias in enumerate(dict.fromkeys(record.get("aliases", [])))
        ]
        rated += [
            place
            | {
                "rater": rating["source"],
                "label": rating["label"],
                "score": rating.get("score"),
                "document": json.dumps(rating, ensure_ascii=False),
            }
            for rating in record.get("ratings", [])
        ]
    for table, rows in ((outlet_facts, facts), (outlet_aliases, aliases), (ratings, rated)):
        if rows:
            connection.execute(table.insert(), rows)


def _touch(connection: Connection, domains: Sequence[str], change: int, moment: str) -> None:
    """Count the change at each domain; retire one of which nobody says anything any more."""
    for table_state in (PUBLISHED, RETIRED):
        spoken = select(outlet_facts.c.domain).where(outlet_facts.c.domain == outlets.c.domain)
        there = spoken.exists() if table_state == PUBLISHED else ~spoken.exists()
        connection.execute(
            update(outlets)
            .where(outlets.c.domain.in_(domains), there)
            .values(
                state=table_state,
                change=change,
                updated=moment,
                revision=outlets.c.revision + 1,
            )
        )
