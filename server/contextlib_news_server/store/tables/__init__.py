"""The tables, as SQLAlchemy Core knows them; the migrations make them."""

from contextlib_news_server.store.tables.columns import metadata
from contextlib_news_server.store.tables.content import (
    claim_facets,
    claim_sources,
    claims,
    counters,
    outlet_aliases,
    outlet_facts,
    outlets,
    raters,
    ratings,
    revisions,
    sources,
)
from contextlib_news_server.store.tables.desk import (
    bulk_changes,
    trial_counts,
    upload_parts,
    uploads,
    views,
)
from contextlib_news_server.store.tables.people import (
    invitations,
    sessions,
    sign_ins,
    tokens,
    users,
)
from contextlib_news_server.store.tables.work import (
    claim_counts,
    claim_links,
    flags,
    imports,
    links,
    options,
    queue_items,
    subscriptions,
)

__all__ = [
    "bulk_changes",
    "claim_counts",
    "claim_facets",
    "claim_links",
    "claim_sources",
    "claims",
    "counters",
    "flags",
    "imports",
    "invitations",
    "links",
    "metadata",
    "options",
    "outlet_aliases",
    "outlet_facts",
    "outlets",
    "queue_items",
    "raters",
    "ratings",
    "revisions",
    "sessions",
    "sign_ins",
    "sources",
    "subscriptions",
    "tokens",
    "trial_counts",
    "upload_parts",
    "uploads",
    "users",
    "views",
]
