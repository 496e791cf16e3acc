"""Dates in running text, as precise as they are given, compared by what both of them give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

__all__ = ["PartialDate", "find_dates", "resolve_year"]

MAX_CHARACTERS = 4_000
MAX_DATES = 60

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}

_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b{_MONTH}[ \u00a0]{_DAY}(?:,?[ \u00a0]{_YEAR})?\b(?![,.]\d|[ \u00a0]?(?:percent|%))",
        rf"\b{_DAY}[ \u00a0](?:of )?{_MONTH}(?:,?[ \u00a0]{_YEAR})?\b",
        rf"\b{_MONTH},?[ \u00a0](?:of )?{_YEAR}\b",
        r"(?:\b(?:in|since|during|of|until|by|from|early|late|mid|year)[ \u00a0-])"
        rf"{_YEAR}\b(?!-\d)",
    )
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date with the parts that are given (None for the others) and the words that say it."""

    year: int | None
    month: int | None
    day: int | None
    text: str
    start: int
    end: int

    def meets(self, other: PartialDate) -> bool:
        """Say whether both can be the same day: no part that both give differs."""
        mine = (self.year, self.month, self.day)
        theirs = (other.year, other.month, other.day)
        return all(a is None or b is None or a == b for a, b in zip(mine, theirs, strict=True))

    def ordinal(self) -> int | None:
        """Return the day as a running number, None unless all parts are given and exist."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day).toordinal()
        except ValueError:
            return None


@lru_cache(maxsize=4_096)
def find_dates(text: str) -> tuple[PartialDate, ...]:
    """Return the dates of a text in order; where two readings overlap the fuller one counts."""
    text = text[:MAX_CHARACTERS]
    taken: list[tuple[int, int]] = []
    found: list[PartialDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            start = match.start("year") if set(parts) == {"year"} else match.start()
            end = match.end()
            if any(start < b and a < end for a, b in taken) or len(found) >= MAX_DATES:
                continue
            month = _month(parts.get("month"))
            if parts.get("month") and month is None:
                continue
            taken.append((start, end))
            found.append(
                PartialDate(
                    year=int(parts["year"]) if parts.get("year") else None,
                    month=month,
                    day=int(parts["day"]) if parts.get("day") else None,
                    text=text[start:end],
                    start=start,
                    end=end,
                )
            )
    return tuple(sorted(found, key=lambda d: d.start))


def resolve_year(found: PartialDate, page_date: str | None) -> PartialDate:
    """Return a date without a year with the year that the page's own date implies.

    News speaks of the past: "on Dec. 20" in a page of February means the December before.
    """
    if found.year is not None or found.month is None or not page_date:
        return found
    parts = [int(part) for part in page_date.split("-") if part.isdigit()]
    if not parts:
        return found
    year = parts[0]
    if len(parts) > 1 and (found.month, found.day or 1) > (parts[1], parts[2] if parts[2:] else 31):
        year -= 1
    return PartialDate(year, found.month, found.day, found.text, found.start, found.end)


def _month(name: str | None) -> int | None:
    if name is None:
        return None
    if name.isdigit():
        return int(name) if 1 <= int(name) <= 12 else None
    return MONTHS.get(name.lower().rstrip("."))
