"""What waits for somebody at the desk: one open item for one matter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import queue_items

__all__ = [
    "QueueItem",
    "count",
    "count_up_to",
    "decide",
    "get",
    "page",
    "put",
    "release",
    "reopen",
    "take",
]

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A matter that waits; ``kind`` says which, ``payload`` holds what it is about.

    ``state`` is ``open``, ``done`` or ``dismissed``; ``taken_by`` who works on it.
    """

    number: int
    kind: str
    state: str
    reason: str
    made: str
    made_by: str
    claim_id: str | None = None
    domain: str | None = None
    source: int | None = None
    flag: int | None = None
    payload: Mapping[str, Any] | None = None
    taken_by: str | None = None
    decided: str | None = None
    decided_by: str | None = None
    decision: str | None = None


def put(
    connection: Connection,
    *,
    kind: str,
    reason: str,
    made_by: str,
    key: str | None = None,
    claim_id: str | None = None,
    domain: str | None = None,
    source: int | None = None,
    flag: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Put a matter into the queue and return its number.

    Where an open item has the same ``key``, that one gets the newer payload and reason.
    """
    values = {
        "reason": reason,
        "payload": None if payload is None else json.dumps(payload, ensure_ascii=False),
    }
    if key is not None:
        held = connection.scalar(
            select(queue_items.c.number).where(
                queue_items.c.key == key, queue_items.c.state == OPEN
            )
        )
        if held is not None:
            connection.execute(
                update(queue_items).where(queue_items.c.number == held).values(**values)
            )
            return int(held)
    done = connection.execute(
        queue_items.insert()
        .values(
            kind=kind,
            state=OPEN,
            key=key,
            claim_id=claim_id,
            domain=domain,
            source=source,
            flag=flag,
            made=now(),
            made_by=made_by,
            **values,
        )
        .returning(queue_items.c.number)
    )
    return int(done.scalar_one())


def get(connection: Connection, number: int) -> QueueItem | None:
    """Return an item by its number, or None."""
    row = connection.execute(select(queue_items).where(queue_items.c.number == number)).first()
    return None if row is None else _read(row)


def page(
    connection: Connection,
    *,
    state: str = OPEN,
    kind: str | None = None,
    taken_by: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[QueueItem]:
    """Return items of a state, the oldest first, those behind the number ``after``."""
    query = select(queue_items).where(queue_items.c.state == state, queue_items.c.number > after)
    if kind is not None:
        query = query.where(queue_items.c.kind == kind)
    if taken_by is not None:
        query = query.where(queue_items.c.taken_by == taken_by)
    rows = connection.execute(query.order_by(queue_items.c.number).limit(limit))
    return [_read(row) for row in rows]


def count(connection: Connection, state: str = OPEN) -> dict[str, int]:
    """Return how many items of a state there are, by kind."""
    rows = connection.execute(
        select(queue_items.c.kind, func.count())
        .where(queue_items.c.state == state)
        .group_by(queue_items.c.kind)
    )
    return {str(kind): int(number) for kind, number in rows}


def count_up_to(connection: Connection, most: int = 1_000) -> dict[str, int]:
    """Return how many open items there are by kind, counted no further than ``most`` each.

    Each kind is found by a step along the index, so that a million items cost no more than some.
    """
    found: dict[str, int] = {}
    kind = connection.scalar(select(func.min(queue_items.c.kind)))
    while kind is not None:
        some = (
            select(queue_items.c.number)
            .where(queue_items.c.kind == kind, queue_items.c.state == OPEN)
            .limit(most)
            .subquery()
        )
        number = int(connection.scalar(select(func.count()).select_from(some)) or 0)
        if number:
            found[str(kind)] = number
        kind = connection.scalar(
            select(func.min(queue_items.c.kind)).where(queue_items.c.kind > kind)
        )
    return found


def take(connection: Connection, number: int, *, by: str) -> bool:
    """Say that somebody works on an open item; False where another person does already."""
    done = connection.execute(
        update(queue_items)
        .where(queue_items.c.number == number, queue_items.c.state == OPEN)
        .where(queue_items.c.taken_by.is_(None) | (queue_items.c.taken_by == by))
        .values(taken_by=by)
    )
    return bool(done.rowcount)


def release(connection: Connection, number: int) -> bool:
    """Say that nobody works on an open item any more; False where it is open no more."""
    done = connection.execute(
        update(queue_items)
        .where(queue_items.c.number == number, queue_items.c.state == OPEN)
        .values(taken_by=None)
    )
    return bool(done.rowcount)


def decide(connection: Connection, number: int, *, state: str, by: str, decision: str = "") -> bool:
    """Close an open item as ``done`` or ``dismissed``; False where it is open no more."""
    done = connection.execute(
        update(queue_items)
        .where(queue_items.c.number == number, queue_items.c.state == OPEN)
        .values(state=state, decided=now(), decided_by=by, decision=decision)
    )
    return bool(done.rowcount)


def reopen(connection: Connection, number: int) -> bool:
    """Let a dismissed item wait again; False where it is none, or its matter waits anew by now."""
    item = connection.execute(select(queue_items).where(queue_items.c.number == number)).first()
    if item is None or item.state != "dismissed":
        return False
    if item.key is not None and connection.scalar(
        select(queue_items.c.number).where(
            queue_items.c.key == item.key, queue_items.c.state == OPEN
        )
    ):
        return False
    connection.execute(
        update(queue_items)
        .where(queue_items.c.number == number)
        .values(state=OPEN, decided=None, decided_by=None, decision=None, taken_by=None)
    )
    return True


def _read(row: Row[Any]) -> QueueItem:
    values = dict(row._mapping)
    values.pop("key")
    payload = values.pop("payload")
    return QueueItem(payload=None if payload is None else json.loads(payload), **values)
