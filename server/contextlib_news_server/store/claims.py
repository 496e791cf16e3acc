"""Published claims: read, listed by id, followed by number of change, saved one or many at a time.

Saving here publishes at once; drafts and reviews are the business of ``drafts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from contextlib_news.models import Claim
from contextlib_news_server.store.claim_rows import ClaimState, read_document
from contextlib_news_server.store.saving import save, save_many
from contextlib_news_server.store.tables import claims, counters

__all__ = [
    "ClaimState",
    "change_after",
    "changed_since",
    "count",
    "count_since",
    "current_change",
    "get",
    "page",
    "published",
    "save",
    "save_many",
    "texts",
]


PUBLISHED = ClaimState.PUBLISHED


def count(connection: Connection, state: ClaimState | None = None) -> int:
    """Return how many claims there are, in any state or in one."""
    query = select(func.count()).select_from(claims)
    query = query if state is None else query.where(claims.c.state == state.value)
    return int(connection.scalar(query) or 0)


def current_change(connection: Connection) -> int:
    """Return the number of the last published change."""
    value = connection.scalar(select(counters.c.value).where(counters.c.name == "change"))
    return int(value or 0)


def get(connection: Connection, claim_id: str) -> Claim | None:
    """Return a published claim, or None."""
    row = connection.execute(
        select(claims.c.document).where(claims.c.id == claim_id, claims.c.state == PUBLISHED)
    ).first()
    return None if row is None else read_document(row[0])


def page(connection: Connection, *, after: str = "", limit: int = 50) -> list[Claim]:
    """Return published claims in order of their ids, those behind ``after``."""
    rows = connection.execute(
        select(claims.c.document)
        .where(claims.c.state == PUBLISHED, claims.c.id > after)
        .order_by(claims.c.id)
        .limit(limit)
    )
    return [read_document(document) for (document,) in rows]


def texts(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return what claims say by their ids, of those that there are in whatever state."""
    rows = connection.execute(select(claims.c.id, claims.c.document).where(claims.c.id.in_(ids)))
    return {claim_id: read_document(document).text for claim_id, document in rows}


def published(connection: Connection) -> Iterator[Claim]:
    """Yield every published claim in order of its id, a thousand rows at a time."""
    after = ""
    while rows := page(connection, after=after, limit=1_000):
        yield from rows
        after = rows[-1].id


def changed_since(
    connection: Connection, change: int, upto: int | None = None
) -> tuple[list[Claim], list[str]]:
    """Return the claims published since a change, and the ids of those taken back since.

    ``upto`` is the last change that is looked at.
    """
    query = select(claims.c.id, claims.c.state, claims.c.document).where(claims.c.change > change)
    query = query if upto is None else query.where(claims.c.change <= upto)
    rows = connection.execute(query).all()
    upserts = [read_document(document) for _, state, document in rows if state == PUBLISHED]
    return upserts, [claim_id for claim_id, state, _ in rows if state != PUBLISHED]


def count_since(connection: Connection, change: int) -> int:
    """Return how many claims changed since a change."""
    query = select(func.count()).select_from(claims).where(claims.c.change > change)
    return int(connection.scalar(query) or 0)


def change_after(connection: Connection, change: int, count: int) -> int | None:
    """Return the number of the change ``count`` changed claims after one, None beyond the last."""
    query = select(claims.c.change).where(claims.c.change > change).order_by(claims.c.change)
    number = connection.scalar(query.offset(count - 1).limit(1))
    return None if number is None else int(number)
