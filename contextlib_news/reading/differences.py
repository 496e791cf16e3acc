"""In what a sentence and a claim differ: numbers, dates, durations, names, roles.

Each value of the claim is looked for in the sentence. Only where it is missing, and the sentence
has a value of the same kind in the same surroundings, is that a difference: a figure about
something else is none, and neither is one that only one of the two gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.models import Difference, DifferenceKind
from contextlib_news.reading.dates import PartialDate, find_dates, resolve_year
from contextlib_news.reading.quantities import Quantity, find_quantities

__all__ = ["find_differences"]

# Terms on either side of a value that say what it is a value of.
TERMS_AFTER = 4
TERMS_BEFORE = 3

# How alike two sentences must be for a name in the same place to count as another name.
NAME_LIKENESS = 0.6

# Words for the same thing where figures are given; stems.
SAME_THING = (
    frozenset("dead die died kill killed death fatal toll casualti victim deceas".split()),
    frozenset("prison detaine inmat captiv prisoner".split()),
    frozenset("fighter milit member combat soldier attack attacker troop".split()),
    frozenset("people person resid civilian men women".split()),
    frozenset("injur wound hurt".split()),
)


def find_differences(
    sentence: str, claim: str, page_date: str | None = None
) -> tuple[Difference, ...]:
    """Return the values that cannot be true together, numbers first; symmetric in its kinds."""
    mine, theirs = extract_terms(sentence), extract_terms(claim)
    found = _compare_quantities(sentence, claim, mine, theirs)
    found += _compare_dates(sentence, claim, mine, theirs, page_date)
    found += _compare_names(sentence, claim, mine, theirs)
    return tuple(dict.fromkeys(found))


# --- Numbers and durations ------------------------------------------------------------------------


def _compare_quantities(
    sentence: str, claim: str, mine: Sequence[Term], theirs: Sequence[Term]
) -> list[Difference]:
    here, there = find_quantities(sentence), find_quantities(claim)
    found: list[Difference] = []
    taken: set[int] = set()
    for asked in there:
        if any(asked.meets(given) for given in here):
            continue
        for number, given in enumerate(here):
            if number in taken or given.dimension != asked.dimension:
                continue
            if any(given.meets(other) for other in there):
                continue
            if _same_thing(_around(mine, given), _around(theirs, asked)):
                taken.add(number)
                kind = (
                    DifferenceKind.DURATION if asked.dimension == "time" else DifferenceKind.NUMBER
                )
                found.append(Difference(kind=kind, page=given.text, claim=asked.text))
                break
    return found


def _around(terms: Sequence[Term], value: Quantity | PartialDate) -> set[str]:
    after = [t.text for t in terms if t.start >= value.end and not t.number][:TERMS_AFTER]
    before = [t.text for t in terms if t.end <= value.start and not t.number][-TERMS_BEFORE:]
    return {*after, *before}


def _same_thing(one: set[str], other: set[str]) -> bool:
    """Say whether two surroundings speak of one thing: two shared words, or one and its kin."""
    shared = one & other
    kin = sum(bool(group & one) and bool(group & other) for group in SAME_THING)
    return len(shared) >= 2 or (len(shared) >= 1 and kin >= 1) or (kin >= 2)


# --- Dates ----------------------------------------------------------------------------------------


def _compare_dates(
    sentence: str,
    claim: str,
    mine: Sequence[Term],
    theirs: Sequence[Term],
    page_date: str | None,
) -> list[Difference]:
    here = [resolve_year(d, page_date) for d in find_dates(sentence)]
    there = find_dates(claim)
    if not here or not there:
        return []
    words = {t.text for t in theirs if not t.number}
    for asked in there:
        if any(asked.meets(given) for given in here):
            continue
        free = [given for given in here if not any(given.meets(other) for other in there)]
        # Only the one date of a sentence that else says the same can stand in for another one.
        if len(free) == 1 and len(here) == len(there) and _as_precise(free[0], asked):
            near = _around(mine, free[0])
            if len(near & words) >= 2 and _likeness(mine, theirs) >= 0.35:
                return [Difference(kind=DifferenceKind.DATE, page=free[0].text, claim=asked.text)]
    return []


def _as_precise(one: PartialDate, other: PartialDate) -> bool:
    return any(
        a is not None and b is not None and a != b
        for a, b in ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    )


# --- Names and roles ------------------------------------------------------------------------------


def _compare_names(
    sentence: str, claim: str, mine: Sequence[Term], theirs: Sequence[Term]
) -> list[Difference]:
    """Return names that stand in each other's place, and two names that changed places."""
    here, there = {t.text for t in mine}, {t.text for t in theirs}
    if len(here & there) >= NAME_LIKENESS * max(len(here), len(there), 1):
        swapped = _swapped(sentence, claim, mine, theirs)
        if swapped is not None:
            return [swapped]
    if _likeness(mine, theirs) < NAME_LIKENESS:
        return []
    found: list[Difference] = []
    shared = {t.text for t in mine} & {t.text for t in theirs}
    for before, name, after in _names_in_place(sentence, mine, shared):
        for other_before, other, other_after in _names_in_place(claim, theirs, shared):
            same_place = (before is not None and before == other_before) or (
                after is not None and after == other_after
            )
            if same_place and not _spelt_alike(name.text, other.text):
                kind = (
                    DifferenceKind.PLACE
                    if _after_place_word(sentence, name) and _after_place_word(claim, other)
                    else DifferenceKind.NAME
                )
                found.append(
                    Difference(kind=kind, page=_said(sentence, name), claim=_said(claim, other))
                )
    return found[:3]


def _names_in_place(
    text: str, terms: Sequence[Term], shared: set[str]
) -> list[tuple[str | None, Term, str | None]]:
    """Return the names that only one side has, each with the shared terms next to it."""
    found: list[tuple[str | None, Term, str | None]] = []
    for number, term in enumerate(terms):
        if term.number or term.text in shared or not _is_name(text, term, number):
            continue
        before = terms[number - 1].text if number else ""
        after = terms[number + 1].text if number + 1 < len(terms) else ""
        found.append(
            (
                before if before in shared else None,
                term,
                after if after in shared else None,
            )
        )
    return found


def _is_name(text: str, term: Term, number: int) -> bool:
    if term.text.startswith("@"):
        return True
    # The first word of a sentence is capitalised anyway; it counts when the next one is too.
    return text[term.start : term.start + 1].isupper() and (number > 0 or term.start > 0)


def _swapped(
    sentence: str, claim: str, mine: Sequence[Term], theirs: Sequence[Term]
) -> Difference | None:
    """Return a role difference where two names changed sides of the same verb, both active."""
    for left, right in pairwise(_named(claim, theirs)):
        between = {t.text for t in theirs if left.end <= t.start and t.end <= right.start}
        here = _named(sentence, mine)
        for one, other in pairwise(here):
            if (one.text, other.text) != (right.text, left.text):
                continue
            verbs = {t.text for t in mine if one.end <= t.start and t.end <= other.start} & between
            words = sentence[one.end : other.start].lower().split()
            asked = claim[left.end : right.start].lower().split()
            if verbs and ("by" in words) == ("by" in asked) and "and" not in words:
                return Difference(
                    kind=DifferenceKind.ROLE,
                    page=sentence[one.start : other.end],
                    claim=claim[left.start : right.end],
                )
    return None


def _named(text: str, terms: Sequence[Term]) -> list[Term]:
    return [
        t
        for t in terms
        if t.text.startswith("@") or (text[t.start : t.start + 1].isupper() and not t.number)
    ]


def _likeness(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    return Indel.normalized_similarity([t.text for t in mine], [t.text for t in theirs])


def _spelt_alike(one: str, other: str) -> bool:
    """Say whether two names are spellings of one: transliterations differ by a letter or two."""
    return Indel.normalized_similarity(one, other) >= 0.75


def _after_place_word(text: str, term: Term) -> bool:
    before = text[: term.start].rstrip().rsplit(" ", 1)[-1].lower()
    return before in {"in", "at", "near", "from", "to", "into", "outside", "of"}


def _said(text: str, term: Term) -> str:
    return text[term.start : term.end]
