"""API tokens: who may ask for what, until when and how often a day.

A token is shown once, when it is made; kept is its digest alone. It is long and random, so that a
plain SHA-256 serves: there is nothing to guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from contextlib_news.errors import CommandError
from contextlib_news_server.store.digests import digest_of
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import tokens

__all__ = ["Scope", "Token", "add", "find", "listed", "note_use", "revoke"]

# So that a token is known for one in a log or a repository, by people and by scanners.
PREFIX = "cnews_"
LONGEST_NAME = 200


class Scope(StrEnum):
    """What a token may be used for."""

    ANNOTATE = "annotate"
    READ = "read"
    FLAG = "flag"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: times in ISO 8601 and UTC, ``quota`` in requests a day."""

    number: int
    name: str
    scopes: frozenset[str]
    quota: int | None
    created: str
    made_by: str
    expires: str | None
    revoked: str | None
    used: str | None


def add(
    connection: Connection,
    name: str,
    scopes: Collection[str],
    *,
    made_by: str,
    days: int | None = None,
    quota: int | None = None,
) -> str:
    """Make a token and return it, the only time that it can be seen.

    ``days`` is how long it holds and ``quota`` how many requests a day it may make, None for no
    limit. Raises CommandError for a name, a scope or a limit that is none.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME or "\x00" in name:
        raise CommandError(f"a token needs a name of at most {LONGEST_NAME} characters")
    unknown = sorted(set(scopes) - set(Scope))
    if unknown or not scopes:
        raise CommandError(f"a token needs scopes out of: {', '.join(Scope)}")
    if (days is not None and not 0 < days <= 36_500) or (
        quota is not None and not 0 < quota <= 2**31 - 1
    ):
        raise CommandError("days and quota must be whole numbers above 0")
    secret = PREFIX + secrets.token_urlsafe(32)
    expires = None if days is None else _written(datetime.now(UTC) + timedelta(days=days))
    connection.execute(
        tokens.insert().values(
            digest=digest_of(secret),
            name=name.strip(),
            scopes=" ".join(sorted(set(scopes))),
            quota=quota,
            created=now(),
            made_by=made_by,
            expires=expires,
        )
    )
    return secret


def find(connection: Connection, secret: str) -> Token | None:
    """Return the token where it is one that still holds."""
    row = connection.execute(select(tokens).where(tokens.c.digest == digest_of(secret))).first()
    if row is None:
        return None
    token = _read(row)
    over = token.expires is not None and token.expires <= _written(datetime.now(UTC))
    return None if token.revoked is not None or over else token


def listed(connection: Connection, *, after: int = 0, limit: int | None = None) -> list[Token]:
    """Return tokens, those that no longer hold among them, in the order they were made.

    Those behind the number ``after``.
    """
    query = select(tokens).where(tokens.c.number > after).order_by(tokens.c.number).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def revoke(connection: Connection, number: int) -> bool:
    """End a token; False where there is none of this number that still holds."""
    done = connection.execute(
        update(tokens)
        .where(tokens.c.number == number, tokens.c.revoked.is_(None))
        .values(revoked=now())
    )
    return done.rowcount == 1


def note_use(connection: Connection, token: Token) -> None:
    """Keep the day on which a token was last used, so that forgotten ones are found."""
    connection.execute(
        update(tokens).where(tokens.c.number == token.number).values(used=now()[:10])
    )


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _read(row: Row[Any]) -> Token:
    return Token(
        number=int(row.number),
        name=str(row.name),
        scopes=frozenset(str(row.scopes).split()),
        quota=row.quota,
        created=str(row.created),
        made_by=str(row.made_by),
        expires=row.expires,
        revoked=row.revoked,
        used=row.used,
    )
