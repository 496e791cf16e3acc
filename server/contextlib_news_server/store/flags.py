"""What readers dispute or ask for."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from contextlib_news_server.store.tables import flags

__all__ = ["add", "count"]


def add(
    connection: Connection,
    *,
    reason: str,
    note_id: str | None = None,
    claim_id: str | None = None,
    url: str | None = None,
    exact: str | None = None,
) -> int:
    """Keep a reader's flag and return its number."""
    done = connection.execute(
        flags.insert().values(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            note_id=note_id,
            claim_id=claim_id,
            url=url,
            exact=exact,
            reason=reason,
        )
    )
    key = done.inserted_primary_key
    return int(key[0]) if key else 0


def count(connection: Connection) -> int:
    """Return how many flags there are."""
    return int(connection.scalar(select(func.count()).select_from(flags)) or 0)
