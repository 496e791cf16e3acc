"""Two people changed the same thing: what both did is kept, what only one can have is named.

Works on documents (plain JSON objects) and knows nothing of databases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contextlib_news.errors import ContextError

__all__ = ["ConflictError", "Merged", "merge"]

Document = Mapping[str, Any]

BOOKKEEPING = frozenset({"id", "revision", "created", "updated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A merged document, and the fields that both sides changed differently.

    In ``document`` such a field has the value of ``mine``.
    """

    document: dict[str, Any]
    overlapping: tuple[str, ...]


class ConflictError(ContextError):
    """Somebody else changed it meanwhile; nothing was written.

    ``mine`` is what was to be saved, ``theirs`` what is held now as ``revision``, ``base`` what
    both started from (None where the revision that was seen is none of it).
    """

    def __init__(
        self, *, mine: Document, theirs: Document | None, base: Document | None, revision: int
    ) -> None:
        super().__init__(
            "somebody else changed it meanwhile; merge the two versions and save again"
        )
        self.mine = mine
        self.theirs = theirs
        self.base = base
        self.revision = revision

    def merged(self) -> Merged:
        """Return what both did; the overlapping fields are left to the person who saves."""
        return merge(self.base or {}, self.mine, self.theirs or {})


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """Return the merge of two versions that started from ``base``.

    A field that one side changed has that side's value; lists are merged item by item. Fields that
    both sides changed to something different are listed as overlapping. The numbers and dates of
    a version are those of ``theirs``.

    >>> merge({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}).document
    {'a': 2, 'b': 3}
    """
    document: dict[str, Any] = {}
    overlapping: list[str] = []
    names = [*theirs, *(n for n in mine if n not in theirs)]
    for name in names:
        was, here, there = base.get(name), mine.get(name), theirs.get(name)
        if name in BOOKKEEPING:
            value = there if name in theirs else here
        elif here == there or there == was:
            value = here
        elif here == was:
            value = there
        elif isinstance(here, list) or isinstance(there, list):
            value, clash = _merge_lists(was or [], here or [], there or [])
            if clash:
                overlapping.append(name)
        else:
            value = here
            overlapping.append(name)
        if value is not None and value != []:
            document[name] = value
    return Merged(document=document, overlapping=tuple(overlapping))


def _merge_lists(was: list[Any], here: list[Any], there: list[Any]) -> tuple[list[Any], bool]:
    """Return a list with what either side added and without what either took out.

    They clash where both took out the same item and put something of their own in its place.
    """
    old, mine, theirs = ({_key(item): item for item in items} for items in (was, here, there))
    gone = [key for key in old if key not in mine or key not in theirs]
    added_here = [key for key in mine if key not in old]
    added_there = [key for key in theirs if key not in old]
    replaced = [key for key in old if key not in mine and key not in theirs]
    clash = bool(replaced) and bool(added_here) and bool(added_there) and added_here != added_there
    if clash:
        # Two edits of one item would both stay and say it twice; the person decides.
        return list(here), True
    # Where only one side put the items into another order, that order is kept.
    first, second = (mine, theirs) if _order(there) == _order(was) else (theirs, mine)
    kept = [key for key in first if key not in gone]
    kept += [key for key in second if key not in first and key not in gone]
    return [(mine | theirs)[key] for key in kept], False


def _order(items: list[Any]) -> list[str]:
    return [_key(item) for item in items]


def _key(item: object) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False)
