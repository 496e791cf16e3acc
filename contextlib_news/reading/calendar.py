"""Spans of days: months, seasons, decades and weeks as first and last day, for comparing dates.

Days are running numbers (``date.toordinal``); what does not exist has no span.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

__all__ = [
    "SEASONS",
    "day_span",
    "last_named_month",
    "last_weekday",
    "month_span",
    "narrowed",
    "parse_day",
    "season_span",
    "year_span",
]

Span = tuple[int, int]

# Meteorological seasons of the northern hemisphere: first month.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def parse_day(said: str | None) -> date | None:
    """Return the day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (the last one it may be)."""
    parts = [int(part) for part in (said or "").split("T")[0].split("-") if part.isdecimal()]
    if not parts or not 1 <= parts[0] <= 9998:
        return None
    month = parts[1] if len(parts) > 1 else 12
    if not 1 <= month <= 12:
        return None
    last = monthrange(parts[0], month)[1]
    day = parts[2] if len(parts) > 2 else last
    return date(parts[0], month, day) if 1 <= day <= last else None


def day_span(year: int, month: int, day: int) -> Span | None:
    """Return a day as a span, None where there is no such day."""
    try:
        number = date(year, month, day).toordinal()
    except ValueError:
        return None
    return number, number


def month_span(year: int, month: int) -> Span:
    """Return the first and the last day of a month."""
    first = date(year, month, 1).toordinal()
    return first, first + monthrange(year, month)[1] - 1


def year_span(first: int, last: int | None = None) -> Span:
    """Return the first and the last day of a year or of several."""
    return date(first, 1, 1).toordinal(), date(last or first, 12, 31).toordinal()


def season_span(season: str, year: int) -> Span:
    """Return a season's days; the winter of a year is the one that begins in it."""
    start = SEASONS[season]
    last_year, last_month = (year + 1, 2) if start == 12 else (year, start + 2)
    return month_span(year, start)[0], month_span(last_year, last_month)[1]


def narrowed(span: Span, part: str) -> Span:
    """Return the early, middle or late part of a span: each somewhat more than a third of it."""
    first, last = span
    third = (last - first) * 2 // 5
    if part == "early":
        return first, first + third
    if part == "late":
        return last - third, last
    return first + (last - first) // 4, last - (last - first) // 4


def last_weekday(weekday: int, today: date) -> date:
    """Return the last such weekday (Monday is 0), today included."""
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def last_named_month(month: int, today: date) -> int:
    """Return the year in which a month named without one was last: news speaks of the past."""
    return today.year if month <= today.month else today.year - 1
