"""The tables, as SQLAlchemy Core knows them; the migrations make them.

A claim is kept whole as a JSON document beside the columns that are looked up; every change leaves
a row in ``claim_revisions`` with what was before and after.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

__all__ = ["claim_revisions", "claims", "counters", "flags", "metadata", "outlets"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# In the order of its code points on every database, so that pages and exports come out alike.
ClaimId = String(200).with_variant(String(200, collation="C"), "postgresql")

claims = Table(
    "claims",
    metadata,
    Column("id", ClaimId, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("created", String(40), nullable=False),
    Column("updated", String(40), nullable=False),
    Column("change", Integer, nullable=False),
    Index("ix_claims_change", "change"),
    Index("ix_claims_state_id", "state", "id"),
)

claim_revisions = Table(
    "claim_revisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("claim_id", String(200), ForeignKey("claims.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made", String(40), nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("ix_claim_revisions_claim_id", "claim_id", "revision"),
)

outlets = Table(
    "outlets",
    metadata,
    Column("domain", String(253), primary_key=True),
    Column("document", Text, nullable=False),
    Column("impersonated", Integer, nullable=False, default=0),
)

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
)

# One row, ``change``: counts every published change, so that workers see that there is one.
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)
