"""A date with the parts that a text gives, the days it may mean, and when two can be one time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contextlib_news.reading import calendar

__all__ = ["WITHIN", "PartialDate", "complete"]

# What a date without a year keeps until it has one: which part of a month, or its last day.
WITHIN = ("early", "mid", "late", "until")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date with the parts that are given (None for the others) and the words that say it.

    ``low`` and ``high`` are the first and last day it may mean, as running numbers, None where the
    year is not known. ``weekday`` counts from Monday as 0. ``span`` says that it is a stretch from
    one day to another, named by both ends. ``relative`` says how it hangs on the page's date.
    """

    year: int | None
    month: int | None
    day: int | None
    text: str
    start: int
    end: int
    low: int | None = None
    high: int | None = None
    weekday: int | None = None
    span: bool = False
    relative: tuple[str, int] | None = None

    def meets(self, other: PartialDate) -> bool:
        """Say whether both can be one time: their days overlap, no part that both give differs.

        Two stretches named by both ends must agree in both.
        """
        known = self.low is not None and other.low is not None
        if known and self.high is not None and other.high is not None:
            if self.span and other.span:
                return (self.low, self.high) == (other.low, other.high)
            return self.low <= other.high and other.low <= self.high  # type: ignore[operator]  # both known
        if self._hangs_alike(other) and self.relative and other.relative:
            return self.relative[1] == other.relative[1]
        mine = (self.year, self.month, self.day, self.weekday)
        theirs = (other.year, other.month, other.day, other.weekday)
        parts = 2 if self.span or other.span else 4
        pairs = list(zip(mine, theirs, strict=True))[:parts]
        return all(a is None or b is None or a == b for a, b in pairs)

    def _hangs_alike(self, other: PartialDate) -> bool:
        """Say whether neither is resolved and both count back alike: 65 and 112 years ago."""
        if self.relative is None or other.relative is None or self.low is not None:
            return False
        return self.relative[0] == other.relative[0] and self.relative[0].endswith(" ago")

    def compares(self, other: PartialDate) -> bool:
        """Say whether the two give enough of the same parts to differ at all."""
        if self.low is not None and other.low is not None:
            return True
        if self._hangs_alike(other):
            return True
        mine = (self.year, self.month, self.day, self.weekday)
        theirs = (other.year, other.month, other.day, other.weekday)
        return any(a is not None and b is not None for a, b in zip(mine, theirs, strict=True))

    def ordinal(self) -> int | None:
        """Return the day as a running number, None unless it is one day and known."""
        return self.low if self.low is not None and self.low == self.high else None


def complete(found: PartialDate) -> PartialDate:
    """Return a date with a year with its first and last day."""
    year, month, day = found.year, found.month, found.day
    if year is None or not 1 <= year <= 9998:
        return found
    if month is None:
        span: tuple[int, int] | None = calendar.year_span(year)
    elif day is None:
        span = calendar.month_span(year, month)
    else:
        span = calendar.day_span(year, month, day)
        if span and month and found.relative and found.relative[0] == "until":
            last = calendar.day_span(year, month, found.relative[1])
            span = (span[0], last[1]) if last else None
    if span is not None and found.relative and found.relative[0] in WITHIN[:3]:
        span = calendar.narrowed(span, found.relative[0])
    return found if span is None else replace(found, low=span[0], high=span[1])
