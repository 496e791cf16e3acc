"""The addresses that claims rest on: gathered from what is published, due for a look, told of.

Links are gathered by the number of the change, so that each claim is looked through once for each
time that it changes. A process that looks at one first takes it, so that of several processes one
does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select, update

from contextlib_news.models import Claim
from contextlib_news_server.store import claims as claim_store
from contextlib_news_server.store import queue
from contextlib_news_server.store.claim_rows import read_document, take_turn
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import claim_links, claims, counters, links, queue_items

__all__ = [
    "KIND",
    "Link",
    "LinkState",
    "addresses_of",
    "due",
    "gather",
    "is_settled",
    "keep",
    "settle",
    "take",
    "tell",
]

KIND = "evidence"
MADE_BY = "evidence check"

# How far the gathering is, among the counters.
CURSOR = "links"

LONGEST_ADDRESS = 4_000

# A look may take so long before another process may try; far above the fetcher's own limit.
TAKEN_SECONDS = 3_600

# So many claims that rest on one link are put into the queue.
CLAIMS_TOLD = 50

# Values in one query; databases take some thousands at most.
AT_ONCE = 500


class LinkState(StrEnum):
    """What was found at an address the last time."""

    UNSEEN = "unseen"
    THERE = "there"
    GONE = "gone"
    MOVED = "moved"
    CHANGED = "changed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address and how it stands; ``failures`` counts the times in a row it was out of reach."""

    number: int
    address: str
    host: str
    state: LinkState
    moved_to: str | None
    fingerprint: str | None
    etag: str | None
    last_modified: str | None
    failures: int
    told: str | None
    next_check: str


def addresses_of(claim: Claim) -> dict[str, str | None]:
    """Return the addresses that a claim rests on, each with the day of what stands there."""
    found: dict[str, str | None] = {}
    pairs = [(each.url, each.date) for each in claim.reports]
    pairs += [(each.url, each.date) for each in claim.reviews]
    pairs += [(each.url, each.date) for each in claim.quotations]
    for address, day in pairs:
        if address and len(address) <= LONGEST_ADDRESS and _host(address):
            found.setdefault(address, day)
    return found


def gather(connection: Connection, limit: int = 500) -> int:
    """Bring the links of the next changed claims up to date; return how many claims that were."""
    take_turn(connection)
    cursor = connection.scalar(select(counters.c.value).where(counters.c.name == CURSOR))
    if cursor is None:
        connection.execute(counters.insert().values(name=CURSOR, value=0))
    elif cursor > claim_store.current_change(connection):
        cursor = 0  # another content was restored
    rows = connection.execute(
        select(claims.c.number, claims.c.change, claims.c.state, claims.c.document)
        .where(claims.c.change > (cursor or 0))
        .order_by(claims.c.change)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    wanted = {
        row.number: addresses_of(read_document(row.document))
        if row.state == claim_store.PUBLISHED
        else {}
        for row in rows
    }
    known = _known(connection, {address for each in wanted.values() for address in each})
    connection.execute(delete(claim_links).where(claim_links.c.claim.in_(list(wanted))))
    pairs = [
        {"link": known[_digest(address)], "claim": number}
        for number, each in wanted.items()
        for address in each
    ]
    if pairs:
        connection.execute(claim_links.insert(), pairs)
    connection.execute(
        update(counters).where(counters.c.name == CURSOR).values(value=rows[-1].change)
    )
    return len(rows)


def due(
    connection: Connection, host: str, *, limit: int = 50, moment: str | None = None
) -> list[Link]:
    """Return links of a host that some claim rests on and whose time has come, longest first."""
    resting = select(claim_links.c.claim).where(claim_links.c.link == links.c.number)
    rows = connection.execute(
        select(links)
        .where(links.c.host == host, links.c.next_check <= (moment or now()), resting.exists())
        .order_by(links.c.next_check)
        .limit(limit)
    )
    names = Link.__slots__
    return [
        Link(**{name: row._mapping[name] for name in names} | {"state": LinkState(row.state)})
        for row in rows
    ]


def take(connection: Connection, link: Link) -> bool:
    """Take a look for this process; False where another process has taken it meanwhile."""
    done = connection.execute(
        update(links)
        .where(links.c.number == link.number, links.c.next_check == link.next_check)
        .values(next_check=_later(TAKEN_SECONDS))
    )
    return done.rowcount == 1


def keep(connection: Connection, link: Link, *, seconds: float, **found: Any) -> None:
    """Keep what was found at a link, and when to look again."""
    connection.execute(
        update(links)
        .where(links.c.number == link.number)
        .values(checked=now(), next_check=_later(seconds), **found)
    )


def tell(
    connection: Connection,
    link: Link,
    trouble: str,
    *,
    reason: str,
    payload: Mapping[str, Any],
    archived: Mapping[str | None, str],
) -> int:
    """Put the claims that rest on a link into the queue, once for a trouble; return how many.

    ``archived`` gives the address of a copy by the day of what stood there, which claims know.
    """
    rows = _resting(connection, link)
    for row in rows[:CLAIMS_TOLD]:
        day = addresses_of(read_document(row.document)).get(link.address)
        more = {"claims": len(rows)} if len(rows) > CLAIMS_TOLD else {}
        queue.put(
            connection,
            kind=KIND,
            key=_key(link, row.number),
            claim_id=row.id,
            reason=reason,
            payload={**payload, "archived copy": archived[day], **more},
            made_by=MADE_BY,
        )
    connection.execute(update(links).where(links.c.number == link.number).values(told=trouble))
    return min(len(rows), CLAIMS_TOLD)


def is_settled(connection: Connection, link: Link) -> bool:
    """Say whether the queue was told of a link and somebody decided each item about it."""
    if link.told is None:
        return False
    return connection.execute(_open_items(connection, link).limit(1)).first() is None


def settle(connection: Connection, link: Link, reason: str) -> None:
    """Take what was told of a link back, as it is in order again."""
    for number in connection.scalars(_open_items(connection, link)).all():
        queue.decide(connection, number, state="dismissed", by=MADE_BY, decision=reason)
    connection.execute(update(links).where(links.c.number == link.number).values(told=None))


def _open_items(connection: Connection, link: Link) -> Any:
    keys = [_key(link, row.number) for row in _resting(connection, link)[:CLAIMS_TOLD]]
    return select(queue_items.c.number).where(
        queue_items.c.key.in_(keys), queue_items.c.state == queue.OPEN
    )


def _resting(connection: Connection, link: Link) -> Sequence[Any]:
    return connection.execute(
        select(claims.c.number, claims.c.id, claims.c.document)
        .join_from(claim_links, claims, claims.c.number == claim_links.c.claim)
        .where(claim_links.c.link == link.number)
        .order_by(claims.c.number)
        .limit(10 * CLAIMS_TOLD)
    ).all()


def _known(connection: Connection, addresses: Iterable[str]) -> dict[str, int]:
    """Return the numbers of links by their digests; those that are new are added."""
    by_digest = {_digest(address): address for address in addresses}
    known = _numbers(connection, list(by_digest))
    fresh = [digest for digest in by_digest if digest not in known]
    if not fresh:
        return known
    moment = now()
    connection.execute(
        links.insert(),
        [
            {
                "digest": digest,
                "address": by_digest[digest],
                "host": _host(by_digest[digest]),
                "state": LinkState.UNSEEN.value,
                "failures": 0,
                "next_check": moment,
            }
            for digest in fresh
        ],
    )
    return known | _numbers(connection, fresh)


def _numbers(connection: Connection, digests: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(digests), AT_ONCE):
        rows = connection.execute(
            select(links.c.digest, links.c.number).where(
                links.c.digest.in_(digests[start : start + AT_ONCE])
            )
        )
        found |= {str(row.digest): int(row.number) for row in rows}
    return found


def _key(link: Link, claim: int) -> str:
    return f"{KIND} {link.number} {claim}"


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def _host(address: str) -> str | None:
    """Return the host of an address as the allow-list names it, None for what is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").casefold().rstrip(".")
    if parts.scheme not in ("https", "http") or not host or len(host) > 190:
        return None
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _later(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds")
