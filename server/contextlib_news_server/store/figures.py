"""Figures about the database for the desk's first page; each looks at a bounded number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from contextlib_news_server.store.flags import FlagDecision, FlagState
from contextlib_news_server.store.tables import claims, flags

__all__ = ["AGES_IN_DAYS", "MOST_COUNTED", "ages", "decided", "most_disputed"]

AGES_IN_DAYS = (30, 365, 730)
MOST_COUNTED = 100_000
RECENT_FLAGS = 10_000


def ages(connection: Connection, days: Sequence[int] = AGES_IN_DAYS) -> dict[int, int]:
    """Return how many published claims were last changed so many days ago or earlier.

    Counted up to ``MOST_COUNTED`` each.
    """
    today = datetime.now(UTC)
    found = {}
    for number in days:
        before = (today - timedelta(days=number)).isoformat(timespec="seconds")
        some = (
            select(claims.c.number)
            .where(claims.c.state == "published", claims.c.updated < before)
            .limit(MOST_COUNTED)
            .subquery()
        )
        found[number] = int(connection.scalar(select(func.count()).select_from(some)) or 0)
    return found


def most_disputed(connection: Connection, limit: int = 10) -> list[tuple[str, int]]:
    """Return the claims of which the latest 10,000 flags speak most, and how many do."""
    recent = select(flags.c.claim_id).order_by(flags.c.number.desc()).limit(RECENT_FLAGS).subquery()
    often = func.count()
    rows = connection.execute(
        select(recent.c.claim_id, often)
        .where(recent.c.claim_id.is_not(None))
        .group_by(recent.c.claim_id)
        .order_by(often.desc(), recent.c.claim_id)
        .limit(limit)
    )
    return [(str(claim_id), int(number)) for claim_id, number in rows]


def decided(connection: Connection) -> dict[FlagDecision, int]:
    """Return how the latest 10,000 answered flags about something shown were decided."""
    recent = (
        select(flags.c.decision)
        .where(
            flags.c.state == FlagState.ANSWERED.value,
            flags.c.claim_id.is_not(None) | flags.c.note_id.is_not(None),
        )
        .order_by(flags.c.number.desc())
        .limit(RECENT_FLAGS)
        .subquery()
    )
    rows = connection.execute(select(recent.c.decision, func.count()).group_by(recent.c.decision))
    counted = {str(decision): int(number) for decision, number in rows}
    return {each: counted[each.value] for each in FlagDecision if each.value in counted}
