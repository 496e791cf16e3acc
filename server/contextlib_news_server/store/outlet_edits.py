"""What the desk itself says of an outlet: edited with the revision that was seen, and reverted.

Facts, aliases and ratings of other sources are not touched; the desk's facts come before theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from contextlib_news.errors import InvalidOutletError
from contextlib_news.formats.outlets import outlet_from_dict, outlet_to_dict
from contextlib_news.models import Outlet
from contextlib_news_server.store import outlets, revisions, sources
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.merge import ConflictError

__all__ = ["DeskRecord", "find", "history", "revert", "save"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRecord:
    """The desk's own record of a domain; ``revision`` is 0 where it never had one.

    ``record`` is None where the desk says nothing, else the outlet as JSON, with ``impersonated``
    where others often dress up as it.
    """

    domain: str
    revision: int
    record: Mapping[str, Any] | None


def find(connection: Connection, domain: str) -> DeskRecord:
    """Return what the desk says of a domain."""
    newest = history(connection, domain, limit=1)
    if not newest:
        return DeskRecord(domain=domain, revision=0, record=None)
    return DeskRecord(domain=domain, revision=newest[0].revision, record=newest[0].after)


def history(
    connection: Connection, domain: str, *, before: int | None = None, limit: int = 50
) -> list[revisions.Revision]:
    """Return the desk's revisions of a domain, newest first."""
    desk = sources.get(connection, sources.DESK)
    if desk is None:
        return []
    key = outlets.record_key(domain, desk.number)
    return revisions.history(connection, "outlet", key, before=before, limit=limit)


def save(
    connection: Connection,
    domain: str,
    outlet: Outlet | None,
    *,
    seen: int,
    made_by: str,
    reason: str,
    impersonated: bool = False,
) -> DeskRecord:
    """Replace what the desk says of a domain; None takes it back.

    ``seen`` is the revision that the editor started from. Raises :class:`ConflictError`, before
    anything is written, where the desk says something else by now.
    """
    if outlet is not None and outlet.domain != domain:
        raise InvalidOutletError(f"field 'domain' must be {domain!r}")
    take_turn(connection)
    desk = sources.declare(connection, sources.DESK, kind=sources.DESK, made_by=made_by)
    held = find(connection, domain)
    mine = None if outlet is None else outlet_to_dict(outlet)
    if mine is not None and impersonated:
        mine["impersonated"] = True
    if held.revision != seen:
        key = outlets.record_key(domain, desk.number)
        before = revisions.find(connection, "outlet", key, seen)
        raise ConflictError(
            mine=mine or {},
            theirs=held.record,
            base=None if before is None else before.after,
            revision=held.revision,
        )
    if mine == held.record:
        return held
    outlets.replace_records(connection, desk.number, {domain: mine}, made_by=made_by, reason=reason)
    return find(connection, domain)


def revert(
    connection: Connection, domain: str, *, to: int, seen: int, made_by: str, reason: str
) -> DeskRecord:
    """Let the desk say what it said in an earlier revision; 0 stands for nothing.

    Raises InvalidOutletError where there is no such revision.
    """
    record: dict[str, Any] | None = None
    if to:
        found = [r for r in history(connection, domain, before=to + 1, limit=1) if r.revision == to]
        if not found:
            raise InvalidOutletError(f"the desk has no revision {to} of {domain}")
        record = None if found[0].after is None else dict(found[0].after)
    often = bool(record.pop("impersonated", False)) if record is not None else False
    return save(
        connection,
        domain,
        None if record is None else outlet_from_dict(record),
        seen=seen,
        made_by=made_by,
        reason=reason,
        impersonated=often,
    )
