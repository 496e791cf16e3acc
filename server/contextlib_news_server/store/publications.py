"""What readers saw of claims and when: the public versions, without the drafts between them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from contextlib_news.models import Claim
from contextlib_news_server.store.claim_rows import ClaimState, read_document
from contextlib_news_server.store.import_runs import without_folders
from contextlib_news_server.store.revisions import Change, diff
from contextlib_news_server.store.tables import claims, revisions, sources, users
from contextlib_news_server.store.users import Role

__all__ = [
    "SITEMAP_PAGE",
    "PublicChange",
    "Publication",
    "find",
    "history",
    "last_sitemap_page",
    "latest_change",
    "recent",
    "sitemap_page",
    "texts",
]

PUBLIC = (ClaimState.PUBLISHED.value, ClaimState.RETIRED.value)

# Claims in one file of the sitemap. The protocol allows 50,000; of 10,000 the XML alone takes some
# 70 ms of a processor, half as many stay well below what a list may take.
SITEMAP_PAGE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One public version of a claim, told without the name of who made it.

    ``changes`` are against the public version before; ``first`` says that there was none.
    ``silent`` says that readers saw the same before it: a draft came and went at the desk.
    ``source`` is the source that brought it, ``role`` the role of the person who did, where the
    desk still knows them.
    """

    revision: int
    state: ClaimState
    made: str
    reason: str
    source: str | None
    role: Role | None
    first: bool
    silent: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChange:
    """The last public change of a claim; ``change`` grows with each change of any."""

    change: int
    claim: Claim
    state: ClaimState
    made: str
    reason: str
    first: bool


def find(connection: Connection, claim_id: str) -> tuple[Claim, ClaimState] | None:
    """Return a claim that is or was public, with its state; None for one that never was."""
    row = connection.execute(
        select(claims.c.document, claims.c.state).where(
            claims.c.id == claim_id, claims.c.state.in_(PUBLIC), claims.c.change > 0
        )
    ).first()
    return None if row is None else (read_document(row.document), ClaimState(row.state))


def texts(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the texts of those of some claims, at most 500, that are or were public, by id."""
    rows = connection.execute(
        select(claims.c.id, claims.c.document).where(
            claims.c.id.in_(ids), claims.c.state.in_(PUBLIC), claims.c.change > 0
        )
    )
    return {row.id: str(json.loads(row.document)["text"]) for row in rows}


def history(
    connection: Connection, claim_id: str, *, before: int | None = None, limit: int = 20
) -> list[Publication]:
    """Return the public versions of a claim, newest first; ``before`` is the last one seen."""
    query = (
        select(revisions, sources.c.name, users.c.role)
        .join_from(revisions, sources, revisions.c.source == sources.c.number, isouter=True)
        .join(users, users.c.name == revisions.c.made_by, isouter=True)
        .where(revisions.c.kind == "claim", revisions.c.key == claim_id)
        .where(revisions.c.state.in_(PUBLIC))
    )
    if before is not None:
        query = query.where(revisions.c.revision < before)
    rows = connection.execute(query.order_by(revisions.c.revision.desc()).limit(limit + 1)).all()
    documents = [json.loads(row.after or "{}") for row in rows]
    found = []
    for place, row in enumerate(rows[:limit]):
        first = place + 1 >= len(rows)
        changes = () if first else diff(documents[place + 1], documents[place])
        silent = not first and not changes and row.state == rows[place + 1].state
        found.append(
            Publication(
                revision=row.revision,
                state=ClaimState(row.state),
                made=row.made,
                reason=without_folders(row.reason),
                source=row.name,
                role=None if row.role is None else Role(row.role),
                first=first,
                silent=silent,
                changes=changes,
            )
        )
    return found


def latest_change(connection: Connection) -> int:
    """Return the number of the newest change of a claim, 0 where there is none."""
    return int(connection.scalar(select(func.max(claims.c.change))) or 0)


def recent(
    connection: Connection, *, before: int | None = None, limit: int = 50
) -> list[PublicChange]:
    """Return claims by their last public change, newest first, those below ``before``.

    Withdrawn ones are among them; a claim that changed twice stands there once.
    """
    # Of the state's bare column SQLite would take an index, and sort all that are published.
    standing = func.coalesce(claims.c.state, "")
    query = select(claims.c.change, claims.c.document, claims.c.state).where(
        claims.c.change > 0, standing.in_(PUBLIC)
    )
    if before is not None:
        query = query.where(claims.c.change < before)
    rows = connection.execute(query.order_by(claims.c.change.desc()).limit(limit)).all()
    held = [(row.change, read_document(row.document), ClaimState(row.state)) for row in rows]
    # Both lists go along the index; a list of pairs would have SQLite walk the whole history.
    ids, numbers = [claim.id for _, claim, _ in held], {claim.revision for _, claim, _ in held}
    told = {
        (row.key, row.revision): row
        for row in connection.execute(
            select(
                *(revisions.c.key, revisions.c.revision, revisions.c.made, revisions.c.reason)
            ).where(
                revisions.c.kind == "claim",
                revisions.c.key.in_(ids),
                revisions.c.revision.in_(numbers),
            )
        )
    }
    earlier = {
        str(row.key): int(row.least)
        for row in connection.execute(
            select(revisions.c.key, func.min(revisions.c.revision).label("least"))
            .where(revisions.c.kind == "claim", revisions.c.state.in_(PUBLIC))
            .where(revisions.c.key.in_(ids))
            .group_by(revisions.c.key)
        )
    }
    found = []
    for change, claim, state in held:
        row = told.get((claim.id, claim.revision))
        found.append(
            PublicChange(
                change=change,
                claim=claim,
                state=state,
                made=row.made if row is not None else claim.updated or claim.created or "",
                reason="" if row is None else without_folders(row.reason),
                first=earlier.get(claim.id) == claim.revision,
            )
        )
    return found


def last_sitemap_page(connection: Connection) -> int:
    """Return the number of the last page of the sitemap, counted from 0."""
    return int(connection.scalar(select(func.max(claims.c.number))) or 0) // SITEMAP_PAGE


def sitemap_page(connection: Connection, page: int) -> list[tuple[str, str]]:
    """Return id and day of the last change of the published claims on a page of the sitemap."""
    first = page * SITEMAP_PAGE
    rows = connection.execute(
        select(claims.c.id, claims.c.updated, claims.c.state)
        .where(claims.c.number >= first, claims.c.number < first + SITEMAP_PAGE)
        .order_by(claims.c.number)
    )
    # Asked for the state too, SQLite would walk all that are published instead of these few.
    published = ClaimState.PUBLISHED.value
    return [(str(row.id), str(row.updated)[:10]) for row in rows if row.state == published]
