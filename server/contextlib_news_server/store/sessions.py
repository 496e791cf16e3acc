"""Who is signed in: a session is known by the digest of a secret that only the browser holds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from contextlib_news_server.store.digests import digest_of
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import sessions, users
from contextlib_news_server.store.users import Role

__all__ = ["Session", "begin", "confirm", "end", "end_others", "find", "see", "sweep"]

# A session ends after a working day, and sooner where nobody works.
LONGEST_HOURS = 12
IDLE_HOURS = 2

# Seen again within so long is not written down again.
NOTED_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who is signed in; ``confirmed`` says whether the second factor was given."""

    digest: str
    user: int
    name: str
    role: Role
    confirmed: bool
    second_factor: bool


def begin(connection: Connection, user: int, *, confirmed: bool) -> str:
    """Begin a session and return its secret, which is kept nowhere here."""
    secret = secrets.token_urlsafe(32)
    moment = now()
    connection.execute(
        sessions.insert().values(
            digest=digest_of(secret),
            user=user,
            created=moment,
            seen=moment,
            expires=_in_hours(LONGEST_HOURS),
            confirmed=confirmed,
            csrf="",
        )
    )
    return secret


def find(connection: Connection, secret: str) -> Session | None:
    """Return the session of a secret where it still holds and its person is not shut out."""
    row = connection.execute(
        select(sessions, users.c.name, users.c.role, users.c.disabled, users.c.totp_secret)
        .join_from(sessions, users, sessions.c.user == users.c.number)
        .where(sessions.c.digest == digest_of(secret))
    ).first()
    if row is None or row.disabled or row.expires <= now() or row.seen <= _in_hours(-IDLE_HOURS):
        return None
    return Session(
        digest=row.digest,
        user=int(row.user),
        name=str(row.name),
        role=Role(row.role),
        confirmed=bool(row.confirmed),
        second_factor=row.totp_secret is not None,
    )


def see(connection: Connection, session: Session) -> None:
    """Keep that a session is in use, at most once a minute."""
    moment = datetime.now(UTC) - timedelta(seconds=NOTED_SECONDS)
    connection.execute(
        update(sessions)
        .where(
            sessions.c.digest == session.digest,
            sessions.c.seen < moment.isoformat(timespec="seconds"),
        )
        .values(seen=now())
    )


def confirm(connection: Connection, session: Session) -> str:
    """Begin the session that follows the second factor, in place of this one; return its secret."""
    end(connection, session)
    return begin(connection, session.user, confirmed=True)


def end(connection: Connection, session: Session) -> None:
    """End a session."""
    connection.execute(delete(sessions).where(sessions.c.digest == session.digest))


def end_others(connection: Connection, session: Session) -> int:
    """End all other sessions of the same person; return how many there were."""
    done = connection.execute(
        delete(sessions).where(sessions.c.user == session.user, sessions.c.digest != session.digest)
    )
    return int(done.rowcount)


def sweep(connection: Connection) -> int:
    """Take away what has ended by itself; return how many."""
    done = connection.execute(delete(sessions).where(sessions.c.expires <= now()))
    return int(done.rowcount)


def _in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="seconds")
