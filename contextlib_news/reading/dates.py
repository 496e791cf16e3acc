"""Dates in running text, as precise as they are given, compared by what both of them give.

Absolute ("3 February 2022", "in Oct. 2019", "the early 1990s", "spring 2020"), partial ("on Feb.
3", to which the page's own date gives the year), and relative to the page's date ("yesterday",
"last fall", "two weeks ago", "on Tuesday"). "Two days later" is relative to what is told and stays
a duration. Times of day and time zones are ignored: reports of one night differ by a day, so what
is relative to the page's date has a day of slack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from contextlib_news.reading import calendar
from contextlib_news.reading.date_patterns import rules_of
from contextlib_news.reading.partial_date import WITHIN, PartialDate, complete

__all__ = ["PartialDate", "find_dates", "resolve_date", "spell_out"]

MAX_CHARACTERS = 4_000
MAX_DATES = 60

# Days by which what is relative to the page's date may be off: time zones, nights, late posting.
RELATIVE_SLACK = 1


@lru_cache(maxsize=4_096)
def find_dates(text: str, language: str | None = None) -> tuple[PartialDate, ...]:
    """Return the dates of a text in order; where two readings overlap the fuller one counts.

    ``language`` (BCP 47 tag) says which names of months there are; English where none is given or
    no table is held.
    """
    text = text[:MAX_CHARACTERS]
    rules = rules_of((language or "en").split("-")[0].lower())
    held = rules.held(text)
    if not held:
        return ()
    taken: list[tuple[int, int]] = []
    found: list[PartialDate] = []
    for pattern, read, needs in rules.patterns:
        if not needs <= held:
            continue
        for match in pattern.finditer(text):
            start, end = match.start(), match.end()
            if "date" in pattern.groupindex and match["date"]:
                start, end = match.span("date")
            if any(start < b and a < end for a, b in taken) or len(found) >= MAX_DATES:
                continue
            made = read(match, rules)
            if made is not None:
                taken.append((start, end))
                found.append(replace(made, text=text[start:end], start=start, end=end))
    return tuple(sorted(found, key=lambda d: d.start))


def resolve_date(found: PartialDate, page_date: str | None) -> PartialDate:
    """Return a date with what the page's own date says of it: its year, or the day it means.

    News speaks of the past: "on Dec. 20" in a page of February means the December before, "on
    Tuesday" the last one.
    """
    today = calendar.parse_day(page_date)
    if today is None or found.low is not None:
        return found
    if found.relative is not None and found.relative[0] not in WITHIN:
        return _relate(found, today)
    if found.month is None:
        if found.weekday is None:
            return found
        day = calendar.last_weekday(found.weekday, today).toordinal()
        return replace(found, low=day - RELATIVE_SLACK, high=day + RELATIVE_SLACK)
    year = calendar.last_named_month(found.month, today)
    if found.month == today.month and (found.day or 1) > today.day:
        year -= 1
    return complete(replace(found, year=year))


def _relate(found: PartialDate, today: date) -> PartialDate:
    kind, amount = found.relative or ("", 0)
    if kind == "day":
        low = high = today.toordinal() + amount
    elif kind == "week":
        monday = today.toordinal() - today.weekday() + 7 * amount
        low, high = monday, monday + 6
    elif kind == "month":
        months = today.year * 12 + today.month - 1 + amount
        low, high = calendar.month_span(months // 12, months % 12 + 1)
    elif kind == "year":
        low, high = calendar.year_span(today.year + amount)
    elif kind == "named month":
        year = calendar.last_named_month(amount, today)
        year -= amount == today.month
        low, high = calendar.month_span(year, amount)
    elif kind in calendar.SEASONS:
        year = today.year
        span = calendar.season_span(kind, year)
        while (amount < 0 and span[1] >= today.toordinal()) or span[0] > today.toordinal():
            year -= 1
            span = calendar.season_span(kind, year)
        low, high = span
    elif kind.endswith(" ago"):
        low, high = _ago(kind.removesuffix(" ago"), amount, today)
    else:
        return found
    slack = RELATIVE_SLACK if kind.startswith("day") else 0
    return replace(found, low=low - slack, high=high + slack)


def _ago(unit: str, amount: int, today: date) -> tuple[int, int]:
    """Return when a number of units ago was: as precise as half a unit."""
    days = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}[unit]
    middle = today.toordinal() - amount * days
    half = 0 if unit == "day" else days / 2
    return max(1, int(middle - half)), max(1, int(middle + half))


def spell_out(found: PartialDate) -> Iterator[str]:
    """Yield the days that a date spans, first and last, as ``YYYY-MM-DD``."""
    for number in (found.low, found.high):
        if number is not None:
            yield (date.min + timedelta(days=number - 1)).isoformat()
