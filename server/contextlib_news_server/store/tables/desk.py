"""What the desk keeps for those who work there: views, changes of many, files that wait, counts."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from contextlib_news_server.store.tables.columns import Key, Moment, metadata

__all__ = [
    "bulk_changes",
    "disclaimer_rules",
    "trial_counts",
    "upload_parts",
    "uploads",
    "views",
]

# A person's own names for filters of the list of claims.
views = Table(
    "views",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("user", Integer, ForeignKey("users.number"), nullable=False),
    Column("name", Key, nullable=False),
    Column("filters", Text, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("user", "name", name="uq_views_user"),
)

# One change of many claims: ``items`` says how each stood before and which revision came of it,
# ``outcome`` what became of each when it was undone.
bulk_changes = Table(
    "bulk_changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("made", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("action", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("undone", Moment),
    Column("undone_by", String(200)),
    Column("outcome", Text),
)

# Files that were sent to the desk and wait to be imported, in pieces; none is kept for long.
uploads = Table(
    "uploads",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("ending", String(20), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("size", Integer, nullable=False),
)

upload_parts = Table(
    "upload_parts",
    metadata,
    Column("upload", String(40), ForeignKey("uploads.key"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Rules for disclaimers that administrators wrote, whole as JSON; ``change`` is the number of the
# change that brought the newest version. None is ever taken out, only switched off.
disclaimer_rules = Table(
    "disclaimer_rules",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("on", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("edited_by", String(200), nullable=False),
    Column("change", Integer, nullable=False),
    Index("ix_disclaimer_rules_change", "change"),
)

# How many sentences of live tests got a note, and how many of those were ruled out, a day.
trial_counts = Table(
    "trial_counts",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("ruled_out", Integer, nullable=False),
)
