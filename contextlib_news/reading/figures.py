"""Figures of one page that do not agree with each other; no database needed.

Conservative on purpose: a wrong figure note is worse than none. Two checks: a stated total whose
listed parts add up to something else, and a stated number of days between two events whose dates
the page gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Document, Figure, Sentence
from contextlib_news.reading.dates import PartialDate, find_dates, resolve_year
from contextlib_news.reading.quantities import Quantity, find_quantities

__all__ = ["check_figures"]

MAX_FIGURES = 20
MAX_SENTENCES = 2_000

# "The toll was 500: 121 of these, 374 of those and four others."
_TOTAL = re.compile(
    r"\b(?:toll|total|sum|altogether|in all|number|count|came to|stood at|was|were|of)\b"
    r"[^.;:]{0,60}$",
    re.IGNORECASE,
)
_LIST_BEGINS = re.compile(
    r"^[^.;:\d]{0,40}(?::|—|–|, (?:including only|made up of|namely|that is))\s*$"
)
_BETWEEN_PARTS = re.compile(r"^[^.;:\d]{2,90}$")

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

# Days by which reports of one event differ for reasons of time zone and night.
DAY_SLACK = 1


def check_figures(document: Document) -> tuple[Figure, ...]:
    """Return the figures that contradict each other, at the span of the stated one."""
    found: list[Figure] = []
    sentences = document.sentences[:MAX_SENTENCES]
    for sentence in sentences:
        found += _sums(sentence)
        found += _spans(sentence, sentences, document.date)
        if len(found) >= MAX_FIGURES:
            break
    return tuple(found[:MAX_FIGURES])


# --- Sums -----------------------------------------------------------------------------------------


def _sums(sentence: Sentence) -> Iterator[Figure]:
    text = sentence.text
    counts = [q for q in find_quantities(text) if q.dimension in ("count", "share", "money")]
    for number, total in enumerate(counts):
        parts = _listed_parts(text, total, counts[number + 1 :])
        if len(parts) < 2 or not _exact([total, *parts]):
            continue
        if not _TOTAL.search(text[: total.start]):
            continue
        added = sum(part.low for part in parts)
        # Parts that leave much open list examples; a slip leaves little.
        if added == total.low or abs(added - total.low) > 0.2 * total.low:
            continue
        listed = " + ".join(f"{part.low:,.0f}" for part in parts)
        yield Figure(
            kind="sum",
            stated=f"{total.low:,.0f}",
            computed=f"{added:,.0f}",
            start=sentence.start,
            end=sentence.end,
            explanation=f"{listed} = {added:,.0f}.",
        )


def _listed_parts(text: str, total: Quantity, following: list[Quantity]) -> list[Quantity]:
    """Return the quantities of the list that a total opens, none where no list follows."""
    parts: list[Quantity] = []
    position = total.end
    for quantity in following:
        between = text[position : quantity.start]
        opens = not parts and _LIST_BEGINS.match(between)
        goes_on = parts and _BETWEEN_PARTS.match(between) and _separates(between)
        if quantity.dimension != total.dimension or not (opens or goes_on):
            break
        parts.append(quantity)
        position = quantity.end
    return parts


def _separates(between: str) -> bool:
    return "," in between or bool(re.search(r"\band\s*$", between))


def _exact(quantities: list[Quantity]) -> bool:
    return all(q.exact and q.low == int(q.low) and q.low >= 0 for q in quantities)


# --- Durations ------------------------------------------------------------------------------------


def _spans(
    sentence: Sentence, sentences: tuple[Sentence, ...], page_date: str | None
) -> Iterator[Figure]:
    """Yield stated days between a date and an event that the page dates elsewhere, differently."""
    for known in find_dates(sentence.text):
        match = _SPAN.match(sentence.text, known.end)
        start = resolve_year(known, page_date)
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
        if abs(abs(gap) - days) <= DAY_SLACK or abs(gap) > 60:
            continue
        yield Figure(
            kind="duration",
            stated=f"{match['days']} {match['unit']}",
            computed=f"{abs(gap)} days",
            start=sentence.start,
            end=sentence.end,
            explanation=f"From {start.text} to {event.text} it is {abs(gap)} days.",
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
        for known in find_dates(sentence.text):
            if known.day is None:
                continue
            before = extract_terms(sentence.text[max(0, known.start - 160) : known.start])
            if len(asked & {term.text for term in before}) >= max(2, len(asked) - 1):
                found.add(resolve_year(known, page_date))
    ordinals = {(d.year, d.month, d.day) for d in found}
    return next(iter(found)) if len(ordinals) == 1 else None


def _gap(start: PartialDate, end: PartialDate) -> int | None:
    """Return the days from one date to another; without years both are taken in one year."""
    year = 2001
    one = PartialDate(start.year or year, start.month, start.day, "", 0, 0).ordinal()
    other = PartialDate(end.year or year, end.month, end.day, "", 0, 0).ordinal()
    return None if one is None or other is None else other - one
