"""Claims in the database: library values in and out, every change a revision."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, func, select, update

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.store.tables import claim_revisions, claims, counters

__all__ = [
    "Outcome",
    "changed_since",
    "count",
    "current_change",
    "get",
    "page",
    "published",
    "save",
]

Outcome = Literal["added", "changed", "unchanged"]
PUBLISHED = "published"
RETIRED = "retired"

# The widths of the columns, which SQLite would not mind and PostgreSQL does.
LONGEST_ID = 200
LONGEST_DATE = 40
LARGEST_REVISION = 2**31 - 2

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
# As JSON writes it; an even number of backslashes before it would be a text that speaks of it.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def count(connection: Connection) -> int:
    """Return how many claims there are, in any state."""
    return int(connection.scalar(select(func.count()).select_from(claims)) or 0)


def current_change(connection: Connection) -> int:
    """Return the number of the last published change."""
    value = connection.scalar(select(counters.c.value).where(counters.c.name == "change"))
    return int(value or 0)


def get(connection: Connection, claim_id: str) -> Claim | None:
    """Return a published claim, or None."""
    row = connection.execute(
        select(claims.c.document).where(claims.c.id == claim_id, claims.c.state == PUBLISHED)
    ).first()
    return None if row is None else _read(row[0])


def page(connection: Connection, *, after: str = "", limit: int = 50) -> list[Claim]:
    """Return published claims in order of their ids, those behind ``after``."""
    rows = connection.execute(
        select(claims.c.document)
        .where(claims.c.state == PUBLISHED, claims.c.id > after)
        .order_by(claims.c.id)
        .limit(limit)
    )
    return [_read(document) for (document,) in rows]


def published(connection: Connection) -> Iterator[Claim]:
    """Yield every published claim in order of its id, a thousand rows at a time."""
    after = ""
    while rows := page(connection, after=after, limit=1_000):
        yield from rows
        after = rows[-1].id


def changed_since(connection: Connection, change: int) -> tuple[list[Claim], list[str]]:
    """Return the claims published since a change, and the ids of those taken back since."""
    rows = connection.execute(
        select(claims.c.id, claims.c.state, claims.c.document).where(claims.c.change > change)
    ).all()
    upserts = [_read(document) for _, state, document in rows if state == PUBLISHED]
    return upserts, [claim_id for claim_id, state, _ in rows if state != PUBLISHED]


def save(connection: Connection, claim: Claim, *, made_by: str, reason: str) -> Outcome:
    """Add or replace a claim, published, and write the revision; an equal one changes nothing.

    A claim that is new to the database keeps the revision number and the dates it comes with; a
    changed one gets the next number and today's date. Raises InvalidClaimError, before anything is
    written, for what a database cannot keep.
    """
    _check_keepable(claim)
    # One writer at a time, so that none overwrites what it has not read and the numbers of changes
    # appear in their order; SQLite sees to it by itself and leaves the clause out.
    connection.execute(
        select(counters.c.value).where(counters.c.name == "change").with_for_update()
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    row = connection.execute(
        select(claims.c.document, claims.c.revision, claims.c.state, claims.c.created).where(
            claims.c.id == claim.id
        )
    ).first()
    before = None if row is None else str(row[0])
    if row is None:
        claim = replace(claim, created=claim.created or now, updated=claim.updated or now)
    else:
        held = _read(str(row[0]))
        same = replace(claim, revision=held.revision, created=held.created, updated=held.updated)
        if same == held and row[2] == PUBLISHED:
            return "unchanged"
        claim = replace(claim, revision=int(row[1]) + 1, created=held.created, updated=now)
    document = json.dumps(claim_to_dict(claim), ensure_ascii=False)
    values = {
        "revision": claim.revision,
        "state": PUBLISHED,
        "document": document,
        "created": claim.created,
        "updated": claim.updated,
        "change": _next_change(connection),
    }
    if row is None:
        connection.execute(claims.insert().values(id=claim.id, **values))
    else:
        connection.execute(update(claims).where(claims.c.id == claim.id).values(**values))
    connection.execute(
        claim_revisions.insert().values(
            claim_id=claim.id,
            revision=claim.revision,
            made=now,
            made_by=made_by,
            reason=reason,
            before=before,
            after=document,
        )
    )
    return "added" if row is None else "changed"


def _check_keepable(claim: Claim) -> None:
    for name, text, longest in (
        ("id", claim.id, LONGEST_ID),
        ("created", claim.created, LONGEST_DATE),
        ("updated", claim.updated, LONGEST_DATE),
    ):
        if text is not None and len(text) > longest:
            raise InvalidClaimError(f"field '{name}' has more than {longest} characters")
    if claim.revision > LARGEST_REVISION:
        raise InvalidClaimError(f"field 'revision' is larger than {LARGEST_REVISION}")
    document = json.dumps(claim_to_dict(claim), ensure_ascii=False)
    if _NULL.search(document) or _HALF_CHARACTER.search(document):
        raise InvalidClaimError("a text holds a null character or half a character; take it out")


def _next_change(connection: Connection) -> int:
    connection.execute(
        update(counters).where(counters.c.name == "change").values(value=counters.c.value + 1)
    )
    return current_change(connection)


def _read(document: str) -> Claim:
    return claim_from_dict(json.loads(document))
