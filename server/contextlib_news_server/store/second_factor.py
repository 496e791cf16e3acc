"""The second factor: codes of an authenticator app (TOTP, RFC 6238), each taken once."""

from __future__ import annotations

import time

import pyotp
from sqlalchemy import Connection, or_, select, update

from contextlib_news_server.store.tables import users

__all__ = ["address_of", "check", "new_secret", "remove", "set_secret"]

STEP_SECONDS = 30

# Clocks may be one step apart.
TOLERANCE = 1

ISSUER = "Contextlib News"


def new_secret() -> str:
    """Return a new secret in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """Return the ``otpauth:`` address that an app reads from the square."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def set_secret(connection: Connection, user: int, secret: str, code: str) -> bool:
    """Set a person's second factor, once a code proves that their app has it."""
    step = _step_of(secret, code)
    if step is None:
        return False
    connection.execute(
        update(users).where(users.c.number == user).values(totp_secret=secret, totp_step=step)
    )
    return True


def remove(connection: Connection, user: int) -> None:
    """Take a person's second factor away, such as after a lost telephone."""
    connection.execute(
        update(users).where(users.c.number == user).values(totp_secret=None, totp_step=None)
    )


def check(connection: Connection, user: int, code: str) -> bool:
    """Say whether a code is right and was not taken before, and take it."""
    secret = connection.scalar(select(users.c.totp_secret).where(users.c.number == user))
    step = None if secret is None else _step_of(secret, code)
    if step is None:
        return False
    done = connection.execute(
        update(users)
        .where(
            users.c.number == user,
            or_(users.c.totp_step.is_(None), users.c.totp_step < step),
        )
        .values(totp_step=step)
    )
    return done.rowcount == 1


def _step_of(secret: str, code: str) -> int | None:
    """Return the time step whose code this is, None where it is none of now."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdecimal():
        return None
    now = int(time.time()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step
    return None
