"""The list of outlets for the desk: searched by domain, alias or name, and paged by domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from contextlib_news_server.store import sources
from contextlib_news_server.store.tables import outlet_aliases, outlet_facts, outlets, ratings

__all__ = ["ListedOutlet", "list_outlets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOutlet:
    """An outlet in a list; ``raters`` counts who rates it, ``desk`` says that the desk wrote."""

    domain: str
    name: str
    updated: str
    sources: int
    raters: int
    desk: bool


def list_outlets(
    connection: Connection, text: str = "", *, after: str = "", limit: int = 50
) -> list[ListedOutlet]:
    """Return outlets in order of their domains, those behind ``after``.

    ``text`` is the beginning of a domain or of an alias, or any part of a name.
    """
    query = select(outlets.c.domain, outlets.c.updated).where(
        outlets.c.state == "published", outlets.c.domain > after
    )
    wanted = text.strip().lower().removeprefix("www.")
    if wanted:
        named = outlet_facts.c.name.icontains(wanted, autoescape=True)
        query = query.where(
            or_(
                outlets.c.domain.startswith(wanted, autoescape=True),
                outlets.c.domain.in_(select(outlet_facts.c.domain).where(named)),
                outlets.c.domain.in_(
                    select(outlet_aliases.c.domain).where(
                        outlet_aliases.c.alias.startswith(wanted, autoescape=True)
                    )
                ),
            )
        )
    rows = connection.execute(query.order_by(outlets.c.domain).limit(limit)).all()
    domains = [row.domain for row in rows]
    desk = sources.get(connection, sources.DESK)
    names, spoken, mine = _facts(connection, domains, -1 if desk is None else desk.number)
    raters = _raters(connection, domains)
    return [
        ListedOutlet(
            domain=row.domain,
            name=names.get(row.domain, row.domain),
            updated=row.updated,
            sources=spoken.get(row.domain, 0),
            raters=raters.get(row.domain, 0),
            desk=row.domain in mine,
        )
        for row in rows
    ]


def _facts(
    connection: Connection, domains: Sequence[str], desk: int
) -> tuple[dict[str, str], dict[str, int], set[str]]:
    """Return the name of each domain, how many sources speak of it, and where the desk does."""
    names: dict[str, str] = {}
    spoken: dict[str, int] = {}
    mine: set[str] = set()
    rows = connection.execute(
        select(outlet_facts.c.domain, outlet_facts.c.source, outlet_facts.c.name)
        .where(outlet_facts.c.domain.in_(domains))
        # As outlets are joined: the desk's word first, then the oldest source's.
        .order_by(outlet_facts.c.source != desk, outlet_facts.c.source)
    )
    for domain, source, name in rows:
        spoken[domain] = spoken.get(domain, 0) + 1
        if name:
            names.setdefault(domain, name)
        if source == desk:
            mine.add(domain)
    return names, spoken, mine


def _raters(connection: Connection, domains: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        select(ratings.c.domain, func.count(ratings.c.rater.distinct()))
        .where(ratings.c.domain.in_(domains))
        .group_by(ratings.c.domain)
    )
    return {str(domain): int(number) for domain, number in rows}
