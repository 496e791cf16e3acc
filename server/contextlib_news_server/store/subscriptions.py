"""Feeds that are followed: what is asked for, how often, and how the last time went.

Each has a source of its own with the same name, under which all that it brings is kept. A process
that runs one first takes it for a while, so that of several processes one does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import claim_from_dict
from contextlib_news_server.store import queue, revisions, saving, sources
from contextlib_news_server.store.tables import claim_sources, claims, queue_items, subscriptions

__all__ = [
    "FeedForm",
    "Subscription",
    "accept",
    "add",
    "due",
    "end",
    "get",
    "last_queued",
    "listed",
    "note_failure",
    "note_success",
    "said_by",
    "take",
]

SHORTEST_SECONDS = 300
LONGEST_SECONDS = 30 * 24 * 3600

# A run may take so long before another process may try; far above the fetcher's own limit.
TAKEN_SECONDS = 3_600


class FeedForm(StrEnum):
    """What a feed holds: all its reviews, so that a missing one is withdrawn, or the latest."""

    COMPLETE = "complete"
    LATEST = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed that is followed; ``failures`` counts those in a row."""

    number: int
    name: str
    source: int
    address: str
    format: FeedForm
    every_seconds: int
    licence: str | None
    publish: bool
    enabled: bool
    etag: str | None
    last_modified: str | None
    last_run: str | None
    next_run: str | None
    last_error: str | None
    failures: int
    revision: int


def add(
    connection: Connection,
    name: str,
    address: str,
    *,
    made_by: str,
    every_seconds: int = 24 * 3600,
    publish: bool = False,
    form: FeedForm = FeedForm.COMPLETE,
    licence: str | None = None,
) -> Subscription:
    """Follow a feed from now on; one of the same name is described anew and started again.

    With ``publish`` new and changed reviews are published, else they wait in the queue. Raises
    CommandError for a name or a time that is none.
    """
    if not SHORTEST_SECONDS <= every_seconds <= LONGEST_SECONDS:
        raise CommandError(
            "a feed is asked for at most every five minutes and at least every month"
        )
    source = sources.declare(
        connection, name, kind="subscription", made_by=made_by, url=address, licence=licence
    )
    moment = revisions.now()
    held = get(connection, name)
    values = {
        "source": source.number,
        "address": address,
        "format": form.value,
        "every_seconds": every_seconds,
        "licence": licence,
        "publish": publish,
        "enabled": True,
        "next_run": moment,
        "failures": 0,
        "last_error": None,
        "updated": moment,
    }
    if held is None:
        values |= {"name": name, "created": moment, "revision": 1}
        statement: Any = subscriptions.insert().values(**values)
    else:
        # Asked for whole once more, as another address knows nothing of the tags of the one before.
        values |= {"revision": held.revision + 1, "etag": None, "last_modified": None}
        statement = (
            update(subscriptions).where(subscriptions.c.number == held.number).values(**values)
        )
    row = connection.execute(statement.returning(subscriptions)).one()
    found = _read(row)
    _note(connection, found, made_by, "followed" if held is None else "described anew")
    return found


def end(connection: Connection, name: str, *, made_by: str, reason: str = "") -> bool:
    """Stop following a feed; what it brought stays, until its source is removed."""
    held = get(connection, name)
    if held is None or not held.enabled:
        return False
    row = connection.execute(
        update(subscriptions)
        .where(subscriptions.c.number == held.number)
        .values(enabled=False, updated=revisions.now(), revision=held.revision + 1)
        .returning(subscriptions)
    ).one()
    _note(connection, _read(row), made_by, reason or "ended")
    return True


def get(connection: Connection, name: str) -> Subscription | None:
    """Return a subscription by its name, or None."""
    row = connection.execute(select(subscriptions).where(subscriptions.c.name == name)).first()
    return None if row is None else _read(row)


def listed(
    connection: Connection, *, after: str = "", limit: int | None = None
) -> list[Subscription]:
    """Return subscriptions by name, those behind ``after``, ended ones among them."""
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.name > after)
        .order_by(subscriptions.c.name)
        .limit(limit)
    )
    return [_read(row) for row in rows]


def due(connection: Connection) -> list[Subscription]:
    """Return those whose time has come, the one that waits longest first."""
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.enabled, subscriptions.c.next_run <= revisions.now())
        .order_by(subscriptions.c.next_run)
    )
    return [_read(row) for row in rows]


def take(connection: Connection, subscription: Subscription) -> bool:
    """Take a run for this process; False where another process has taken it meanwhile."""
    done = connection.execute(
        update(subscriptions)
        .where(
            subscriptions.c.number == subscription.number,
            subscriptions.c.enabled,
            subscriptions.c.next_run == subscription.next_run,
        )
        .values(next_run=_later(TAKEN_SECONDS))
    )
    return done.rowcount == 1


def note_success(
    connection: Connection,
    subscription: Subscription,
    *,
    etag: str | None,
    last_modified: str | None,
) -> None:
    """Keep that a run went well, what to ask with the next time, and when that is."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.number == subscription.number)
        .values(
            etag=etag,
            last_modified=last_modified,
            last_run=revisions.now(),
            next_run=_later(subscription.every_seconds),
            last_error=None,
            failures=0,
        )
    )


def note_failure(connection: Connection, subscription: Subscription, reason: str) -> int:
    """Keep why a run failed and put the next one off, twice as long each time; return how often."""
    failures = subscription.failures + 1
    wait = min(LONGEST_SECONDS, subscription.every_seconds * 2 ** min(failures - 1, 10))
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.number == subscription.number)
        .values(
            last_run=revisions.now(),
            next_run=_later(wait),
            last_error=reason[:1_000],
            failures=failures,
        )
    )
    return failures


def said_by(connection: Connection, source: int) -> Iterator[str]:
    """Yield the ids of the published claims that a source says something of, in their order."""
    after = ""
    while True:
        ids: Sequence[str] = connection.scalars(
            select(claims.c.id)
            .join_from(claim_sources, claims, claims.c.number == claim_sources.c.claim)
            .where(
                claim_sources.c.source == source, claims.c.state == "published", claims.c.id > after
            )
            .order_by(claims.c.id)
            .limit(1_000)
        ).all()
        if not ids:
            return
        yield from ids
        after = ids[-1]


def accept(connection: Connection, number: int, *, made_by: str) -> bool:
    """Publish a review that waits in the queue, as what its feed says; False where it is gone."""
    item = queue.get(connection, number)
    if item is None or item.state != queue.OPEN or item.payload is None:
        return False
    claim = claim_from_dict(dict(item.payload))
    saving.save(connection, claim, made_by=made_by, reason=item.reason, source=item.source)
    return queue.decide(connection, number, state="done", by=made_by, decision="published")


def last_queued(connection: Connection, key: str) -> tuple[str, dict[str, Any]] | None:
    """Return state and payload of the newest queue item of a key, None where there is none."""
    row = connection.execute(
        select(queue_items.c.state, queue_items.c.payload)
        .where(queue_items.c.key == key)
        .order_by(queue_items.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (str(row.state), json.loads(row.payload or "{}"))


def _later(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def _note(connection: Connection, subscription: Subscription, made_by: str, reason: str) -> None:
    kept = {
        name: value
        for name, value in asdict(subscription).items()
        if value is not None
        and name in ("address", "format", "every_seconds", "licence", "publish", "enabled")
    }
    revisions.add_many(
        connection,
        [
            {
                "kind": "subscription",
                "key": subscription.name,
                "revision": subscription.revision,
                "state": "active" if subscription.enabled else "ended",
                "made": revisions.now(),
                "made_by": made_by,
                "reason": reason,
                "source": subscription.source,
                "after": json.dumps(kept, ensure_ascii=False),
            }
        ],
    )


def _read(row: Row[Any]) -> Subscription:
    values = dict(row._mapping)
    values.pop("created")
    values.pop("updated")
    values["format"] = FeedForm(values["format"])
    return Subscription(**values)
