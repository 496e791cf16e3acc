"""Who works at the desk: names, roles, passwords, and what happens when one is wrong too often.

Passwords are kept as argon2id digests with the library's parameters (RFC 9106, low memory). A
wrong name takes as long as a wrong password, so that names cannot be guessed by the time it takes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, Row, func, select, update

from contextlib_news.errors import CommandError
from contextlib_news_server.store import revisions
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.tables import sessions, sign_ins, users

__all__ = [
    "SHORTEST_PASSWORD",
    "Role",
    "SignIn",
    "User",
    "add",
    "check_password",
    "count",
    "get",
    "listed",
    "set_disabled",
    "set_password",
    "set_role",
    "settle_code",
]

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000

# Wrong passwords in a row before an account is closed for a while, and for how long; each further
# one doubles the time, up to a day.
ALLOWED_FAILURES = 5
LOCK_SECONDS = 60
LONGEST_LOCK_SECONDS = 24 * 3600


class Role(StrEnum):
    """What a person may do, each more than the one before."""

    CONTRIBUTOR = "reader-contributor"
    CURATOR = "curator"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class SignIn(StrEnum):
    """The outcome of a try to sign in."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person at the desk; ``second_factor`` says whether a code is asked for as well."""

    number: int
    name: str
    role: Role
    disabled: bool
    second_factor: bool
    locked_until: str | None
    created: str
    revision: int


def add(
    connection: Connection, name: str, *, role: Role, password: str | None, made_by: str
) -> User:
    """Add a person; raises CommandError for a name that is taken or a password that is too short.

    Without a ``password`` nobody can sign in under the name before one is set.
    """
    if not name.strip() or len(name) > 100 or any(not c.isprintable() for c in name):
        raise CommandError("a name must have 1 to 100 printable characters")
    digest = None if password is None else _digest(password)
    take_turn(connection)
    if get(connection, name) is not None:
        raise CommandError(f"there is a user {name!r} already")
    moment = revisions.now()
    row = connection.execute(
        users.insert()
        .values(
            name=name,
            role=role.value,
            password=digest,
            disabled=False,
            failed=0,
            created=moment,
            updated=moment,
            revision=1,
        )
        .returning(users)
    ).one()
    user = _read(row)
    _note(connection, user, made_by, "added")
    return user


def get(connection: Connection, name: str) -> User | None:
    """Return a person by name, or None."""
    row = connection.execute(select(users).where(users.c.name == name)).first()
    return None if row is None else _read(row)


def listed(connection: Connection, *, after: str = "", limit: int | None = None) -> list[User]:
    """Return people by name, those behind ``after``."""
    query = select(users).where(users.c.name > after).order_by(users.c.name).limit(limit)
    return [_read(row) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    """Return how many people there are."""
    return int(connection.scalar(select(func.count()).select_from(users)) or 0)


def check_password(
    engine: Engine, name: str, password: str, *, address: str | None = None
) -> tuple[SignIn, User | None]:
    """Return the outcome of a try to sign in, with the person where it was right.

    Every try is written to the log of sign-ins with the ``address`` it came from. From
    ALLOWED_FAILURES in a row on the account is closed for a while, for the right password too. The
    digest is computed while no transaction is open, so that it holds up no writer.
    """
    with engine.execution_options(read_only=True).connect() as connection:
        row = connection.execute(select(users).where(users.c.name == name)).first()
    right = _verify(None if row is None else row.password, password)
    with engine.begin() as connection:
        outcome = SignIn.WRONG if row is None else _settle(connection, row.number, right)
        connection.execute(
            sign_ins.insert().values(
                made=revisions.now(),
                name=name[:200],
                user=None if row is None else row.number,
                outcome=outcome.value,
                address=address,
            )
        )
    return outcome, _read(row) if outcome == SignIn.RIGHT and row is not None else None


def _settle(connection: Connection, number: int, right: bool) -> SignIn:
    """Return the outcome for a person who is known, and count what was wrong."""
    moment = datetime.now(UTC)
    # Locked, so that tries at the same moment all count.
    row = connection.execute(
        select(users.c.failed, users.c.locked_until, users.c.disabled, users.c.totp_secret)
        .where(users.c.number == number)
        .with_for_update()
    ).one()
    this = update(users).where(users.c.number == number)
    if row.locked_until is not None and row.locked_until > moment.isoformat(timespec="seconds"):
        return SignIn.LOCKED
    if not right:
        over = int(row.failed) + 1 - ALLOWED_FAILURES
        seconds = min(LOCK_SECONDS * 2 ** min(max(over, 0), 20), LONGEST_LOCK_SECONDS)
        until = (moment + timedelta(seconds=seconds)).isoformat(timespec="seconds")
        connection.execute(
            this.values(failed=int(row.failed) + 1, locked_until=until if over >= 0 else None)
        )
        return SignIn.WRONG
    if row.disabled:
        return SignIn.DISABLED
    if row.totp_secret is None:
        connection.execute(this.values(failed=0, locked_until=None))
    # Else the count goes on until the code was right too: it can be guessed just as well.
    return SignIn.RIGHT


def settle_code(connection: Connection, number: int, right: bool) -> SignIn:
    """Return the outcome of the second factor's code, which counts as the password does."""
    if right:
        connection.execute(
            update(users).where(users.c.number == number).values(failed=0, locked_until=None)
        )
        return SignIn.RIGHT
    return _settle(connection, number, False)


def set_password(connection: Connection, name: str, password: str, *, made_by: str) -> User:
    """Give a person a new password and end their sessions; raises CommandError for a short one."""
    digest = _digest(password)
    user = _change(
        connection, name, made_by, "new password", password=digest, failed=0, locked_until=None
    )
    connection.execute(sessions.delete().where(sessions.c.user == user.number))
    return user


def set_role(connection: Connection, name: str, role: Role, *, made_by: str) -> User:
    """Give a person another role."""
    return _change(connection, name, made_by, f"role {role.value}", role=role.value)


def set_disabled(connection: Connection, name: str, disabled: bool, *, made_by: str) -> User:
    """Shut a person out, ending their sessions, or let them in again."""
    reason = "disabled" if disabled else "enabled"
    user = _change(connection, name, made_by, reason, disabled=disabled)
    if disabled:
        connection.execute(sessions.delete().where(sessions.c.user == user.number))
    return user


def _change(connection: Connection, name: str, made_by: str, reason: str, **values: Any) -> User:
    take_turn(connection)
    row = connection.execute(
        update(users)
        .where(users.c.name == name)
        .values(updated=revisions.now(), revision=users.c.revision + 1, **values)
        .returning(users)
    ).first()
    if row is None:
        raise CommandError(f"there is no user {name!r}")
    user = _read(row)
    _note(connection, user, made_by, reason)
    return user


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _digest(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise CommandError(
            f"a password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        )
    return _hasher().hash(password)


def _verify(digest: str | None, password: str) -> bool:
    """Say whether a password is right; takes as long where there is none to compare with."""
    try:
        _hasher().verify(digest or _nobodys(), password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return digest is not None


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody signs in with this")


def _note(connection: Connection, user: User, made_by: str, reason: str) -> None:
    after = {"name": user.name, "role": user.role.value, "disabled": user.disabled}
    after["second_factor"] = user.second_factor
    revisions.add_many(
        connection,
        [
            {
                "kind": "user",
                "key": user.name,
                "revision": user.revision,
                "state": None,
                "made": revisions.now(),
                "made_by": made_by,
                "reason": reason,
                "source": None,
                "after": json.dumps(after, ensure_ascii=False),
            }
        ],
    )


def _read(row: Row[Any]) -> User:
    return User(
        number=row.number,
        name=row.name,
        role=Role(row.role),
        disabled=bool(row.disabled),
        second_factor=row.totp_secret is not None,
        locked_until=row.locked_until,
        created=row.created,
        revision=row.revision,
    )
