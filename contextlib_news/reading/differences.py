"""In what a sentence and a claim differ: numbers, units, dates, durations, names, roles.

Each value of the claim is looked for in the sentence. Only where it is missing, and the sentence
has a value of the same kind in the same surroundings, is that a difference: a figure about
something else is none, and neither is one that only one of the two gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from contextlib_news.matching.terms import Term
from contextlib_news.models import Difference, DifferenceKind
from contextlib_news.reading.correspondence import (
    SAME_THING,
    Setting,
    conflicting,
    likeness_of_settings,
    set_quantities,
)
from contextlib_news.reading.dates import PartialDate, find_dates, resolve_date
from contextlib_news.reading.name_differences import compare_names
from contextlib_news.reading.once import once
from contextlib_news.reading.quantities import Quantity, find_quantities
from contextlib_news.reading.statement import Statement, read_statement

__all__ = [
    "ComparedValue",
    "Side",
    "compare_sides",
    "compare_values",
    "differences_of",
    "find_differences",
    "read_side",
]

# Terms on either side of a date that say what happened then.
TERMS_AROUND_DATE = 4

# How alike two sentences must be, 0..1, for their only dates to be of one event.
DATE_LIKENESS = 0.35

# From this likeness on, a date is of the same event whatever word stands before it.
NEAR_COPY = 0.7

# From this likeness on, the only two numbers of one dimension are of one thing sooner.
TEXT_LIKENESS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedValue:
    """A value of the page and the value of the claim that it answers; whether both can be true."""

    kind: DifferenceKind
    page: str
    claim: str
    agrees: bool


@dataclass(frozen=True, eq=False)
class Side:
    """A text with its terms, its dates (with years), and its quantities beside the dates.

    Each is looked for when it is first asked for: where a claim holds no number, those of the
    sentence do not matter.
    """

    text: str
    day: str | None
    language: str | None

    @once
    def terms(self) -> tuple[Term, ...]:
        """Its terms in order."""
        return read_statement(self.text, self.language).terms

    @once
    def dates(self) -> tuple[PartialDate, ...]:
        """Its dates in order."""
        found = find_dates(self.text, self.language)
        return tuple(resolve_date(date, self.day) for date in found)

    @once
    def quantities(self) -> tuple[Quantity, ...]:
        """Its quantities in order, those inside dates left out."""
        found = find_quantities(self.text, self.language)
        spans = [(d.start, d.end) for d in self.dates] if found else []
        return tuple(
            quantity
            for quantity in found
            if not any(quantity.start < b and a < quantity.end for a, b in spans)
        )


@lru_cache(maxsize=1_024)
def _side(text: str, day: str | None, language: str | None) -> Side:
    return Side(text, day, language)


def read_side(
    statement: Statement, span: tuple[int, int] | None = None, day: str | None = None
) -> Side:
    """Return a statement, or a part of it, to be compared; ``day`` gives years to its dates."""
    if span is None or span == (0, len(statement.text)):
        return _side(statement.text, day, statement.language)
    start, end = span
    side = Side(statement.text[start:end], day, statement.language)
    # The words of the part are known from the whole.
    side.__dict__["terms"] = tuple(
        term._replace(start=term.start - start, end=term.end - start)
        for term in statement.terms
        if start <= term.start and term.end <= end
    )
    return side


def find_differences(
    sentence: str,
    claim: str,
    page_date: str | None = None,
    *,
    claim_date: str | None = None,
    language: str | None = None,
    claim_language: str | None = None,
) -> tuple[Difference, ...]:
    """Return the values that cannot be true together, numbers first.

    The dates give years to dates without one (YYYY, YYYY-MM or YYYY-MM-DD), the languages (BCP 47
    tags) say how numbers and dates are written. Never raises.
    """
    return differences_of(
        _side(sentence, page_date, language), _side(claim, claim_date, claim_language)
    )


def differences_of(here: Side, there: Side) -> tuple[Difference, ...]:
    """Return the same of a sentence and a claim that are read already."""
    found = [
        Difference(kind=value.kind, page=value.page, claim=value.claim)
        for value in compare_sides(here, there)
        if not value.agrees
    ]
    found += compare_names(here, there)
    return tuple(dict.fromkeys(found))


def compare_values(
    sentence: str,
    claim: str,
    page_date: str | None = None,
    *,
    claim_date: str | None = None,
    language: str | None = None,
    claim_language: str | None = None,
) -> tuple[ComparedValue, ...]:
    """Return the numbers, durations and dates of a claim with what the sentence says instead.

    One for each value of the claim that a value of the sentence answers, in agreement or not.
    """
    return compare_sides(
        _side(sentence, page_date, language), _side(claim, claim_date, claim_language)
    )


def compare_sides(here: Side, there: Side) -> tuple[ComparedValue, ...]:
    """Return the same of a sentence and a claim that are read already."""
    found: list[ComparedValue] = []
    if there.quantities and here.quantities:
        found += _compare_quantities(here, there)
    if there.dates and here.dates:
        found += _compare_dates(here, there)
    return tuple(found)


# --- Numbers and durations ------------------------------------------------------------------------


def _compare_quantities(here: Side, there: Side) -> list[ComparedValue]:
    mine = set_quantities(here.text, here.quantities, here.terms, here.language)
    theirs = set_quantities(there.text, there.quantities, there.terms, there.language)
    alike = _likeness(here.terms, there.terms)
    agreed = _agreeing(mine, theirs)
    given_away = set(agreed.values())
    found: list[ComparedValue] = []
    for number, asked in enumerate(theirs):
        if number in agreed:
            best = mine[agreed[number]]
            found.append(_compared(best.quantity, asked.quantity, agrees=True))
            continue
        answers = [
            (likeness, place)
            for place, given in enumerate(mine)
            if place not in given_away
            and (likeness := _answers(given, asked, mine, theirs, alike)) >= SAME_THING
        ]
        if answers:
            _, place = max(answers, key=lambda answer: (answer[0], -answer[1]))
            given_away.add(place)
            found.append(_compared(mine[place].quantity, asked.quantity, agrees=False))
            continue
        # Said once where the claim says it twice.
        again = next((g for g in mine if _agrees(g, asked)), None)
        if again is not None:
            found.append(_compared(again.quantity, asked.quantity, agrees=True))
    return found


def _agrees(given: Setting, asked: Setting) -> bool:
    return given.quantity.meets(asked.quantity) and not conflicting(given, asked)


def _agreeing(mine: Sequence[Setting], theirs: Sequence[Setting]) -> dict[int, int]:
    """Return which number of the page agrees with which of the claim, each used once.

    The same value first, then the likest setting: "more than $100" is not spent on $121 where the
    claim says it of something else.
    """
    fitting = []
    for number, asked in enumerate(theirs):
        for place, given in enumerate(mine):
            if _agrees(given, asked):
                one, other = given.quantity, asked.quantity
                same = (one.low, one.high) == (other.low, other.high)
                likeness = likeness_of_settings(given, asked)
                fitting.append((not same, -likeness, number, place))
    agreed: dict[int, int] = {}
    for _, _, number, place in sorted(fitting):
        if number not in agreed and place not in agreed.values():
            agreed[number] = place
    return agreed


def _answers(
    given: Setting,
    asked: Setting,
    mine: Sequence[Setting],
    theirs: Sequence[Setting],
    alike: float,
) -> float:
    """Return how likely a number of the page is what it says instead of the claim's, 0 for not."""
    same_dimension = given.quantity.dimension == asked.quantity.dimension
    if not same_dimension and not _other_unit(given.quantity, asked.quantity):
        return 0.0
    if given.quantity.meets(asked.quantity) and not given.quantity.same_figure(asked.quantity):
        return 0.0
    likeness = likeness_of_settings(given, asked)
    dimension = asked.quantity.dimension
    alone = _count(mine, dimension) == 1 and _count(theirs, dimension) == 1
    if likeness and alone and alike >= TEXT_LIKENESS:
        likeness += 1.0
    if dimension == "ordinal" and not given.counted & asked.counted:
        return 0.0
    return likeness


def _count(settings: Sequence[Setting], dimension: str) -> int:
    return sum(setting.quantity.dimension == dimension for setting in settings)


def _other_unit(one: Quantity, other: Quantity) -> bool:
    """Say whether two are one figure in units of different dimensions: 5 percent, 5 points."""
    return {one.dimension, other.dimension} == {"share", "points"} and one.same_figure(other)


def _compared(given: Quantity, asked: Quantity, *, agrees: bool) -> ComparedValue:
    kind = DifferenceKind.NUMBER
    if asked.dimension == "time":
        kind = DifferenceKind.DURATION
    elif not agrees and given.same_figure(asked):
        kind = DifferenceKind.UNIT
    return ComparedValue(kind=kind, page=given.text, claim=asked.text, agrees=agrees)


# --- Dates ----------------------------------------------------------------------------------------


def _compare_dates(here: Side, there: Side) -> list[ComparedValue]:
    words = {t.text for t in there.terms if not t.number}
    agreed: dict[int, int] = {}
    # What is the same on both sides is spoken for; then what can be the same.
    for same in (True, False):
        for number, asked in enumerate(there.dates):
            for place, given in enumerate(here.dates):
                if number in agreed or place in agreed.values() or not asked.meets(given):
                    continue
                if given.compares(asked) and (not same or _parts(given) == _parts(asked)):
                    agreed[number] = place
    found: list[ComparedValue] = []
    for number, asked in enumerate(there.dates):
        if number in agreed:
            found.append(_dated(here.dates[agreed[number]], asked, agrees=True))
            continue
        free = [
            given
            for place, given in enumerate(here.dates)
            if place not in agreed.values() and given.compares(asked) and not given.meets(asked)
        ]
        # Only the one date of a sentence that else says the same can stand in for another one.
        said = any(given.meets(asked) and given.compares(asked) for given in here.dates)
        if not said and len(free) == 1 and _same_event(here, there, free[0], words):
            found.append(_dated(free[0], asked, agrees=False))
    return found


def _parts(found: PartialDate) -> tuple[object, ...]:
    return (found.year, found.month, found.day, found.weekday, found.low, found.high)


def _same_event(here: Side, there: Side, given: PartialDate, words: set[str]) -> bool:
    near = len(_around(here.terms, given) & words)
    least = 2 if len(here.dates) == len(there.dates) else 3
    likeness = _likeness(here.terms, there.terms)
    if near < least or likeness < DATE_LIKENESS:
        return False
    # "Discovered in 2023" says nothing of what will hit the Earth in 2046.
    return likeness >= NEAR_COPY or _closest(here.terms, given) in words


def _closest(terms: Sequence[Term], value: PartialDate) -> str | None:
    """Return the term that stands last before a date, the one behind it where it comes first."""
    before = [t.text for t in terms if t.end <= value.start and not t.number]
    after = [t.text for t in terms if t.start >= value.end and not t.number]
    return before[-1] if before else (after[0] if after else None)


def _dated(given: PartialDate, asked: PartialDate, *, agrees: bool) -> ComparedValue:
    return ComparedValue(kind=DifferenceKind.DATE, page=given.text, claim=asked.text, agrees=agrees)


def _around(terms: Sequence[Term], value: PartialDate) -> set[str]:
    after = [t.text for t in terms if t.start >= value.end and not t.number][:TERMS_AROUND_DATE]
    before = [t.text for t in terms if t.end <= value.start and not t.number][-TERMS_AROUND_DATE:]
    return {*after, *before}


def _likeness(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    return Indel.normalized_similarity([t.text for t in mine], [t.text for t in theirs])
