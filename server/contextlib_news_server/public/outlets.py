"""The page of an outlet: each rater in its own words, the publisher's reply, and how to answer."""

from __future__ import annotations

from flask import Response

from contextlib_news.context.ratings import disagree
from contextlib_news.wording import FACT_KINDS, name_fact
from contextlib_news_server.errors import Problem
from contextlib_news_server.public.blueprint import bp, page
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import flags
from contextlib_news_server.store.database import read

__all__ = ["show_outlet"]

DECISIONS = 20


@bp.get("/outlets/<path:domain>")
def show_outlet(domain: str) -> Response:
    """Show an outlet with every rating, its rater, scale, date, method and link."""
    outlet = services().matcher.current().outlets.find(domain) if is_keepable(domain) else None
    if outlet is None:
        raise Problem(404, "This is no public domain.")
    with read(services().engine) as connection:
        decisions = flags.answered(connection, domain=outlet.domain, limit=DECISIONS)
    return page(
        "outlet.html",
        outlet=outlet,
        replies=[fact for fact in outlet.facts if fact.kind == "reply"],
        facts=[fact for fact in outlet.facts if fact.kind != "reply"],
        disagree=disagree(outlet.ratings),
        decisions=decisions,
        fact_names={kind: name_fact(kind) for kind in FACT_KINDS},
    )
