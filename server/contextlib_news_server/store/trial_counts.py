"""How live tests at the desk came out, a day: two numbers, no text and nobody's name."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.tables import trial_counts

__all__ = ["add", "since"]


def add(connection: Connection, *, shown: int = 0, ruled_out: int = 0) -> None:
    """Count sentences that got a note in a live test, or that somebody ruled out in one."""
    if not shown and not ruled_out:
        return
    take_turn(connection)
    day = datetime.now(UTC).date().isoformat()
    counts = trial_counts.c
    done = connection.execute(
        update(trial_counts)
        .where(counts.day == day)
        .values(shown=counts.shown + shown, ruled_out=counts.ruled_out + ruled_out)
    )
    if not done.rowcount:
        connection.execute(trial_counts.insert().values(day=day, shown=shown, ruled_out=ruled_out))


def since(connection: Connection, day: str) -> tuple[int, int]:
    """Return how many sentences got a note since a day, and how many of them were ruled out."""
    row = connection.execute(
        select(func.sum(trial_counts.c.shown), func.sum(trial_counts.c.ruled_out)).where(
            trial_counts.c.day >= day
        )
    ).one()
    return int(row[0] or 0), int(row[1] or 0)
