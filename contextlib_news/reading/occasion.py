"""Whether a sentence can tell of the event that a claim tells of: its time, its place, its point.

A sentence that shares names and subject with a claim ("an air strike in Iraq", "the raid of 2006")
may tell of another event. What the two say of when and where is weighed, and so is the day of the
page: nobody reports what has not happened yet. A sentence that answers most of a claim and gives
another day or place says it otherwise; that is a difference (``differences``), no other event.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from contextlib_news.reading import calendar
from contextlib_news.reading.alignment import Alignment
from contextlib_news.reading.dates import PartialDate, find_dates, resolve_date
from contextlib_news.reading.names import (
    Name,
    country_of,
    find_names,
    may_be_same,
    names_place,
)
from contextlib_news.reading.statement import Statement

__all__ = ["tells_before", "tells_elsewhere", "tells_other_time"]

# A page put on line in one time zone may tell of the next day in another.
SLACK_DAYS = 2

# A claim about what is to come may be told before.
_TO_COME = re.compile(
    r"\b(?:will|would|shall|going to|plan(?:s|ned)?|schedul\w+|expect\w+|due|set to|forecasts?|"
    r"predict\w+|propos\w+|promis\w+|vow\w+|by|until|may|could)\b",
    re.IGNORECASE,
)
_PLACE_WORDS = r"(?:in|at|near|outside|around|across|inside|over|off)"
_LOCATED = re.compile(
    rf"\b{_PLACE_WORDS}(?: the)?(?: (?:northern|southern|eastern|western|central|north|south|east|"
    rf"west|city|town|village|province|region|state|of|the|\w+ern))*[ \u00a0]$",
    re.IGNORECASE,
)
# "The Refugee Act of 1980" tells of no event of that year, and "reported last month" of none of it.
_NOT_THE_EVENTS = re.compile(
    r"(?:[A-Z]\w+ of|\b(?:said|says|told|reported|wrote|writes|announced|published|tweeted|posted|"
    r"noted|added|confirmed|revealed|according to \w+)(?: reporters| a? ?statement)?"
    r"(?: \[\d+\])?(?: (?:on|in|late|early|earlier))?) $"
)
# "In US-led strikes" says who, not where.
_MADE_OF_NAME = re.compile(r"-(?:led|backed|held|run|based|born|made|owned|style|era)$")


def tells_before(claim: Statement, claim_date: str | None, page_date: str | None) -> bool:
    """Say whether the page is older than all that the claim gives a date for.

    A claim that speaks of what is to come is never too late. The page's date is ``YYYY``,
    ``YYYY-MM`` or ``YYYY-MM-DD``, the last day it may be counts; without one nothing is known.
    """
    day = calendar.parse_day(page_date)
    if day is None or _TO_COME.search(claim.text):
        return False
    spans = [d.low for d in _dates(claim.text, claim_date, claim.language) if d.low is not None]
    return bool(spans) and min(spans) > day.toordinal() + SLACK_DAYS


def tells_other_time(
    sentence: Statement,
    span: tuple[int, int],
    page_date: str | None,
    claim: Statement,
    claim_date: str | None,
) -> bool:
    """Say whether a sentence is dated where it answers a claim, and nowhere as the claim is."""
    asked = _dates(claim.text, claim_date, claim.language)
    if not asked:
        return False
    every = _dates(sentence.text, page_date, sentence.language)
    return any(span[0] <= one.start < span[1] for one in every) and all(
        one.compares(other) and not one.meets(other) for one in every for other in asked
    )


def tells_elsewhere(sentence: Statement, claim: Statement, words: Alignment) -> bool:
    """Say whether all places of the sentence are in other countries than those of the claim."""
    if not names_place(sentence.text) or not names_place(claim.text):
        return False
    theirs = _places(claim)
    if not theirs or any(_is_answered(place, claim, words) for place in theirs):
        return False
    mine = _places(sentence)
    return bool(mine) and all(_apart(one, theirs) for one in mine)


@lru_cache(maxsize=2_048)
def _dates(text: str, day: str | None, language: str | None) -> tuple[PartialDate, ...]:
    return tuple(
        resolve_date(found, day)
        for found in find_dates(text, language)
        if _NOT_THE_EVENTS.search(text, max(0, found.start - 40), found.start) is None
    )


@lru_cache(maxsize=2_048)
def _places(statement: Statement) -> tuple[Name, ...]:
    """Return where a text says that something happened: "in Barisha, Idlib"."""
    found: list[Name] = []
    text = statement.plain
    for name in find_names(text):
        located = _LOCATED.search(text, max(0, name.start - 60), name.start)
        listed = found and text[found[-1].end : name.start] == ", "
        if (located or listed) and _MADE_OF_NAME.search(name.text) is None:
            found.append(name)
    return tuple(found)


def _is_answered(place: Name, claim: Statement, words: Alignment) -> bool:
    return any(
        number in words.pairs
        for number, term in enumerate(claim.terms)
        if place.start <= term.start < place.end
    )


def _apart(one: Name, others: Sequence[Name]) -> bool:
    """Say whether a place is known to lie in another country than one of the others at least.

    Of "Barisha, Idlib" the table knows the second, which tells where the first is.
    """
    if any(may_be_same(one, other) for other in others):
        return False
    country = country_of(one)
    known = {found for other in others if (found := country_of(other))}
    return country is not None and bool(known) and country not in known
