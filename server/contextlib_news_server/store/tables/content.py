"""What is curated: claims, outlets, ratings, where each comes from, and every change of them.

A claim is kept whole as a JSON document beside the columns that listings filter and order by;
``state`` is what the public sees, ``stage`` the state of the newest version. A published claim may
have a ``pending`` draft beside it, which departs from the public revision ``pending_base``.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from contextlib_news_server.store.tables.columns import (
    BigNumber,
    Domain,
    Key,
    LongKey,
    Moment,
    metadata,
)

__all__ = [
    "claim_facets",
    "claim_sources",
    "claims",
    "counters",
    "outlet_aliases",
    "outlet_facts",
    "outlets",
    "raters",
    "ratings",
    "revisions",
    "sources",
]

claims = Table(
    "claims",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Key, nullable=False),
    # Of the newest version, draft or not; the document holds the one that it was published as.
    Column("revision", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("change", Integer, nullable=False),
    # The number in ``revisions`` of its newest one: the order in which claims were last worked on.
    Column("touched", BigNumber, nullable=False),
    Column("edited_by", String(200)),
    Column("pending", Text),
    Column("pending_base", Integer),
    Column("valid_until", Moment),
    # Folded words of the newest version. The full-text index on them is made by the migration, as
    # either database has one of its own kind: the table ``claim_words`` of FTS5, kept by triggers,
    # or a GIN index.
    Column("words", Text, nullable=False),
    UniqueConstraint("id", name="uq_claims_id"),
    Index("ix_claims_change", "change"),
    Index("ix_claims_state_id", "state", "id"),
    Index("ix_claims_state_updated", "state", "updated", "number"),
    Index("ix_claims_stage_number", "stage", "number"),
    Index("ix_claims_stage_touched", "stage", "touched"),
    Index("ix_claims_touched", "touched"),
    Index("ix_claims_stage_valid_until", "stage", "valid_until", "number"),
)

# What listings filter by: language, topic, publisher of a review, address of an appearance.
claim_facets = Table(
    "claim_facets",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("value", LongKey, primary_key=True),
    Column("claim", Integer, ForeignKey("claims.number"), primary_key=True),
    Index("ix_claim_facets_claim", "claim"),
)

# Every change of everything, never altered: ``after`` is the thing's text then, null where it was
# taken away; what was before is the ``after`` of the revision before.
revisions = Table(
    "revisions",
    metadata,
    Column("number", BigNumber, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("key", LongKey, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(20)),
    Column("made", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Integer),
    Column("after", Text),
    UniqueConstraint("kind", "key", "revision", name="uq_revisions_kind"),
)

# Where things come from. A source that was removed stays as a name for the history.
sources = Table(
    "sources",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("name", Key, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("url", Text),
    Column("licence", Text),
    Column("method", Text),
    Column("date", Moment),
    Column("remark", Text),
    Column("imported", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("name", name="uq_sources_name"),
)

# What a source says of a claim: the text of that revision, or ``document`` where it is no
# revision's text since the desk's own changes were kept beside it.
claim_sources = Table(
    "claim_sources",
    metadata,
    Column("source", Integer, ForeignKey("sources.number"), primary_key=True),
    Column("claim", Integer, ForeignKey("claims.number"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", Text),
    Index("ix_claim_sources_claim", "claim"),
)

outlets = Table(
    "outlets",
    metadata,
    Column("domain", Domain, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("change", Integer, nullable=False),
    Index("ix_outlets_change", "change"),
)

# What a source says of an outlet (name, categories, country, …), one row a source.
outlet_facts = Table(
    "outlet_facts",
    metadata,
    Column("domain", Domain, ForeignKey("outlets.domain"), primary_key=True),
    Column("source", Integer, ForeignKey("sources.number"), primary_key=True),
    Column("name", Text),
    Column("document", Text, nullable=False),
    Column("impersonated", Boolean, nullable=False),
    Index("ix_outlet_facts_source", "source", "domain"),
)

outlet_aliases = Table(
    "outlet_aliases",
    metadata,
    Column("alias", Domain, primary_key=True),
    Column("domain", Domain, ForeignKey("outlets.domain"), primary_key=True),
    Column("source", Integer, ForeignKey("sources.number"), primary_key=True),
    # Aliases are told in the order in which the source gave them.
    Column("position", Integer, nullable=False),
    Index("ix_outlet_aliases_domain", "domain"),
    Index("ix_outlet_aliases_source", "source"),
)

# What a curator holds about a rater; ratings name their rater and need no row here.
raters = Table(
    "raters",
    metadata,
    Column("name", Key, primary_key=True),
    Column("document", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated", Moment, nullable=False),
)

# Any number a domain and source; none overwrites another.
ratings = Table(
    "ratings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("domain", Domain, ForeignKey("outlets.domain"), nullable=False),
    Column("source", Integer, ForeignKey("sources.number"), nullable=False),
    Column("rater", Key, nullable=False),
    Column("label", Text, nullable=False),
    Column("score", Float),
    Column("document", Text, nullable=False),
    Index("ix_ratings_domain", "domain", "number"),
    Index("ix_ratings_source", "source", "domain"),
    Index("ix_ratings_rater", "rater", "domain"),
)

# ``change`` counts every published change, so that workers see that there is one; ``derived`` is
# the version of the columns that are made from the documents.
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)
