"""What an import makes of each record: a claim, a claim with parts left out, or a rejection.

Nothing is lost in silence: for every record that a file holds there is one of the three, so that
``sum(record.held for records) + len(rejections)`` is the number of records in the file.
"""

from __future__ import annotations

from dataclasses import dataclass

from contextlib_news.models import Claim

__all__ = ["Dropped", "Record", "Rejection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that was left out: where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A part of a record that was left out while the rest was kept: where, which field, and why."""

    place: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A claim as it was read.

    ``held`` is how many records of the file went into it: several reviews of one claim become one
    claim. ``joins`` says that it was made of reviews and may be joined with others of the same
    text. ``unknown_ratings`` are publishers' words that no verdict is known for.
    """

    claim: Claim
    place: str
    held: int = 1
    dropped: tuple[Dropped, ...] = ()
    joins: bool = False
    unknown_ratings: tuple[str, ...] = ()
