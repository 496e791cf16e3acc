"""What comes in and waits for somebody: flags, the queue, subscriptions, imports."""

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

from contextlib_news_server.store.tables.columns import Domain, Key, Moment, metadata

__all__ = [
    "claim_counts",
    "claim_links",
    "flags",
    "imports",
    "links",
    "options",
    "queue_items",
    "subscriptions",
]

# What readers dispute or ask for, and how it was answered. The contact is deleted on its day.
flags = Table(
    "flags",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("made", String(40), nullable=False),
    Column("note_id", String(100)),
    Column("claim_id", String(200)),
    Column("url", String(4000)),
    Column("exact", Text),
    Column("reason", Text, nullable=False),
    Column("state", String(20), nullable=False, server_default="open"),
    Column("domain", String(253)),
    Column("decision", String(40)),
    Column("decision_reason", Text),
    Column("decided", Moment),
    Column("decided_by", String(200)),
    Column("contact", Text),
    Column("contact_until", Moment),
    Index("ix_flags_state", "state", "number"),
    Index("ix_flags_decided", "state", "decided", "number"),
    Index("ix_flags_claim_id", "claim_id", "number"),
    Index("ix_flags_domain", "domain", "number"),
    Index("ix_flags_contact_until", "contact_until"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", Key, nullable=False),
    Column("source", Integer, ForeignKey("sources.number"), nullable=False),
    Column("address", Text, nullable=False),
    Column("format", String(20), nullable=False),
    Column("every_seconds", Integer, nullable=False),
    Column("licence", Text),
    # Whether new and changed reviews are published at once or wait in the queue.
    Column("publish", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_run", Moment),
    Column("next_run", Moment),
    Column("last_error", Text),
    Column("failures", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    UniqueConstraint("name", name="uq_subscriptions_name"),
    Index("ix_subscriptions_next_run", "enabled", "next_run"),
)

queue_items = Table(
    "queue_items",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    # One open item for one matter: a second report of it finds the first.
    Column("key", Key),
    Column("claim_id", Key),
    Column("domain", Domain),
    Column("source", Integer, ForeignKey("sources.number")),
    Column("flag", Integer, ForeignKey("flags.number")),
    Column("payload", Text),
    Column("reason", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("taken_by", String(200)),
    Column("decided", Moment),
    Column("decided_by", String(200)),
    Column("decision", Text),
    Index("ix_queue_items_state", "state", "number"),
    Index("ix_queue_items_kind", "kind", "state", "number"),
    Index("ix_queue_items_key", "key"),
    Index("ix_queue_items_claim_id", "claim_id"),
    Index("ix_queue_items_source", "source"),
    Index("ix_queue_items_taken_by", "taken_by", "state", "number"),
)

# One run of an import, so that it can be told, repeated and undone.
imports = Table(
    "imports",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("source", Integer, ForeignKey("sources.number"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("file", Text),
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    Column("made_by", String(200), nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("report", Text),
    Index("ix_imports_source", "source", "number"),
)

# Addresses that claims rest on, and what was found there the last time. ``fingerprint`` is of the
# text that a claim was written after; ``told`` is the trouble that the queue was told of.
links = Table(
    "links",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    # Addresses are longer than an index takes.
    Column("digest", String(64), nullable=False),
    Column("address", Text, nullable=False),
    Column("host", Key, nullable=False),
    Column("state", String(20), nullable=False),
    Column("status", Integer),
    Column("detail", Text),
    Column("moved_to", Text),
    Column("fingerprint", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("failures", Integer, nullable=False),
    Column("told", Text),
    Column("checked", Moment),
    Column("next_check", Moment, nullable=False),
    UniqueConstraint("digest", name="uq_links_digest"),
    Index("ix_links_host", "host", "next_check"),
)

claim_links = Table(
    "claim_links",
    metadata,
    Column("link", Integer, ForeignKey("links.number"), primary_key=True),
    Column("claim", Integer, ForeignKey("claims.number"), primary_key=True),
    Index("ix_claim_links_claim", "claim"),
)

# How often a claim's note was shown, a day; nothing about who read or what.
claim_counts = Table(
    "claim_counts",
    metadata,
    Column("claim_id", Key, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("shown", Integer, nullable=False),
    Index("ix_claim_counts_day", "day", "shown"),
)

# What an administrator sets on the desk, such as that a claim needs a second person.
options = Table(
    "options",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
    Column("revision", Integer, nullable=False),
)
