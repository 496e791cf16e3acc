"""The curators' desk under ``/admin/``: server-rendered, and working without JavaScript."""

from __future__ import annotations

from contextlib_news_server.desk import (
    claim_bulk,
    claim_editor,
    claim_joining,
    claim_list,
    claim_steps,
    differences,
    disclaimer_rules,
    disclaimers,
    exports,
    importing,
    outlets,
    people,
    problems,
    queue,
    queue_clearing,
    signing_in,
    sources,
    start,
    subscriptions,
)
from contextlib_news_server.desk.access import bp

__all__ = [
    "bp",
    "claim_bulk",
    "claim_editor",
    "claim_joining",
    "claim_list",
    "claim_steps",
    "differences",
    "disclaimer_rules",
    "disclaimers",
    "exports",
    "importing",
    "outlets",
    "people",
    "problems",
    "queue",
    "queue_clearing",
    "signing_in",
    "sources",
    "start",
    "subscriptions",
]
