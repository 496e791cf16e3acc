"""How often the note of a claim was shown, a day; nothing about who read it, or on which page."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select, update

from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.tables import claim_counts

__all__ = ["add", "most_shown"]


def add(connection: Connection, day: str, counts: Mapping[str, int]) -> None:
    """Add to the counts of a day (YYYY-MM-DD), by the ids of claims."""
    if not counts:
        return
    take_turn(connection)
    for claim_id, number in sorted(counts.items()):
        done = connection.execute(
            update(claim_counts)
            .where(claim_counts.c.claim_id == claim_id, claim_counts.c.day == day)
            .values(shown=claim_counts.c.shown + number)
        )
        if not done.rowcount:
            connection.execute(
                claim_counts.insert().values(claim_id=claim_id, day=day, shown=number)
            )


def most_shown(connection: Connection, since: str, limit: int = 10) -> list[tuple[str, int]]:
    """Return the claims whose notes were shown most since a day, and how often."""
    often = func.sum(claim_counts.c.shown)
    rows = connection.execute(
        select(claim_counts.c.claim_id, often)
        .where(claim_counts.c.day >= since)
        .group_by(claim_counts.c.claim_id)
        .order_by(often.desc(), claim_counts.c.claim_id)
        .limit(limit)
    )
    return [(str(claim_id), int(number)) for claim_id, number in rows]
