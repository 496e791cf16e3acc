"""What a change of a list of records did, record by record, so that only what differs is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contextlib_news_server.desk.access import bp
from contextlib_news_server.store.revisions import Change

__all__ = ["ChangedRecord", "changed_records"]

# What a record is known again by, the surest first.
NAMES = ("url", "title", "text", "publisher")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRecord:
    """A record that changed: what it is called, and the fields with what they were and are."""

    called: str
    fields: tuple[tuple[str, Any, Any], ...]


@bp.app_template_filter("changed_records")
def changed_records(change: Change) -> tuple[list[ChangedRecord], list[Any], list[Any]]:
    """Return the records that changed, those that were taken out, and those that came.

    A record is known again by its address, else by its title or words, once.
    """
    before, after = _records(change.before), _records(change.after)
    gone = [item for item in before if item not in after]
    come = [item for item in after if item not in before]
    kept: list[ChangedRecord] = []
    for item in list(gone):
        other = _again(item, come)
        if other is None:
            continue
        fields = tuple(
            (name, item.get(name), other.get(name))
            for name in dict.fromkeys((*item, *other))
            if item.get(name) != other.get(name)
        )
        called = next((str(other[name]) for name in ("title", *NAMES) if other.get(name)), "")
        kept.append(ChangedRecord(called=called, fields=fields))
        gone.remove(item)
        come.remove(other)
    return kept, gone, come


def _records(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _again(item: Any, others: list[Any]) -> Mapping[str, Any] | None:
    """Return the record among others that an earlier one became, None where there is none."""
    if not isinstance(item, Mapping):
        return None
    for name in NAMES:
        for other in others:
            if isinstance(other, Mapping) and item.get(name) and item[name] == other.get(name):
                return other
    return None
