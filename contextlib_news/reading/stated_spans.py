"""Stated lengths of time that the page's own dates contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Figure, Sentence
from contextlib_news.reading.calendar import day_span
from contextlib_news.reading.dates import PartialDate, find_dates, resolve_date
from contextlib_news.reading.quantities import find_quantities
from contextlib_news.reading.units import may_name
from contextlib_news.reading.value_hints import most_values

__all__ = ["find_wrong_spans"]

# "until Jan. 30, just two days before the killing of the leader"
_SPAN = re.compile(
    r"[\s,]*(?:just|only|exactly|a mere|some|about)?\s*"
    r"(?P<days>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a|the) "
    r"(?P<unit>days?|weeks?) (?P<order>before|after) (?P<event>[^,.;:]{4,120})",
    re.IGNORECASE,
)
_VAGUE_SPAN = re.compile(r"\b(?:some|about|around|roughly|nearly|almost|over|more than)\s*$", re.I)
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1}

# What a span cannot do without, looked for before the dates are.
_DAYS = re.compile(r"(?:day|week)s? (?:before|after) ")

# Days by which reports of one event differ for reasons of time zone and night.
DAY_SLACK = 1

# Longest stretch between two dates that is compared with a stated one.
LONGEST_SPAN = 60

# "from Jan. 20 to Jan. 30", "between 3 and 9 May": the words between two dates of one stretch.
_FROM = re.compile(r"\b(?:from|between)\s+(?:the\s+)?(?:\w+day,?\s+)?$", re.IGNORECASE)
_TO = re.compile(
    r"^\s*(?:to|until|through|till|and|[-–—])\s+(?:the\s+)?(?:\w+day,?\s+)?$", re.IGNORECASE
)
# The stated length belongs to the stretch: "the ten-day strike, from 3 to 9 May".
_OTHER_MATTER = re.compile(
    r"[;:.]|\b(?:while|after|before|but|although|since|until|within|later|ago|every|each|per)\b",
    re.IGNORECASE,
)


def find_wrong_spans(
    sentence: Sentence, sentences: tuple[Sentence, ...], page_date: str | None
) -> Iterator[Figure]:
    """Yield the stated lengths of a sentence that dates of the page contradict."""
    yield from _spans(sentence, sentences, page_date)
    yield from _stretches(sentence, page_date)


def _stretches(sentence: Sentence, page_date: str | None) -> Iterator[Figure]:
    """Yield "a ten-day strike, from 3 to 9 May": a length beside its own first and last day."""
    text = sentence.text
    if not may_name(text, "day", "week") or not most_values(text):
        return
    lengths = [
        q
        for q in find_quantities(text, None)
        if q.dimension == "time" and q.exact and q.unit in ("day", "week")
    ]
    if len(lengths) != 1:
        return
    stated = lengths[0]
    for first, last, start, end in _ends(text, page_date):
        between = text[stated.end : start] if stated.end <= start else text[end : stated.start]
        if len(between) > 80 or _OTHER_MATTER.search(between):
            continue
        gap = last - first
        # Whether the first day counts is not said; nor are hours.
        if not 0 < gap <= LONGEST_SPAN or stated.low - DAY_SLACK <= gap <= stated.low + DAY_SLACK:
            continue
        if gap + 1 == stated.low:
            continue
        yield Figure(
            kind="duration",
            stated=stated.text,
            computed=f"{gap} days",
            start=sentence.start,
            end=sentence.end,
            explanation=f"{text[start:end]}: {gap} days.",
        )


def _ends(text: str, page_date: str | None) -> Iterator[tuple[int, int, int, int]]:
    """Yield first and last day of the stretches that a text names, with their place."""
    dates = [resolve_date(found, page_date) for found in find_dates(text, None)]
    for found in dates:
        if (
            found.span
            and found.day is not None
            and found.low is not None
            and found.high is not None
        ):
            yield found.low, found.high, found.start, found.end
        elif found.span and found.day is not None and found.relative is not None:
            yield found.day, found.relative[1], found.start, found.end
    for one, other in pairwise(dates):
        low, high = _day_of(one), _day_of(other)
        if low is None or high is None or (one.year is None) != (other.year is None):
            continue
        if _FROM.search(text[: one.start]) and _TO.search(text[one.end : other.start]):
            yield low, high, one.start, other.end


def _spans(
    sentence: Sentence, sentences: tuple[Sentence, ...], page_date: str | None
) -> Iterator[Figure]:
    """Yield stated days between a date and an event that the page dates elsewhere, differently."""
    if _DAYS.search(sentence.text.lower()) is None:
        return
    for known in find_dates(sentence.text, None):
        match = _SPAN.match(sentence.text, known.end)
        start = resolve_date(known, page_date)
        if match is None or _VAGUE_SPAN.search(sentence.text[known.end : match.start("days")]):
            continue
        days = _days(match)
        event = _date_of_event(match["event"], sentence, sentences, page_date)
        if days is None or event is None or (start.year is None) != (event.year is None):
            continue
        gap = _gap(start, event)
        later = match["order"].lower() == "before"
        if gap is None or (gap < 0) == later or abs(gap) <= DAY_SLACK:
            continue
        if abs(abs(gap) - days) <= DAY_SLACK or abs(gap) > LONGEST_SPAN:
            continue
        yield Figure(
            kind="duration",
            stated=f"{match['days']} {match['unit']}",
            computed=f"{abs(gap)} days",
            start=sentence.start,
            end=sentence.end,
            explanation=f"{start.text} – {event.text}: {abs(gap)} days.",
        )


def _days(match: re.Match[str]) -> int | None:
    said = match["days"].lower()
    number = int(said) if said.isdigit() else _NUMBER_WORDS.get(said)
    if number is None:
        return None
    return number * (7 if match["unit"].lower().startswith("week") else 1)


def _date_of_event(
    event: str, here: Sentence, sentences: tuple[Sentence, ...], page_date: str | None
) -> PartialDate | None:
    """Return the date that the page gives to an event, None where it gives none or several.

    The event's words must nearly all stand close before one date of another sentence.
    """
    asked = {term.text for term in extract_terms(event) if not term.number}
    if len(asked) < 2:
        return None
    found: set[PartialDate] = set()
    for sentence in sentences:
        if sentence.index == here.index:
            continue
        for known in find_dates(sentence.text, None):
            if known.day is None:
                continue
            before = extract_terms(sentence.text[max(0, known.start - 160) : known.start])
            if len(asked & {term.text for term in before}) >= max(2, len(asked) - 1):
                found.add(resolve_date(known, page_date))
    ordinals = {(d.year, d.month, d.day) for d in found}
    return next(iter(found)) if len(ordinals) == 1 else None


def _gap(start: PartialDate, end: PartialDate) -> int | None:
    """Return the days from one date to another; without years both are taken in one year."""
    one, other = _day_of(start), _day_of(end)
    return None if one is None or other is None else other - one


def _day_of(found: PartialDate) -> int | None:
    if found.month is None or found.day is None:
        return None
    span = day_span(found.year or 2001, found.month, found.day)
    return span[0] if span else None
