"""Taking a source away: each thing becomes what it would be without it, and the history tells so.

A claim falls back on what another source says of it, else on what the desk wrote before the source
came; what the desk changed since is kept beside that. A claim that only this source brought is
retired, whatever was done to it meanwhile: its words came from there. Outlets lose the source's
facts, aliases and ratings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.store import outlets, revisions, sources
from contextlib_news_server.store.claim_rows import (
    ClaimState,
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
from contextlib_news_server.store.tables import (
    claim_sources,
    claims,
    outlet_facts,
    queue_items,
    subscriptions,
)
from contextlib_news_server.store.tables import revisions as table_revisions

__all__ = ["remove", "withdraw"]

BATCH = 500


def remove(
    engine: Engine,
    name: str,
    *,
    made_by: str,
    reason: str = "",
    progress: Callable[[int], object] = lambda _: None,
) -> sources.SourceCounts:
    """Remove a source with all that it brought; return how much that was.

    Done in batches that are each whole; called again after a crash it goes on where it stopped.
    ``progress`` is told how many claims and outlets were done. Raises CommandError where there is
    no such source, or where it is the desk.
    """
    reason = reason or f"source {name} removed"
    with engine.begin() as connection:
        source = sources.get(connection, name)
        if source is None:
            raise CommandError(f"there is no source {name!r}; 'sources list' shows those there are")
        if source.kind == sources.DESK:
            raise CommandError("the desk is no import and cannot be removed")
        counts = sources.counts(connection, source)
        followed = connection.scalar(
            select(func.count())
            .select_from(subscriptions)
            .where(subscriptions.c.source == source.number, subscriptions.c.enabled)
        )
        if followed:
            raise CommandError(f"{name!r} is followed by a subscription; end that first")
    for batch in _batches(engine, _remove_claims, source.number, made_by, reason):
        progress(batch)
    for batch in _batches(engine, _remove_outlets, source.number, made_by, reason):
        progress(batch)
    with engine.begin() as connection:
        connection.execute(
            update(queue_items)
            .where(queue_items.c.source == source.number, queue_items.c.state == "open")
            .values(state="dismissed", decided=revisions.now(), decided_by=made_by, decision=reason)
        )
        sources.note_removal(connection, source, made_by=made_by, reason=reason)
    return counts


def withdraw(
    connection: Connection,
    source: int,
    ids: Sequence[str],
    *,
    made_by: str,
    reason: str,
) -> int:
    """Take away what a source says of some claims, at most 500; return how many it spoke of.

    What becomes of them is what :func:`remove` makes of all.
    """
    take_turn(connection)
    return _remove_claims(connection, source, made_by, reason, ids)


def _batches(
    engine: Engine, step: Callable[[Connection, int, str, str], int], *arguments: Any
) -> Iterator[int]:
    while True:
        with engine.begin() as connection:
            take_turn(connection)
            done = step(connection, *arguments)
        if not done:
            return
        yield done


def _remove_outlets(connection: Connection, source: int, made_by: str, reason: str) -> int:
    domains = connection.scalars(
        select(outlet_facts.c.domain).where(outlet_facts.c.source == source).limit(BATCH)
    ).all()
    gone: dict[str, None] = dict.fromkeys(domains)
    outlets.replace_records(connection, source, gone, made_by=made_by, reason=reason)
    return len(gone)


def _remove_claims(
    connection: Connection,
    source: int,
    made_by: str,
    reason: str,
    ids: Sequence[str] | None = None,
) -> int:
    query = (
        select(
            *(claims.c.number, claims.c.id, claims.c.revision, claims.c.state, claims.c.document),
            claims.c.pending,
        )
        .join_from(claim_sources, claims, claims.c.number == claim_sources.c.claim)
        .where(claim_sources.c.source == source)
        .order_by(claims.c.number)
        .limit(BATCH)
    )
    rows = connection.execute(query if ids is None else query.where(claims.c.id.in_(ids))).all()
    if not rows:
        return 0
    numbers = [row.number for row in rows]
    said = _said(connection, numbers)
    past = _past(connection, [row.id for row in rows])
    versions: list[tuple[Any, Claim | None]] = []
    for row in rows:
        before, brought = _before(past[row.id], source)
        if row.state != ClaimState.PUBLISHED or not brought:
            continue
        held = read_document(row.document)
        others = {n: said for n, said in said[row.number].items() if n != source}
        target = max(others.values(), key=lambda pair: pair[0])[1] if others else None
        if target is None and before is not None:
            earlier = revisions.find(connection, "claim", row.id, before)
            target = None if earlier is None else claim_from_dict(dict(earlier.after or {}))
        if target is None:
            versions.append((row, None))
            continue
        _, base = said[row.number][source]
        merged = merge(claim_to_dict(base), claim_to_dict(held), claim_to_dict(target))
        claim = claim_from_dict(merged.document)
        if not says_the_same(claim, held):
            versions.append((row, claim))
    connection.execute(
        delete(claim_sources).where(
            claim_sources.c.source == source, claim_sources.c.claim.in_(numbers)
        )
    )
    _write(connection, versions, source, made_by, reason)
    return len(rows)


def _said(connection: Connection, numbers: list[int]) -> dict[int, dict[int, tuple[int, Claim]]]:
    """Return what every source says of claims: by claim and source, the revision and the text."""
    rows = connection.execute(
        select(claim_sources, table_revisions.c.after)
        .join_from(claim_sources, claims, claims.c.number == claim_sources.c.claim)
        .join(
            table_revisions,
            (table_revisions.c.kind == "claim")
            & (table_revisions.c.key == claims.c.id)
            & (table_revisions.c.revision == claim_sources.c.revision),
        )
        .where(claim_sources.c.claim.in_(numbers))
    )
    said: dict[int, dict[int, tuple[int, Claim]]] = {}
    for row in rows:
        claim = read_document(row.document or row.after)
        said.setdefault(row.claim, {})[row.source] = (row.revision, claim)
    return said


Past = list[tuple[int, int | None, str | None]]


def _past(connection: Connection, ids: list[str]) -> dict[str, Past]:
    """Return revision, source and state of every version of claims, newest first."""
    past: dict[str, Past] = {claim_id: [] for claim_id in ids}
    columns = table_revisions.c
    for key, revision, source, state in connection.execute(
        select(columns.key, columns.revision, columns.source, columns.state)
        .where(columns.kind == "claim", columns.key.in_(ids))
        .order_by(columns.key, columns.revision.desc())
    ):
        past[key].append((revision, source, state))
    return past


def _before(past: Past, source: int) -> tuple[int | None, bool]:
    """Return the desk's last public revision before a source came, and whether it brought any.

    A source may have come, been removed and come again: what counts is the last time.
    """
    brought = False
    desk: int | None = None
    for revision, by, state in past:
        if by == source and state == ClaimState.RETIRED:
            break
        if by == source:
            brought, desk = True, None
        elif by is None and state == ClaimState.PUBLISHED and brought and desk is None:
            desk = revision
    return desk, brought


def _write(
    connection: Connection,
    versions: list[tuple[Any, Claim | None]],
    source: int,
    made_by: str,
    reason: str,
) -> None:
    """Write what claims become; those without a text left are retired, their drafts with them."""
    if not versions:
        return
    moment = revisions.now()
    first = next_changes(connection, len(versions))
    written: list[tuple[Any, Claim, ClaimState]] = []
    for row, claim in versions:
        state = ClaimState.RETIRED if claim is None else ClaimState.PUBLISHED
        new = replace(
            claim or read_document(row.document), revision=int(row.revision) + 1, updated=moment
        )
        written.append((row, new, state))
    touched = revisions.add_many(
        connection,
        [
            {
                "kind": "claim",
                "key": claim.id,
                "revision": claim.revision,
                "state": state.value,
                "made": moment,
                "made_by": made_by,
                "reason": reason,
                "source": source,
                "after": to_document(claim),
            }
            for _, claim, state in written
        ],
    )
    facets: dict[int, set[tuple[str, str]]] = {}
    for place, (row, claim, state) in enumerate(written):
        drop = state == ClaimState.RETIRED
        newest = claim if drop or row.pending is None else read_document(row.pending)
        values: dict[str, Any] = {"pending": None, "pending_base": None} if drop else {}
        if drop or row.pending is None:
            values["stage"] = state.value
        connection.execute(
            update(claims)
            .where(claims.c.number == row.number)
            .values(
                revision=claim.revision,
                state=state.value,
                document=to_document(claim),
                updated=claim.updated,
                change=first + place,
                touched=touched[place],
                **values,
                **derived_columns(newest),
            )
        )
        facets[row.number] = facets_of(newest)
    write_facets(connection, facets)
