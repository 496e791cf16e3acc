"""The row of a claim: its document and the columns, facets and words that are made from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.store.batches import add_rows, among
from contextlib_news_server.store.tables import claim_facets, claims, counters
from contextlib_news_server.store.words import fold_words

__all__ = [
    "CHANNEL",
    "DERIVED_VERSION",
    "ClaimState",
    "check_keepable",
    "derived_columns",
    "facets_of",
    "is_derived",
    "next_changes",
    "read_document",
    "refresh_derived",
    "says_the_same",
    "take_turn",
    "to_document",
    "write_facets",
]

# Raised whenever the columns below are made in another way; the next start makes them anew.
DERIVED_VERSION = 1

# Under which PostgreSQL tells of new changes.
CHANNEL = "contextlib_news_changes"

# The widths of the columns, which SQLite would not mind and PostgreSQL does.
LONGEST_ID = 200
LONGEST_DATE = 40
LONGEST_FACET = 600
LARGEST_REVISION = 2**31 - 2

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
# As JSON writes it; an even number of backslashes before it would be a text that speaks of it.
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class ClaimState(StrEnum):
    """Where a version of a claim stands between its first draft and its end."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


def says_the_same(one: Claim, other: Claim) -> bool:
    """Say whether two versions differ in nothing but their numbers and dates."""
    return one == replace(other, revision=one.revision, created=one.created, updated=one.updated)


def to_document(claim: Claim) -> str:
    """Return the text that a claim is kept as."""
    return json.dumps(claim_to_dict(claim), ensure_ascii=False)


def read_document(document: str) -> Claim:
    """Return the claim of a kept text."""
    return claim_from_dict(json.loads(document))


def check_keepable(claim: Claim) -> str:
    """Return the claim's document; raises InvalidClaimError for what a database cannot keep."""
    for name, text, longest in (
        ("id", claim.id, LONGEST_ID),
        ("created", claim.created, LONGEST_DATE),
        ("updated", claim.updated, LONGEST_DATE),
    ):
        if text is not None and len(text) > longest:
            raise InvalidClaimError(f"field '{name}' has more than {longest} characters")
    if claim.revision > LARGEST_REVISION:
        raise InvalidClaimError(f"field 'revision' is larger than {LARGEST_REVISION}")
    document = to_document(claim)
    if _NULL.search(document) or _HALF_CHARACTER.search(document):
        raise InvalidClaimError("a text holds a null character or half a character; take it out")
    return document


def take_turn(connection: Connection) -> int:
    """Wait until this transaction alone writes, and return the number of the last change.

    So none overwrites what it has not read, and the numbers of changes appear in their order;
    SQLite sees to it by itself and leaves the clause out.
    """
    return int(
        connection.scalar(
            select(counters.c.value).where(counters.c.name == "change").with_for_update()
        )
        or 0
    )


def next_changes(connection: Connection, count: int) -> int:
    """Return the first of ``count`` new numbers of changes."""
    connection.execute(
        update(counters).where(counters.c.name == "change").values(value=counters.c.value + count)
    )
    value = connection.scalar(select(counters.c.value).where(counters.c.name == "change"))
    if connection.dialect.name == "postgresql":
        # Heard by ``listening`` when this transaction is committed, and not at all when it fails.
        connection.execute(select(func.pg_notify(CHANNEL, str(value))))
    return int(value or 0) - count + 1


def derived_columns(claim: Claim) -> dict[str, Any]:
    """Return the columns that are made from the newest version of a claim."""
    texts = [claim.text, claim.title, claim.subtitle, *claim.variants, claim.claimant, claim.id]
    words = fold_words(text for text in (*texts, claim.summary) if text)
    return {"words": " ".join(words), "valid_until": claim.valid_until}


def facets_of(claim: Claim) -> set[tuple[str, str]]:
    """Return kind and value of what listings filter a claim by."""
    found = {("topic", topic) for topic in claim.topics}
    found |= {("publisher", review.publisher) for review in claim.reviews}
    found |= {("appearance", address) for address in claim.appearances}
    if claim.language:
        found.add(("language", claim.language))
    return {(kind, value[:LONGEST_FACET]) for kind, value in found if value}


def write_facets(
    connection: Connection, wanted: Mapping[int, set[tuple[str, str]]], fresh: Iterable[int] = ()
) -> None:
    """Bring the facets of claims, by their numbers, up to date; ``fresh`` ones have none yet."""
    old = sorted(set(wanted) - set(fresh))
    if old:
        held: dict[int, set[tuple[str, str]]] = {number: set() for number in old}
        for kind, value, claim in connection.execute(
            select(claim_facets.c.kind, claim_facets.c.value, claim_facets.c.claim).where(
                among(connection, claim_facets.c.claim, old)
            )
        ):
            held[claim].add((kind, value))
        stale = [number for number in old if held[number] != wanted[number]]
        if stale:
            connection.execute(delete(claim_facets).where(claim_facets.c.claim.in_(stale)))
        unchanged = set(old) - set(stale)
        wanted = {number: rows for number, rows in wanted.items() if number not in unchanged}
    rows = [
        {"kind": kind, "value": value, "claim": number}
        for number, facets in wanted.items()
        for kind, value in sorted(facets)
    ]
    if rows:
        add_rows(connection, claim_facets, rows)


def is_derived(connection: Connection) -> bool:
    """Say whether the derived columns of all claims were made by this version."""
    made = connection.scalar(select(counters.c.value).where(counters.c.name == "derived"))
    return bool(made == DERIVED_VERSION)


def refresh_derived(connection: Connection, batch: int = 1_000) -> None:
    """Make the derived columns of all claims anew where another version made them."""
    if is_derived(connection):
        return
    after = 0
    while rows := connection.execute(
        select(claims.c.number, claims.c.document, claims.c.pending)
        .where(claims.c.number > after)
        .order_by(claims.c.number)
        .limit(batch)
    ).all():
        newest = {row.number: read_document(row.pending or row.document) for row in rows}
        _write_derived(connection, newest)
        after = rows[-1].number
    connection.execute(delete(counters).where(counters.c.name == "derived"))
    connection.execute(counters.insert().values(name="derived", value=DERIVED_VERSION))


def _write_derived(connection: Connection, newest: Mapping[int, Claim]) -> None:
    values: Sequence[dict[str, Any]] = [
        {"at": number, **derived_columns(claim)} for number, claim in newest.items()
    ]
    connection.execute(
        update(claims)
        .where(claims.c.number == bindparam("at"))
        .values(words=bindparam("words"), valid_until=bindparam("valid_until")),
        list(values),
    )
    write_facets(connection, {number: facets_of(claim) for number, claim in newest.items()})
