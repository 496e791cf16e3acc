"""Saving published claims, one or many at a time, beside what the desk and other sources say.

A batch costs a fixed number of statements, however many claims it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, select, update

from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.store import queue
from contextlib_news_server.store.batches import add_rows, among
from contextlib_news_server.store.claim_rows import (
    ClaimState,
    check_keepable,
    derived_columns,
    facets_of,
    next_changes,
    read_document,
    says_the_same,
    take_turn,
    to_document,
    write_facets,
)
from contextlib_news_server.store.merge import merge
from contextlib_news_server.store.revisions import add_many, now
from contextlib_news_server.store.tables import claim_sources, claims, revisions

__all__ = ["Outcome", "save", "save_many"]

Outcome = Literal["added", "changed", "unchanged"]
PUBLISHED = ClaimState.PUBLISHED
PUBLISHED_TEXT = PUBLISHED.value  # asked for once: it is slow in a loop over a million

_Row = Row[*tuple[Any, ...]]


def save(
    connection: Connection,
    claim: Claim,
    *,
    made_by: str,
    reason: str,
    source: int | None = None,
) -> Outcome:
    """Add or replace a claim, published, and write the revision; an equal one changes nothing.

    See :func:`save_many`.
    """
    (outcome,) = save_many(connection, [claim], made_by=made_by, reason=reason, source=source)
    return outcome


def save_many(
    connection: Connection,
    batch: Sequence[Claim],
    *,
    made_by: str,
    reason: str,
    source: int | None = None,
    checked: bool = False,
) -> list[Outcome]:
    """Add or replace claims, published, and write their revisions; return what became of each.

    A claim that is new to the database keeps the revision number and the dates it comes with; a
    changed one gets the next number and today's date. With a ``source`` (its number) the claims
    are linked to it, and what it said before is remembered: a claim that it says as before stays
    as the desk left it, and one that it changed is merged with what the desk did; where both
    changed the same field, the desk's stays and the matter goes into the queue. What the desk
    retired stays retired. A draft beside a claim stays beside it.

    Raises InvalidClaimError, before anything is written, for what a database cannot keep; the
    caller may say that this is ``checked``.
    """
    for claim in () if checked else batch:
        check_keepable(claim)
    take_turn(connection)
    outcomes: list[Outcome] = []
    for part in _without_repeats(batch):
        outcomes += _Saving(connection, made_by, reason, source).save(part)
    return outcomes


def _without_repeats(batch: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Yield parts of a batch in which no id stands twice."""
    part: dict[str, Claim] = {}
    for claim in batch:
        if claim.id in part:
            yield list(part.values())
            part = {}
        part[claim.id] = claim
    if part:
        yield list(part.values())


@dataclass(slots=True)
class _Version:
    """What is to be written of one claim: its new public text, and what the source said."""

    claim: Claim
    row: _Row | None
    overlapping: tuple[str, ...] = ()
    said: str | None = None


class _Saving:
    """One part of a batch on its way into the database, with a fixed number of statements."""

    def __init__(
        self, connection: Connection, made_by: str, reason: str, source: int | None
    ) -> None:
        self.connection = connection
        self.made_by = made_by
        self.reason = reason
        self.source = source
        self.moment = now()

    def save(self, batch: list[Claim]) -> list[Outcome]:
        rows = self._rows([claim.id for claim in batch])
        said = self._said(rows)
        outcomes: list[Outcome] = []
        written: list[_Version] = []
        links: list[dict[str, Any]] = []
        for claim in batch:
            row = rows.get(claim.id)
            version = self._decide(claim, row, said.get(claim.id))
            if version is None:
                outcomes.append("unchanged")
                if self.source is not None and row is not None and claim.id not in said:
                    links.append(self._link(row.number, read_document(row.document).revision))
                continue
            outcomes.append("added" if row is None else "changed")
            written.append(version)
        links += self._write(written)
        if links:
            add_rows(self.connection, claim_sources, links)
        return outcomes

    def _rows(self, ids: list[str]) -> dict[str, _Row]:
        found = self.connection.execute(
            select(
                *(claims.c.number, claims.c.id, claims.c.revision, claims.c.state, claims.c.stage),
                *(claims.c.document, claims.c.pending, claims.c.created),
            ).where(among(self.connection, claims.c.id, ids))
        )
        return {row.id: row for row in found}

    def _said(self, rows: dict[str, _Row]) -> dict[str, Claim]:
        """Return what the source said before of the claims, by id."""
        if self.source is None or not rows:
            return {}
        found = self.connection.execute(
            select(claims.c.id, claim_sources.c.document, revisions.c.after)
            .join_from(claim_sources, claims, claims.c.number == claim_sources.c.claim)
            .join(
                revisions,
                (revisions.c.kind == "claim")
                & (revisions.c.key == claims.c.id)
                & (revisions.c.revision == claim_sources.c.revision),
                isouter=True,
            )
            .where(
                claim_sources.c.source == self.source,
                among(self.connection, claim_sources.c.claim, [r.number for r in rows.values()]),
            )
        )
        return {row.id: read_document(row.document or row.after) for row in found}

    def _decide(self, claim: Claim, row: _Row | None, said: Claim | None) -> _Version | None:
        """Return what is to be written, None where nothing is."""
        if row is None:
            created = claim.created or self.moment
            updated = claim.updated or self.moment
            return _Version(replace(claim, created=created, updated=updated), None)
        held = read_document(row.document)
        if said is not None and (says_the_same(claim, said) or row.state == ClaimState.RETIRED):
            return None
        if says_the_same(claim, held) and row.state == PUBLISHED:
            return None
        overlapping: tuple[str, ...] = ()
        new = claim
        if said is not None and not says_the_same(held, said):
            merged = merge(claim_to_dict(said), claim_to_dict(held), claim_to_dict(claim))
            new, overlapping = claim_from_dict(merged.document), merged.overlapping
        new = replace(
            new, revision=int(row.revision) + 1, created=held.created, updated=self.moment
        )
        said_text = None if says_the_same(new, claim) else to_document(claim)
        return _Version(new, row, overlapping, said_text)

    def _write(self, versions: list[_Version]) -> list[dict[str, Any]]:
        """Write revisions and rows; return the links to the source that are still to be written."""
        if not versions:
            return []
        first = next_changes(self.connection, len(versions))
        documents = [to_document(version.claim) for version in versions]
        touched = add_many(
            self.connection,
            [
                {
                    "kind": "claim",
                    "key": version.claim.id,
                    "revision": version.claim.revision,
                    "state": PUBLISHED_TEXT,
                    "made": self.moment,
                    "made_by": self.made_by,
                    "reason": self.reason,
                    "source": self.source,
                    "after": document,
                }
                for version, document in zip(versions, documents, strict=True)
            ],
        )
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for place, version in enumerate(versions):
            row = version.row
            drafted = _draft_beside(row)
            newest = version.claim if drafted is None else drafted
            values = {
                "revision": version.claim.revision,
                "state": PUBLISHED_TEXT,
                "stage": PUBLISHED_TEXT if drafted is None or row is None else row.stage,
                "document": documents[place],
                "updated": version.claim.updated,
                "change": first + place,
                "touched": touched[place],
                **derived_columns(newest),
            }
            if row is None:
                created = version.claim.created
                added.append(
                    values | {"id": version.claim.id, "created": created, "edited_by": self.made_by}
                )
            elif drafted is not None and row.pending is None:
                # It was never published: what was its text becomes the draft beside this one.
                changed.append(values | {"at": row.number, "draft": row.document, "base": 0})
            else:
                changed.append(values | {"at": row.number})
        numbers = self._insert(added)
        self._update(changed)
        facets = {}
        for version in versions:
            number = numbers[version.claim.id] if version.row is None else version.row.number
            facets[number] = facets_of(_draft_beside(version.row) or version.claim)
        write_facets(self.connection, facets, numbers.values())
        self._queue_overlaps(versions)
        return self._relink(versions, numbers)

    def _insert(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        if not rows:
            return {}
        add_rows(self.connection, claims, rows)
        held = self.connection.execute(
            select(claims.c.id, claims.c.number).where(
                among(self.connection, claims.c.id, [row["id"] for row in rows])
            )
        )
        return {claim_id: int(number) for claim_id, number in held}

    def _update(self, rows: list[dict[str, Any]]) -> None:
        for with_draft in (False, True):
            some = [row for row in rows if ("draft" in row) == with_draft]
            if not some:
                continue
            names = [name for name in some[0] if name not in ("at", "draft", "base")]
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
            if with_draft:
                values |= {"pending": bindparam("draft"), "pending_base": bindparam("base")}
            self.connection.execute(
                update(claims).where(claims.c.number == bindparam("at")).values(**values),
                [
                    {
                        name if name in ("at", "draft", "base") else f"new_{name}": value
                        for name, value in row.items()
                    }
                    for row in some
                ],
            )

    def _relink(self, versions: list[_Version], numbers: dict[str, int]) -> list[dict[str, Any]]:
        if self.source is None:
            return []
        held = [version.row.number for version in versions if version.row is not None]
        if held:
            self.connection.execute(
                claim_sources.delete().where(
                    claim_sources.c.source == self.source,
                    among(self.connection, claim_sources.c.claim, held),
                )
            )
        return [
            self._link(
                numbers[version.claim.id] if version.row is None else version.row.number,
                version.claim.revision,
                version.said,
            )
            for version in versions
        ]

    def _link(self, claim: int, revision: int, document: str | None = None) -> dict[str, Any]:
        return {"source": self.source, "claim": claim, "revision": revision, "document": document}

    def _queue_overlaps(self, versions: list[_Version]) -> None:
        for version in versions:
            if version.overlapping:
                queue.put(
                    self.connection,
                    kind="source-differs",
                    key=f"source-differs {self.source} {version.claim.id}"[:200],
                    claim_id=version.claim.id,
                    source=self.source,
                    payload=json.loads(version.said or "{}"),
                    reason="the source changed what the desk did: "
                    + ", ".join(version.overlapping),
                    made_by=self.made_by,
                )


def _draft_beside(row: _Row | None) -> Claim | None:
    """Return the draft that stands beside a published text, or will when one is published."""
    if row is None:
        return None
    if row.pending is not None:
        return read_document(row.pending)
    if row.state in (ClaimState.DRAFT, ClaimState.IN_REVIEW):
        return read_document(row.document)
    return None
