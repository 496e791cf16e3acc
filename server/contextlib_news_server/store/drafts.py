"""The life of a claim at the desk: draft, in review, published, retired.

A published claim may have one draft beside it; readers see the published text until the draft is
published. Every step says which revision was seen, and writes a revision of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from contextlib_news.errors import ContextError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.store import revisions
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
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.tables import claims

__all__ = [
    "HeldClaim",
    "StateError",
    "discard",
    "find",
    "find_row",
    "publish",
    "retire",
    "revert",
    "save_draft",
    "send_back",
    "submit",
    "write_step",
]

DRAFT, IN_REVIEW = ClaimState.DRAFT, ClaimState.IN_REVIEW
PUBLISHED, RETIRED = ClaimState.PUBLISHED, ClaimState.RETIRED


class StateError(ContextError):
    """The step is not possible from where the claim stands, or not for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClaim:
    """A claim as the desk sees it.

    ``newest`` is the draft where there is one, else the public text; its ``revision`` is what the
    next step must say it has seen. ``public`` is what readers see, None where they see nothing.
    ``state`` is the state of the public text, ``stage`` of the newest version; ``edited_by`` wrote
    it; ``base`` is the public revision that a draft beside a public text departs from.
    """

    newest: Claim
    public: Claim | None
    state: ClaimState
    stage: ClaimState
    edited_by: str | None
    base: int | None


def find(connection: Connection, claim_id: str) -> HeldClaim | None:
    """Return a claim in whatever state, or None."""
    row = find_row(connection, claim_id)
    return None if row is None else _held(row)


def save_draft(
    connection: Connection,
    claim: Claim,
    *,
    seen: int | None,
    made_by: str,
    reason: str,
    onto: int | None = None,
) -> HeldClaim:
    """Keep a version as the draft of its claim; readers see no change.

    ``seen`` is the revision that the editor started from, None for a claim that is new. Where a
    draft was merged with a newer public text, ``onto`` is that text's revision. Raises
    :class:`ConflictError` where another version is held by now, and InvalidClaimError for what a
    database cannot keep; nothing is written then.
    """
    check_keepable(claim)
    take_turn(connection)
    row = find_row(connection, claim.id)
    if row is None:
        if seen is not None:
            raise ConflictError(mine=claim_to_dict(claim), theirs=None, base=None, revision=0)
        return _add(connection, claim, made_by, reason)
    held = _held(row)
    _check_seen(connection, held, seen, claim)
    if says_the_same(claim, held.newest) and held.stage == DRAFT and onto is None:
        return held
    beside = row.state in (PUBLISHED, RETIRED)
    base = row.pending_base if row.pending is not None else held.newest.revision
    return write_step(
        connection,
        row,
        replace(claim, created=held.newest.created),
        stage=DRAFT,
        state=row.state if beside else DRAFT,
        base=(base if onto is None else onto) if beside else None,
        edited_by=made_by,
        made_by=made_by,
        reason=reason,
    )


def submit(
    connection: Connection, claim_id: str, *, seen: int, made_by: str, reason: str = ""
) -> HeldClaim:
    """Hand a draft to the reviewers."""
    row, held = _take(connection, claim_id, seen, DRAFT)
    return _move(connection, row, held, IN_REVIEW, made_by, reason)


def send_back(
    connection: Connection, claim_id: str, *, seen: int, made_by: str, reason: str
) -> HeldClaim:
    """Hand a version in review back to its editor, with the reason."""
    row, held = _take(connection, claim_id, seen, IN_REVIEW)
    return _move(connection, row, held, DRAFT, made_by, reason)


def publish(
    connection: Connection,
    claim_id: str,
    *,
    seen: int,
    made_by: str,
    reason: str = "",
    second_person: bool = False,
) -> HeldClaim:
    """Let readers see the newest version, also of a claim that was retired.

    With ``second_person`` nobody publishes what they wrote. Raises :class:`ConflictError` where
    the public text changed since the draft departed from it.
    """
    row, held = _take(connection, claim_id, seen, DRAFT, IN_REVIEW, RETIRED)
    if second_person and held.edited_by == made_by and held.stage != RETIRED:
        raise StateError("a claim is published by another person than the one who wrote it")
    public = read_document(row.document)
    if row.pending is not None and row.pending_base != public.revision:
        before = revisions.find(connection, "claim", claim_id, int(row.pending_base or 0))
        raise ConflictError(
            mine=claim_to_dict(held.newest),
            theirs=claim_to_dict(public),
            base=None if before is None else before.after,
            revision=public.revision,
        )
    return write_step(
        connection,
        row,
        held.newest,
        stage=PUBLISHED,
        state=PUBLISHED,
        base=None,
        edited_by=held.edited_by,
        made_by=made_by,
        reason=reason,
    )


def retire(
    connection: Connection, claim_id: str, *, seen: int, made_by: str, reason: str
) -> HeldClaim:
    """Take a published claim from the readers; a draft beside it stays."""
    row, held = _take(connection, claim_id, seen)
    if held.state != PUBLISHED:
        raise StateError(f"the claim is not published but {held.state}")
    public = read_document(row.document)
    return write_step(
        connection,
        row,
        public,
        stage=RETIRED,
        state=RETIRED,
        base=None,
        edited_by=held.edited_by,
        made_by=made_by,
        reason=reason,
        keep_draft=True,
    )


def discard(
    connection: Connection, claim_id: str, *, seen: int, made_by: str, reason: str
) -> HeldClaim:
    """Drop a draft; one that was never published is retired. The history keeps it."""
    row, held = _take(connection, claim_id, seen, DRAFT, IN_REVIEW)
    beside = row.pending is not None
    return write_step(
        connection,
        row,
        read_document(row.document),
        stage=row.state if beside else RETIRED,
        state=row.state if beside else RETIRED,
        base=None,
        edited_by=held.edited_by,
        made_by=made_by,
        reason=reason,
        public_stays=beside,
    )


def revert(
    connection: Connection, claim_id: str, *, to: int, seen: int, made_by: str, reason: str
) -> HeldClaim:
    """Make the text of an earlier revision the draft; publishing it is a step of its own.

    Raises :class:`StateError` where there is no such revision.
    """
    earlier = revisions.find(connection, "claim", claim_id, to)
    if earlier is None or earlier.after is None:
        raise StateError(f"there is no revision {to} of this claim")
    claim = claim_from_dict(dict(earlier.after))
    return save_draft(connection, claim, seen=seen, made_by=made_by, reason=reason)


# --- One step -------------------------------------------------------------------------------------


def find_row(connection: Connection, claim_id: str) -> Row[Any] | None:
    """Return the row of a claim, or None."""
    return connection.execute(select(claims).where(claims.c.id == claim_id)).first()


def _held(row: Row[Any]) -> HeldClaim:
    state, public = ClaimState(row.state), read_document(row.document)
    return HeldClaim(
        newest=public if row.pending is None else read_document(row.pending),
        public=public if state == PUBLISHED else None,
        state=state,
        stage=ClaimState(row.stage),
        edited_by=row.edited_by,
        base=row.pending_base,
    )


def _take(
    connection: Connection, claim_id: str, seen: int, *stages: ClaimState
) -> tuple[Row[Any], HeldClaim]:
    """Return the claim once it is this transaction's turn, where it stands as the caller saw it."""
    take_turn(connection)
    row = find_row(connection, claim_id)
    if row is None:
        raise StateError("there is no such claim")
    held = _held(row)
    _check_seen(connection, held, seen, None)
    if stages and held.stage not in stages:
        raise StateError(f"the newest version is {held.stage}, not {' or '.join(stages)}")
    return row, held


def _check_seen(
    connection: Connection, held: HeldClaim, seen: int | None, mine: Claim | None
) -> None:
    if seen == held.newest.revision:
        return
    before = revisions.find(connection, "claim", held.newest.id, seen or 0)
    base = None if before is None else before.after
    raise ConflictError(
        mine=claim_to_dict(mine) if mine is not None else base or {},
        theirs=claim_to_dict(held.newest),
        base=base,
        revision=held.newest.revision,
    )


def _move(
    connection: Connection,
    row: Row[Any],
    held: HeldClaim,
    stage: ClaimState,
    made_by: str,
    reason: str,
) -> HeldClaim:
    beside = row.pending is not None
    return write_step(
        connection,
        row,
        held.newest,
        stage=stage,
        state=row.state if beside else stage,
        base=row.pending_base,
        edited_by=held.edited_by,
        made_by=made_by,
        reason=reason,
    )


def _add(connection: Connection, claim: Claim, made_by: str, reason: str) -> HeldClaim:
    moment = revisions.now()
    claim = replace(claim, created=claim.created or moment, updated=moment)
    (touched,) = revisions.add_many(connection, [_revision(claim, DRAFT, made_by, reason, moment)])
    number = connection.execute(
        claims.insert()
        .values(
            id=claim.id,
            revision=claim.revision,
            state=DRAFT.value,
            stage=DRAFT.value,
            document=to_document(claim),
            created=claim.created,
            updated=claim.updated,
            change=0,
            touched=touched,
            edited_by=made_by,
            **derived_columns(claim),
        )
        .returning(claims.c.number)
    ).scalar_one()
    write_facets(connection, {int(number): facets_of(claim)}, [int(number)])
    return HeldClaim(
        newest=claim, public=None, state=DRAFT, stage=DRAFT, edited_by=made_by, base=None
    )


def write_step(
    connection: Connection,
    row: Row[Any],
    claim: Claim,
    *,
    stage: str,
    state: str,
    base: int | None,
    edited_by: str | None,
    made_by: str,
    reason: str,
    keep_draft: bool = False,
    public_stays: bool = False,
) -> HeldClaim:
    """Write a version of a claim with its revision, and say how the claim stands then.

    With ``public_stays`` readers see what they saw, so nothing changes for them.
    """
    moment = revisions.now()
    claim = replace(claim, revision=int(row.revision) + 1, updated=moment)
    (touched,) = revisions.add_many(
        connection, [_revision(claim, ClaimState(stage), made_by, reason, moment)]
    )
    values: dict[str, Any] = {
        "revision": claim.revision,
        "state": state,
        "stage": stage,
        "touched": touched,
        "edited_by": edited_by,
        "pending": None,
        "pending_base": None,
    }
    newest = claim
    if base is not None:
        values |= {"pending": to_document(claim), "pending_base": base}
    elif not public_stays:
        values |= {"document": to_document(claim), "updated": claim.updated}
    if keep_draft and row.pending is not None:
        newest = read_document(row.pending)
        values |= {"pending": row.pending, "pending_base": claim.revision, "stage": row.stage}
    if base is None and not public_stays and PUBLISHED in (state, row.state):
        values["change"] = next_changes(connection, 1)
    connection.execute(
        update(claims)
        .where(claims.c.number == row.number)
        .values(**values, **derived_columns(newest))
    )
    write_facets(connection, {row.number: facets_of(newest)})
    held = find(connection, claim.id)
    if held is None:
        raise StateError("there is no such claim")
    return held


def _revision(
    claim: Claim, stage: ClaimState, made_by: str, reason: str, moment: str
) -> dict[str, Any]:
    return {
        "kind": "claim",
        "key": claim.id,
        "revision": claim.revision,
        "state": stage.value,
        "made": moment,
        "made_by": made_by,
        "reason": reason,
        "source": None,
        "after": to_document(claim),
    }
