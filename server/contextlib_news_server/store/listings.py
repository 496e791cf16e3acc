"""Lists of claims for desk and API: filtered, paged by key, and bounded in what they look at.

Without filters a list comes in any of four orders, each an index. With filters it comes newest
first: the rarest filter is walked along its index, and what fits the others is kept. A request
looks at a bounded number of rows; a page that ends early says where the next one goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    column,
    func,
    literal,
    select,
    table,
    text,
    tuple_,
)

from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.tables import claim_facets, claim_sources, claims
from contextlib_news_server.store.words import fold_words

__all__ = ["ClaimQuery", "ListedClaim", "ListedPage", "Order", "list_claims"]

# Rows of the rarest filter looked at in one step, and steps a page: together they bound a request.
STEP = 1_000
STEPS = 5

# A filter with fewer rows than this is rare; how many more it has does not matter.
RARE = 2_000

# A shorter beginning of a word has too many words behind it.
SHORTEST_BEGINNING = 4

MOST_WORDS = 12


class Order(StrEnum):
    """The orders of a list without filters."""

    ID = "id"
    TOUCHED = "touched"
    UPDATED = "updated"
    VALID_UNTIL = "valid_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimQuery:
    """What is asked for; None asks for all.

    ``stage`` is the state of the newest version, ``text`` words that all must stand in it (the
    last may be the beginning of one), ``source`` the number of a source.
    """

    stage: ClaimState | None = None
    language: str | None = None
    topic: str | None = None
    publisher: str | None = None
    appearance: str | None = None
    source: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClaim:
    """A claim in a list: what a row of it shows."""

    number: int
    id: str
    text: str
    state: ClaimState
    stage: ClaimState
    revision: int
    updated: str
    edited_by: str | None
    language: str | None
    verdict: str | None
    valid_until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """A page of a list; ``next`` is handed in as ``after`` for the following one, None at the end.

    A page may hold fewer claims than were asked for, even none, and yet have a next one.
    """

    claims: tuple[ListedClaim, ...]
    next: str | None


_COLUMNS = (
    *(claims.c.number, claims.c.id, claims.c.state, claims.c.stage, claims.c.revision),
    *(claims.c.document, claims.c.pending, claims.c.updated, claims.c.edited_by),
    *(claims.c.touched, claims.c.valid_until),
)


def list_claims(
    connection: Connection,
    query: ClaimQuery | None = None,
    *,
    order: Order = Order.TOUCHED,
    after: str | None = None,
    limit: int = 50,
) -> ListedPage:
    """Return one page of the claims that fit.

    ``order`` is that of a list without other filters than ``stage``: by id, last worked on first,
    last published first, or what becomes invalid first (these two of published claims where no
    ``stage`` is given); other lists come newest first. Raises
    ValueError for an ``after`` that no page gave.
    """
    query = query or ClaimQuery()
    if query.text and query.text.strip() and not fold_words([query.text], 1):
        return ListedPage(claims=(), next=None)
    drivers = list(_drivers(connection, query))
    if drivers:
        return _filtered(connection, query, drivers, after, limit)
    return _ordered(connection, query.stage, order, after, limit)


PLACES: dict[Order, tuple[type, ...]] = {
    Order.ID: (str,),
    Order.TOUCHED: (int,),
    Order.UPDATED: (str, int),
    Order.VALID_UNTIL: (str, int),
}


# --- Without filters ------------------------------------------------------------------------------


def _ordered(
    connection: Connection, stage: ClaimState | None, order: Order, after: str | None, limit: int
) -> ListedPage:
    key = _place(after, *PLACES[order])
    found: Select[Any] = select(*_COLUMNS)
    if order == Order.ID:
        # The public list by id; the desk's stages are few and looked through along it.
        found = found.where(claims.c.state == stage.value) if stage else found
        found = found.where(claims.c.id > key[0]) if key else found
        rows = connection.execute(found.order_by(claims.c.id).limit(limit)).all()
        return _page(rows, limit, lambda row: [row.id])
    if order == Order.VALID_UNTIL:
        found = found.where(claims.c.stage == (stage or ClaimState.PUBLISHED).value)
        found = found.where(claims.c.valid_until.is_not(None))
        place = (claims.c.valid_until, claims.c.number)
        if key:
            found = found.where(tuple_(*place) > tuple_(*key))
        rows = connection.execute(found.order_by(*place).limit(limit)).all()
        return _page(rows, limit, lambda row: [row.valid_until, row.number])
    if order == Order.UPDATED:
        found = found.where(claims.c.state == (stage or ClaimState.PUBLISHED).value)
        if key:
            found = found.where(tuple_(claims.c.updated, claims.c.number) < tuple_(*key))
        found = found.order_by(claims.c.updated.desc(), claims.c.number.desc())
        rows = connection.execute(found.limit(limit)).all()
        return _page(rows, limit, lambda row: [row.updated, row.number])
    found = found.where(claims.c.stage == stage.value) if stage else found
    found = found.where(claims.c.touched < key[0]) if key else found
    rows = connection.execute(found.order_by(claims.c.touched.desc()).limit(limit)).all()
    return _page(rows, limit, lambda row: [row.touched])


# --- With filters ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Driver:
    """A filter that can be walked by the numbers of claims, newest first."""

    numbers: Select[Any]
    number: Any
    condition: Any

    def rows_up_to(self, connection: Connection, most: int) -> int:
        part = self.numbers.limit(most).subquery()
        return int(connection.scalar(select(func.count()).select_from(part)) or 0)


def _drivers(connection: Connection, query: ClaimQuery) -> Iterator[_Driver]:
    facets = {
        "language": query.language,
        "topic": query.topic,
        "publisher": query.publisher,
        "appearance": query.appearance,
    }
    for kind, value in facets.items():
        if value is not None:
            fits = (claim_facets.c.kind == kind) & (claim_facets.c.value == value)
            there = (
                select(claim_facets.c.claim)
                .where(fits, claim_facets.c.claim == claims.c.number)
                .exists()
            )
            number = claim_facets.c.claim
            yield _Driver(select(number.label("number")).where(fits), number, there)
    if query.source is not None:
        number = claim_sources.c.claim
        of_it = claim_sources.c.source == query.source
        there = select(number).where(of_it, number == claims.c.number).exists()
        yield _Driver(select(number.label("number")).where(of_it), number, there)
    if query.text and (words := fold_words([query.text], MOST_WORDS)):
        yield _words(connection, words, open_end=not query.text[-1].isspace())


def _words(connection: Connection, words: tuple[str, ...], *, open_end: bool) -> _Driver:
    """Return the filter that all words stand in a claim, the last as the beginning of one."""
    begun = words[-1] if open_end and len(words[-1]) >= SHORTEST_BEGINNING else None
    # Where another filter is walked, looking into the few rows is cheaper than asking the index.
    inside = literal(" ").concat(claims.c.words).concat(" ")
    there = and_(*(inside.like(f"% {w}%" if w == begun else f"% {w} %") for w in words))
    if connection.dialect.name == "postgresql":
        asked = " & ".join(f"'{word}'" + (":*" if word == begun else "") for word in words)
        fits = text(
            "array_to_tsvector(string_to_array(claims.words, ' ')) @@ CAST(:asked AS tsquery)"
        ).bindparams(asked=asked)
        return _Driver(select(claims.c.number).where(fits), claims.c.number, there)
    index = table("claim_words", column("rowid"))
    asked = " AND ".join(f'"{word}"' + ("*" if word == begun else "") for word in words)
    fits = text("claim_words MATCH :asked").bindparams(asked=asked)
    return _Driver(select(index.c.rowid.label("number")).where(fits), index.c.rowid, there)


def _filtered(
    connection: Connection,
    query: ClaimQuery,
    drivers: list[_Driver],
    after: str | None,
    limit: int,
) -> ListedPage:
    key = _place(after, int)
    last = key[0] if key else None
    if query.stage is not None:
        fits = claims.c.stage == query.stage.value
        drivers.append(_Driver(select(claims.c.number).where(fits), claims.c.number, fits))
    rarest = drivers[0]
    if len(drivers) > 1:
        rarest = min(drivers, key=lambda driver: driver.rows_up_to(connection, RARE))
    others = [driver.condition for driver in drivers if driver is not rarest]
    found: list[Any] = []
    for _ in range(STEPS):
        walked = rarest.numbers
        if last is not None:
            walked = walked.where(rarest.number < last)
        step = STEP if others else limit
        walked = walked.order_by(rarest.number.desc()).limit(step)
        numbers = list(connection.scalars(walked))
        rows = connection.execute(
            select(*_COLUMNS)
            .where(claims.c.number.in_(numbers), *others)
            .order_by(claims.c.number.desc())
            .limit(limit - len(found))
        ).all()
        found += rows
        if len(found) >= limit:
            return _page(found, limit, lambda row: [row.number])
        if len(numbers) < step:
            return ListedPage(claims=tuple(map(_read, found)), next=None)
        last = numbers[-1]
    return ListedPage(claims=tuple(map(_read, found)), next=json.dumps([last]))


def _place(after: str | None, *kinds: type) -> list[Any] | None:
    """Return where a page ended; raises ValueError where none ended so."""
    if not after:
        return None
    place = json.loads(after)
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds):
        raise ValueError("this is not where a page of this list ended")
    return place


def _page(rows: Any, limit: int, place: Any) -> ListedPage:
    following = json.dumps(place(rows[-1])) if rows and len(rows) >= limit else None
    return ListedPage(claims=tuple(_read(row) for row in rows), next=following)


def _read(row: Row[Any]) -> ListedClaim:
    document = json.loads(row.pending or row.document)
    return ListedClaim(
        number=row.number,
        id=row.id,
        text=document["text"],
        state=ClaimState(row.state),
        stage=ClaimState(row.stage),
        revision=document["revision"],
        updated=row.updated,
        edited_by=row.edited_by,
        language=document.get("language"),
        verdict=document.get("verdict"),
        valid_until=row.valid_until,
    )
