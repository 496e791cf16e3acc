"""What comes into the queue by the calendar: claims that hold no longer, flags that were missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from contextlib_news_server.store import flags, queue, subscriptions
from contextlib_news_server.store.claim_rows import ClaimState, take_turn
from contextlib_news_server.store.tables import claims

__all__ = ["EXPIRED", "Filled", "fill_queue"]

EXPIRED = "expired"
BATCH = 500


@dataclass(slots=True)
class Filled:
    """How many claims and flags came into the queue, and how many contacts were deleted."""

    expired: int = 0
    flags: int = 0
    contacts: int = 0


def fill_queue(engine: Engine, day: str | None = None) -> Filled:
    """Put what waits by ``day`` (YYYY-MM-DD, by default today) into the queue.

    A claim comes once for each day until which it was to hold: what was decided about it stands
    until that day is changed. Contacts of readers whose day has come are deleted.
    """
    today = day or datetime.now(UTC).date().isoformat()
    filled = Filled()
    for stage in (ClaimState.PUBLISHED, ClaimState.DRAFT, ClaimState.IN_REVIEW):
        _put_expired(engine, stage, today, filled)
    while True:
        with engine.begin() as connection:
            take_turn(connection)
            put = flags.put_waiting(connection, BATCH)
        filled.flags += put
        if put < BATCH:
            break
    with engine.begin() as connection:
        filled.contacts = flags.delete_contacts(connection, today)
    return filled


def _put_expired(engine: Engine, stage: ClaimState, today: str, filled: Filled) -> None:
    """Put the published claims of a stage whose validity ended into the queue, batch by batch."""
    place = ("", 0)
    while True:
        with engine.begin() as connection:
            take_turn(connection)
            rows = connection.execute(
                select(claims.c.id, claims.c.state, claims.c.valid_until, claims.c.number)
                .where(claims.c.stage == stage.value, claims.c.valid_until < today)
                .where(
                    (claims.c.valid_until > place[0])
                    | ((claims.c.valid_until == place[0]) & (claims.c.number > place[1]))
                )
                .order_by(claims.c.valid_until, claims.c.number)
                .limit(BATCH)
            ).all()
            for row in rows:
                # A year or a month ends with its last day.
                over = today[: len(row.valid_until)] > row.valid_until
                if not over or row.state != ClaimState.PUBLISHED:
                    continue
                key = f"{EXPIRED} {row.id}"[:200]
                last = subscriptions.last_queued(connection, key)
                if last is not None and last[1].get("valid_until") == row.valid_until:
                    continue
                queue.put(
                    connection,
                    kind=EXPIRED,
                    key=key,
                    claim_id=row.id,
                    reason=f"it was to hold until {row.valid_until}",
                    payload={"valid_until": row.valid_until},
                    made_by="the calendar",
                )
                filled.expired += 1
        if len(rows) < BATCH:
            return
        place = (rows[-1].valid_until, rows[-1].number)
