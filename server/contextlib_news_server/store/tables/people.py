"""Who works at the desk and who may ask: users, sessions, invitations, tokens, sign-ins.

Secrets are kept as digests: passwords by argon2, what is long and random by SHA-256. The second
factor's secret is the exception, since codes are computed from it.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from contextlib_news_server.store.tables.columns import Key, Moment, metadata

__all__ = ["invitations", "sessions", "sign_ins", "tokens", "users"]

users = Table(
    "users",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", Key, nullable=False),
    Column("role", String(20), nullable=False),
    Column("password", Text),
    Column("disabled", Boolean, nullable=False),
    Column("totp_secret", Text),
    # The last time step whose code was taken, so that none is taken twice.
    Column("totp_step", Integer),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("name", name="uq_users_name"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, ForeignKey("users.number"), nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    # Whether the second factor was given.
    Column("confirmed", Boolean, nullable=False),
    Column("csrf", String(64), nullable=False),
    Index("ix_sessions_user", "user"),
    Index("ix_sessions_expires", "expires"),
)

# One-time links: to join with a role, or to set a new password.
invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("role", String(20)),
    Column("user", Integer, ForeignKey("users.number")),
    Column("made_by", String(200), nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("used", Moment),
    Index("ix_invitations_expires", "expires"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("user", Integer, ForeignKey("users.number")),
    Column("scopes", Text, nullable=False),
    # Requests a day; null for no limit of its own.
    Column("quota", Integer),
    Column("created", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("used", Moment),
    UniqueConstraint("digest", name="uq_tokens_digest"),
    Index("ix_tokens_user", "user"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("made", Moment, nullable=False),
    Column("name", String(200), nullable=False),
    Column("user", Integer, ForeignKey("users.number")),
    Column("outcome", String(40), nullable=False),
    Column("address", String(60)),
    Index("ix_sign_ins_name", "name", "number"),
    Index("ix_sign_ins_made", "made"),
)
