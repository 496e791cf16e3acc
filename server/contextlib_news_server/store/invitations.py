"""One-time links: to join with a role, or to set a new password. An administrator hands them on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, select, update

from contextlib_news_server.store.digests import digest_of
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import invitations, users
from contextlib_news_server.store.users import Role

__all__ = ["Invitation", "Purpose", "find", "make", "use"]

HOURS = 72


class Purpose(StrEnum):
    """What a link is for."""

    JOIN = "join"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that still holds: ``role`` of who joins, or ``name`` of whose password it resets."""

    purpose: Purpose
    role: Role | None
    user: int | None
    name: str | None
    made_by: str


def make(
    connection: Connection,
    purpose: Purpose,
    *,
    made_by: str,
    role: Role | None = None,
    user: int | None = None,
) -> str:
    """Make a link's secret, shown once; it holds three days and works once.

    A second one for the same person takes the place of the first.
    """
    if user is not None:
        connection.execute(
            update(invitations)
            .where(invitations.c.user == user, invitations.c.used.is_(None))
            .values(used=now())
        )
    secret = secrets.token_urlsafe(32)
    expires = datetime.now(UTC) + timedelta(hours=HOURS)
    connection.execute(
        invitations.insert().values(
            digest=digest_of(secret),
            purpose=purpose.value,
            role=None if role is None else role.value,
            user=user,
            made_by=made_by,
            created=now(),
            expires=expires.isoformat(timespec="seconds"),
        )
    )
    return secret


def find(connection: Connection, secret: str) -> Invitation | None:
    """Return the invitation of a secret where it still holds."""
    row = connection.execute(
        select(invitations, users.c.name)
        .join_from(invitations, users, invitations.c.user == users.c.number, isouter=True)
        .where(invitations.c.digest == digest_of(secret))
    ).first()
    if row is None or row.used is not None or row.expires <= now():
        return None
    return Invitation(
        purpose=Purpose(row.purpose),
        role=None if row.role is None else Role(row.role),
        user=row.user,
        name=row.name,
        made_by=str(row.made_by),
    )


def use(connection: Connection, secret: str) -> bool:
    """Use a link up; False where somebody was faster or it no longer holds."""
    done = connection.execute(
        update(invitations)
        .where(
            invitations.c.digest == digest_of(secret),
            invitations.c.used.is_(None),
            invitations.c.expires > now(),
        )
        .values(used=now())
    )
    return done.rowcount == 1
