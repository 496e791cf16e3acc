"""One change of many claims: each gets one revision of its own, and all of it can be undone.

A claim that cannot take the change is left alone, and said to be. Undoing gives a claim back what
it was before, where nobody changed it since; that is a revision too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from contextlib_news.errors import ContextError
from contextlib_news.formats.claims import claim_from_dict
from contextlib_news.models import Claim
from contextlib_news_server.store import drafts, revisions
from contextlib_news_server.store.claim_rows import ClaimState, says_the_same, take_turn
from contextlib_news_server.store.drafts import HeldClaim, StateError
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.tables import bulk_changes

__all__ = [
    "MOST",
    "BulkAction",
    "BulkChange",
    "Done",
    "change_many",
    "changed",
    "edited",
    "find",
    "listed",
    "undo",
]

# As many claims in one change at most.
MOST = 500

CHANGED_SINCE = "somebody changed it meanwhile"


class BulkAction(StrEnum):
    """What is done to each claim; the first three make drafts, the others take a step."""

    ADD_TOPIC = "add-topic"
    REMOVE_TOPIC = "remove-topic"
    VALID_UNTIL = "valid-until"
    SUBMIT = "submit"
    PUBLISH = "publish"
    RETIRE = "retire"


EDITS = frozenset({BulkAction.ADD_TOPIC, BulkAction.REMOVE_TOPIC, BulkAction.VALID_UNTIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one claim.

    ``before`` is the revision that it had and ``after`` the one that it got, None where it was
    left alone, for which ``why`` is the reason. ``state`` and ``stage`` are those before, and
    ``public`` is the revision of the text that readers saw, None where they saw none.
    """

    claim_id: str
    text: str
    before: int
    after: int | None
    state: str
    stage: str
    edited_by: str | None
    public: int | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """One change of many; ``outcome`` says by the ids what could not be undone, and why."""

    number: int
    made: str
    made_by: str
    action: BulkAction
    value: str
    reason: str
    items: tuple[Done, ...]
    undone: str | None
    undone_by: str | None
    outcome: Mapping[str, str] | None


def changed(claim: Claim, action: BulkAction, value: str) -> Claim:
    """Return a claim after an edit; raises StateError where it says that already.

    >>> changed(Claim(id="a", text="One."), BulkAction.ADD_TOPIC, "dams").topics
    ('dams',)
    """
    topics = claim.topics
    if action is BulkAction.ADD_TOPIC:
        topics = topics if value in topics else (*topics, value)
    elif action is BulkAction.REMOVE_TOPIC:
        topics = tuple(topic for topic in topics if topic != value)
    until = claim.valid_until
    if action is BulkAction.VALID_UNTIL:
        until = value or None
        if until and claim.valid_from and until[:4] < claim.valid_from[:4]:
            raise StateError("it would end before it begins")
    after = replace(claim, topics=topics, valid_until=until)
    if says_the_same(after, claim):
        raise StateError("it says so already")
    return after


def edited(held: HeldClaim, action: BulkAction, value: str) -> Claim:
    """Return the text of a claim after an edit; raises StateError where it takes none now."""
    if held.stage in (ClaimState.IN_REVIEW, ClaimState.RETIRED):
        raise StateError(f"it is {held.stage.replace('_', ' ')}")
    return changed(held.newest, action, value)


def change_many(
    connection: Connection,
    seen: Mapping[str, int],
    action: BulkAction,
    value: str,
    *,
    made_by: str,
    reason: str,
    second_person: bool = False,
) -> BulkChange:
    """Change the claims whose ids and revisions are given, and return what became of each."""
    take_turn(connection)
    items = []
    for claim_id, revision in list(seen.items())[:MOST]:
        held = drafts.find(connection, claim_id)
        if held is None:
            continue
        done = _done(held)
        try:
            if held.newest.revision != revision:
                raise StateError(CHANGED_SINCE)
            _change(connection, held, action, value, made_by, reason, second_person)
            row = drafts.find_row(connection, claim_id)
            items.append(replace(done, after=None if row is None else int(row.revision)))
        except ConflictError:
            items.append(replace(done, why="the public text changed since the draft was made"))
        except ContextError as error:
            items.append(replace(done, why=str(error)))
    number = connection.execute(
        bulk_changes.insert()
        .values(
            made=revisions.now(),
            made_by=made_by,
            action=action.value,
            value=value,
            reason=reason,
            items=json.dumps([_written(item) for item in items], ensure_ascii=False),
        )
        .returning(bulk_changes.c.number)
    ).scalar_one()
    found = find(connection, int(number))
    if found is None:
        raise StateError("the change could not be kept")
    return found


def undo(connection: Connection, number: int, *, made_by: str) -> BulkChange:
    """Give the claims of a change back what they were; raises StateError the second time."""
    take_turn(connection)
    held = find(connection, number)
    if held is None or held.undone is not None:
        raise StateError("this change was undone already")
    outcome = {}
    for item in held.items:
        if item.after is None:
            continue
        try:
            _undo(connection, item, held.action, made_by, f"undone: {held.reason}")
        except ContextError as error:
            outcome[item.claim_id] = str(error)
    connection.execute(
        update(bulk_changes)
        .where(bulk_changes.c.number == number)
        .values(
            undone=revisions.now(),
            undone_by=made_by,
            outcome=json.dumps(outcome, ensure_ascii=False),
        )
    )
    after = find(connection, number)
    return held if after is None else after


def find(connection: Connection, number: int) -> BulkChange | None:
    """Return a change by its number, or None."""
    row = connection.execute(select(bulk_changes).where(bulk_changes.c.number == number)).first()
    return None if row is None else _read(row)


def listed(
    connection: Connection, *, before: int | None = None, limit: int = 30
) -> list[BulkChange]:
    """Return changes, newest first, those below the number ``before``."""
    query = select(bulk_changes)
    query = query if before is None else query.where(bulk_changes.c.number < before)
    rows = connection.execute(query.order_by(bulk_changes.c.number.desc()).limit(limit))
    return [_read(row) for row in rows]


# --- One claim ------------------------------------------------------------------------------------


def _change(
    connection: Connection,
    held: HeldClaim,
    action: BulkAction,
    value: str,
    made_by: str,
    reason: str,
    second_person: bool,
) -> HeldClaim:
    claim_id, seen = held.newest.id, held.newest.revision
    if action in EDITS:
        after = edited(held, action, value)
        return drafts.save_draft(connection, after, seen=seen, made_by=made_by, reason=reason)
    if action is BulkAction.PUBLISH:
        return drafts.publish(
            connection,
            claim_id,
            seen=seen,
            made_by=made_by,
            reason=reason,
            second_person=second_person,
        )
    step: Callable[..., HeldClaim] = drafts.submit
    step = drafts.retire if action is BulkAction.RETIRE else step
    return step(connection, claim_id, seen=seen, made_by=made_by, reason=reason)


def _undo(
    connection: Connection, item: Done, action: BulkAction, made_by: str, reason: str
) -> None:
    row = drafts.find_row(connection, item.claim_id)
    if row is None or row.revision != item.after:
        raise StateError(CHANGED_SINCE)
    held = _Step(connection, row, made_by, reason)
    if action is BulkAction.RETIRE:
        held.write(_text(connection, item, item.public), item, keep_draft=True)
    elif action is BulkAction.PUBLISH:
        if item.public is None:
            text, state = _text(connection, item, item.before), ClaimState.RETIRED
            held.write(text, replace(item, state=state, stage=state))
        else:
            published = replace(item, stage=ClaimState.PUBLISHED)
            after = held.write(_text(connection, item, item.public), published)
            row = drafts.find_row(connection, item.claim_id)
            if row is not None:
                # What was published waits again as the draft that it was.
                draft = _Step(connection, row, made_by, reason)
                draft.write(_text(connection, item, item.before), item, base=after.newest.revision)
    elif action in EDITS and item.stage == ClaimState.PUBLISHED:
        held.write(_text(connection, item, item.public), item, public_stays=True)
    else:
        base = row.pending_base if row.pending is not None else None
        held.write(_text(connection, item, item.before), item, base=base)


@dataclass(frozen=True, slots=True)
class _Step:
    """A revision that gives a claim back how it stood."""

    connection: Connection
    row: Row[Any]
    made_by: str
    reason: str

    def write(
        self,
        claim: Claim,
        item: Done,
        *,
        base: int | None = None,
        keep_draft: bool = False,
        public_stays: bool = False,
    ) -> HeldClaim:
        return drafts.write_step(
            self.connection,
            self.row,
            claim,
            stage=item.state if keep_draft else item.stage,
            state=item.state,
            base=base,
            edited_by=item.edited_by,
            made_by=self.made_by,
            reason=self.reason,
            keep_draft=keep_draft,
            public_stays=public_stays,
        )


def _text(connection: Connection, item: Done, revision: int | None) -> Claim:
    found = revisions.find(connection, "claim", item.claim_id, revision or 0)
    if found is None or found.after is None:
        raise StateError("the version before is not held any more")
    return claim_from_dict(dict(found.after))


def _done(held: HeldClaim) -> Done:
    return Done(
        claim_id=held.newest.id,
        text=held.newest.text[:300],
        before=held.newest.revision,
        after=None,
        state=held.state.value,
        stage=held.stage.value,
        edited_by=held.edited_by,
        public=None if held.public is None else held.public.revision,
    )


def _written(item: Done) -> Sequence[Any]:
    return [getattr(item, name) for name in Done.__dataclass_fields__]


def _read(row: Row[Any]) -> BulkChange:
    values = dict(row._mapping)
    outcome = values.pop("outcome")
    names = tuple(Done.__dataclass_fields__)
    items = tuple(
        Done(**dict(zip(names, item, strict=True))) for item in json.loads(values.pop("items"))
    )
    return BulkChange(
        items=items,
        action=BulkAction(values.pop("action")),
        outcome=None if outcome is None else json.loads(outcome),
        **values,
    )
