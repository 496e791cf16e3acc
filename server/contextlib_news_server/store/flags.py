"""What readers dispute or ask for, and how it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_, update

from contextlib_news_server.store import queue
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import flags, queue_items

__all__ = [
    "ANSWER_DAYS",
    "CONTACT_DAYS",
    "DISPUTE",
    "UNMATCHED",
    "WISH",
    "Flag",
    "FlagDecision",
    "FlagState",
    "add",
    "answered",
    "count",
    "decide",
    "delete_contacts",
    "forget_contact",
    "get",
    "many",
    "page",
    "put_waiting",
    "reopen",
]

# How long a reader's contact is kept where the flag is never decided, and after a decision.
CONTACT_DAYS = 180
ANSWER_DAYS = 30


# The kinds of what readers send, as the queue names them: something shown is disputed, a sentence
# was asked about that has no note, or anything else is wished for.
DISPUTE = "dispute"
UNMATCHED = "unmatched"
WISH = "wish"


class FlagDecision(StrEnum):
    """What came of a flag; all but the last stand in the public log, each with its reason."""

    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ADDED = "added"
    KEPT = "kept"
    UNANSWERED = "unanswered"


class FlagState(StrEnum):
    """Where a flag stands: nobody answered yet, answered, or closed without an answer."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A reader's complaint about a note, a claim or an outlet, or a wish for one.

    ``contact`` is deleted on the day ``contact_until``; it is never shown in public.
    """

    number: int
    made: str
    reason: str
    state: FlagState = FlagState.OPEN
    note_id: str | None = None
    claim_id: str | None = None
    domain: str | None = None
    url: str | None = None
    exact: str | None = None
    decision: str | None = None
    decision_reason: str | None = None
    decided: str | None = None
    decided_by: str | None = None
    contact: str | None = None
    contact_until: str | None = None


def add(
    connection: Connection,
    *,
    reason: str,
    note_id: str | None = None,
    claim_id: str | None = None,
    url: str | None = None,
    exact: str | None = None,
    domain: str | None = None,
    contact: str | None = None,
) -> int:
    """Keep a reader's flag, put it into the queue, and return its number."""
    until = datetime.now(UTC).date() + timedelta(days=CONTACT_DAYS)
    done = connection.execute(
        flags.insert()
        .values(
            made=now(),
            state=FlagState.OPEN.value,
            note_id=note_id,
            claim_id=claim_id,
            domain=domain,
            url=url,
            exact=exact,
            reason=reason,
            contact=contact,
            contact_until=until.isoformat() if contact else None,
        )
        .returning(flags)
    )
    flag = _read(done.one())
    _put(connection, flag)
    return flag.number


def put_waiting(connection: Connection, limit: int = 1_000) -> int:
    """Put open flags that never were in the queue into it; return how many, at most ``limit``."""
    there = select(queue_items.c.flag).where(queue_items.c.flag == flags.c.number)
    rows = connection.execute(
        select(flags)
        .where(flags.c.state == FlagState.OPEN.value, ~there.exists())
        .order_by(flags.c.number)
        .limit(limit)
    ).all()
    for row in rows:
        _put(connection, _read(row))
    return len(rows)


def count(connection: Connection, state: FlagState | None = None) -> int:
    """Return how many flags there are, in any state or in one."""
    query = select(func.count()).select_from(flags)
    query = query if state is None else query.where(flags.c.state == state.value)
    return int(connection.scalar(query) or 0)


def get(connection: Connection, number: int) -> Flag | None:
    """Return a flag by its number, or None."""
    row = connection.execute(select(flags).where(flags.c.number == number)).first()
    return None if row is None else _read(row)


def many(connection: Connection, numbers: Sequence[int]) -> dict[int, Flag]:
    """Return flags by their numbers, those that there are."""
    rows = connection.execute(select(flags).where(flags.c.number.in_(numbers)))
    return {row.number: _read(row) for row in rows}


def page(
    connection: Connection,
    *,
    state: FlagState = FlagState.OPEN,
    claim_id: str | None = None,
    domain: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Flag]:
    """Return flags of a state, newest first, those below the number ``before``."""
    query = select(flags).where(flags.c.state == state.value)
    for column, value in ((flags.c.claim_id, claim_id), (flags.c.domain, domain)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(flags.c.number < before)
    rows = connection.execute(query.order_by(flags.c.number.desc()).limit(limit))
    return [_read(row) for row in rows]


def answered(
    connection: Connection,
    *,
    claim_id: str | None = None,
    domain: str | None = None,
    before: Flag | None = None,
    limit: int = 50,
) -> list[Flag]:
    """Return answered flags, the last decided first, those behind the flag ``before``."""
    one = claim_id is not None or domain is not None
    # Of the state's bare column SQLite would take the log's index, and walk all that was answered
    # for the few answers about one claim.
    state = func.coalesce(flags.c.state, "") if one else flags.c.state
    query = select(flags).where(state == FlagState.ANSWERED.value)
    for column, value in ((flags.c.claim_id, claim_id), (flags.c.domain, domain)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(
            tuple_(flags.c.decided, flags.c.number) < (before.decided, before.number)
        )
    rows = connection.execute(
        query.order_by(flags.c.decided.desc(), flags.c.number.desc()).limit(limit)
    )
    return [_read(row) for row in rows]


def decide(
    connection: Connection,
    number: int,
    *,
    decision: str,
    reason: str,
    by: str,
    state: FlagState = FlagState.ANSWERED,
    keep_contact_days: int = ANSWER_DAYS,
) -> bool:
    """Answer or close an open flag; False where it is open no more.

    The reader's contact stays for as many days more as an answer to them may take.
    """
    until = (datetime.now(UTC).date() + timedelta(days=keep_contact_days)).isoformat()
    done = connection.execute(
        update(flags)
        .where(flags.c.number == number, flags.c.state == FlagState.OPEN.value)
        .values(
            state=state.value,
            decision=decision,
            decision_reason=reason,
            decided=now(),
            decided_by=by,
        )
    )
    connection.execute(
        update(flags)
        .where(flags.c.number == number, flags.c.contact.is_not(None))
        .values(contact_until=until)
    )
    return bool(done.rowcount)


def reopen(connection: Connection, number: int) -> bool:
    """Open a flag again that was closed without an answer; False where it is none."""
    done = connection.execute(
        update(flags)
        .where(flags.c.number == number, flags.c.state == FlagState.CLOSED.value)
        .values(
            state=FlagState.OPEN.value,
            decision=None,
            decision_reason=None,
            decided=None,
            decided_by=None,
        )
    )
    return bool(done.rowcount)


def delete_contacts(connection: Connection, day: str | None = None) -> int:
    """Delete the contacts whose day has come, by default today, and return how many."""
    due = day or datetime.now(UTC).date().isoformat()
    done = connection.execute(
        update(flags).where(flags.c.contact_until <= due).values(contact=None, contact_until=None)
    )
    return int(done.rowcount)


def _put(connection: Connection, flag: Flag) -> None:
    about = flag.claim_id or flag.note_id or flag.domain
    queue.put(
        connection,
        kind=DISPUTE if about else UNMATCHED if flag.exact else WISH,
        key=f"flag {flag.number}",
        claim_id=flag.claim_id,
        domain=flag.domain,
        flag=flag.number,
        reason=flag.reason,
        made_by="a reader",
    )


def forget_contact(connection: Connection, number: int) -> bool:
    """Delete the contact of one flag at once; False where it holds none."""
    done = connection.execute(
        update(flags)
        .where(flags.c.number == number, flags.c.contact.is_not(None))
        .values(contact=None, contact_until=None)
    )
    return bool(done.rowcount)


def _read(row: Row[Any]) -> Flag:
    values = dict(row._mapping)
    return Flag(state=FlagState(values.pop("state")), **values)
