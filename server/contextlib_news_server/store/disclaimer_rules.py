"""Rules for disclaimers that administrators wrote: each with its history, switched on or off.

What a rule says is checked before it comes here. A change has a number of its own like that of a
claim, so that every process hears of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from contextlib_news.errors import CommandError
from contextlib_news_server.store import revisions
from contextlib_news_server.store.claim_rows import next_changes, take_turn
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.tables import disclaimer_rules

__all__ = ["KIND", "MOST", "DeskRule", "add", "find", "history", "listed", "save", "version"]

KIND = "disclaimer-rule"

# Each costs a little of every page.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRule:
    """A rule as it stands: ``document`` has the fields of a rule in a file of rules."""

    number: int
    revision: int
    on: bool
    document: Mapping[str, Any]
    updated: str
    edited_by: str


def listed(connection: Connection, *, only_on: bool = False) -> list[DeskRule]:
    """Return the rules in the order of their numbers."""
    query = select(disclaimer_rules).order_by(disclaimer_rules.c.number)
    if only_on:
        query = query.where(disclaimer_rules.c.on.is_(True))
    return [_read(row) for row in connection.execute(query)]


def find(connection: Connection, number: int) -> DeskRule | None:
    """Return a rule, or None."""
    query = select(disclaimer_rules).where(disclaimer_rules.c.number == number)
    row = connection.execute(query).first()
    return None if row is None else _read(row)


def version(connection: Connection) -> tuple[int, int]:
    """Return what moves with every change of a rule: the last change, and how many there are."""
    change, count = connection.execute(
        select(func.max(disclaimer_rules.c.change), func.count()).select_from(disclaimer_rules)
    ).one()
    return int(change or 0), int(count)


def history(
    connection: Connection, number: int, *, before: int | None = None, limit: int = 50
) -> list[revisions.Revision]:
    """Return the revisions of a rule, newest first; each has the rule and whether it was on."""
    return revisions.history(connection, KIND, str(number), before=before, limit=limit)


def add(
    connection: Connection, document: Mapping[str, Any], *, made_by: str, reason: str
) -> DeskRule:
    """Keep a new rule, switched on. Raises CommandError where there are ``MOST`` already."""
    take_turn(connection)
    query = select(func.max(disclaimer_rules.c.number), func.count()).select_from(disclaimer_rules)
    last, count = connection.execute(query).one()
    if count >= MOST:
        raise CommandError(f"there are {MOST:,} rules already; edit one that is switched off")
    return _keep(connection, int(last or 0) + 1, document, 1, True, made_by, reason)


def save(
    connection: Connection,
    number: int,
    document: Mapping[str, Any],
    *,
    on: bool,
    seen: int,
    made_by: str,
    reason: str,
) -> DeskRule:
    """Replace a rule; nothing is written where it is like that already.

    ``seen`` is the revision that the editor started from. Raises :class:`ConflictError`, before
    anything is written, where there is a newer one, and CommandError where there is no such rule.
    """
    take_turn(connection)
    held = find(connection, number)
    if held is None:
        raise CommandError(f"there is no rule {number}")
    if held.revision != seen:
        base = revisions.find(connection, KIND, str(number), seen)
        raise ConflictError(
            mine={**document, "on": on},
            theirs={**held.document, "on": held.on},
            base=None if base is None else base.after,
            revision=held.revision,
        )
    if (held.document, held.on) == (document, on):
        return held
    return _keep(connection, number, document, seen + 1, on, made_by, reason)


def _keep(
    connection: Connection,
    number: int,
    document: Mapping[str, Any],
    revision: int,
    on: bool,
    made_by: str,
    reason: str,
) -> DeskRule:
    moment = revisions.now()
    row = {
        "revision": revision,
        "on": on,
        "document": json.dumps(document, ensure_ascii=False),
        "updated": moment,
        "edited_by": made_by,
        "change": next_changes(connection, 1),
    }
    if revision == 1:
        connection.execute(disclaimer_rules.insert().values(number=number, **row))
    else:
        connection.execute(
            update(disclaimer_rules).where(disclaimer_rules.c.number == number).values(row)
        )
    change = {
        "kind": KIND,
        "key": str(number),
        "revision": revision,
        "state": "on" if on else "off",
        "made": moment,
        "made_by": made_by,
        "reason": reason,
        "source": None,
        "after": json.dumps({**document, "on": on}, ensure_ascii=False),
    }
    revisions.add_many(connection, [change])
    return DeskRule(
        number=number,
        revision=revision,
        on=on,
        document=document,
        updated=moment,
        edited_by=made_by,
    )


def _read(row: Row[Any]) -> DeskRule:
    return DeskRule(
        number=row.number,
        revision=row.revision,
        on=row.on,
        document=json.loads(row.document),
        updated=row.updated,
        edited_by=row.edited_by,
    )
