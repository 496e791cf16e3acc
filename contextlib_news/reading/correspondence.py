"""Which number of a sentence answers which number of a claim.

A page may say "121 fighters, 374 militants and four civilians"; the claim's 374 is compared with
what the page says of the same things. What a number is of shows in the words behind it, in what
happened to them ("killed", "injured"), and in the words around. Things and events that exclude each
other (militants and soldiers, the dead and the injured) are never compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.reading.lexicon import read_table
from contextlib_news.reading.quantities import Quantity

__all__ = ["Setting", "likeness_of_settings", "set_quantities"]

# Terms on either side of a value that say what it is a value of.
TERMS_AFTER = 4
TERMS_BEFORE = 3

# Likeness of two settings from which their numbers are of one thing.
SAME_THING = 2.0


def _stems(table: str) -> tuple[frozenset[str], ...]:
    lines = read_table("counted.json")[table]
    return tuple(frozenset(term.text for term in extract_terms(line)) for line in lines)


# Numbers that differ by more are seldom two values of one thing.
FAR_APART = 50.0


def _numbered(groups: tuple[frozenset[str], ...]) -> dict[str, int]:
    """Return the first group of each word."""
    return {term: n for n, group in reversed(list(enumerate(groups))) for term in group}


# What is counted; no two lines are the same things. Lines may not overlap.
THINGS = _stems("things")

# What happened to them; words of one line mean the same.
EVENTS = _stems("events")
_EVENT_OF = _numbered(EVENTS)
# Words that mean the same where figures are given, but exclude nothing.
KIN = _stems("kin")


@dataclass(frozen=True, slots=True)
class Setting:
    """A quantity with what it counts, what happened, and the terms around it."""

    quantity: Quantity
    counted: frozenset[str]
    things: frozenset[int]
    event: int | None
    around: frozenset[str]


@lru_cache(maxsize=2_048)
def _counted_terms(words: tuple[str, ...], language: str | None) -> frozenset[str]:
    return frozenset(term.text for term in extract_terms(" ".join(words), language))


def set_quantities(
    text: str,
    quantities: Sequence[Quantity],
    terms: Sequence[Term],
    language: str | None = None,
) -> list[Setting]:
    """Return quantities with their settings, in the order given."""
    settings: list[Setting] = []
    for number, quantity in enumerate(quantities):
        before = quantities[number - 1].end if number else 0
        after = quantities[number + 1].start if number + 1 < len(quantities) else len(text)
        counted = _counted_terms(quantity.counted, language)
        settings.append(
            Setting(
                quantity,
                counted,
                _groups(counted, THINGS),
                _event(text, quantity, terms, before, after),
                frozenset(_around(quantity, terms)),
            )
        )
    return settings


def _around(quantity: Quantity, terms: Sequence[Term]) -> list[str]:
    after = [t.text for t in terms if t.start >= quantity.end and not t.number][:TERMS_AFTER]
    before = [t.text for t in terms if t.end <= quantity.start and not t.number][-TERMS_BEFORE:]
    return [*before, *after]


_JOINT = re.compile(r"\b(?:and|but|while|plus|y|et|und)\b|[,;:.]", re.IGNORECASE)


def _event(
    text: str, quantity: Quantity, terms: Sequence[Term], before: int, after: int
) -> int | None:
    """Return what happened to what is counted: the nearest such word of the same clause."""
    if not any([term.text in _EVENT_OF for term in terms]):
        return None
    start, end = before, after
    for joint in _JOINT.finditer(text, before, quantity.start):
        start = joint.end()
    if closing := _JOINT.search(text, quantity.end, after):
        end = closing.start()
    for low, high in ((start, end), (before, after)):
        near: list[tuple[int, int]] = []
        for term in terms:
            number = _EVENT_OF.get(term.text)
            if number is not None and low <= term.start and term.end <= high:
                near.append((max(quantity.start - term.end, term.start - quantity.end), number))
        if near:
            return min(near)[1]
    return None


@lru_cache(maxsize=8_192)
def _groups(terms: frozenset[str], groups: tuple[frozenset[str], ...]) -> frozenset[int]:
    return frozenset(number for number, group in enumerate(groups) if terms & group)


def conflicting(one: Setting, other: Setting) -> bool:
    """Say whether two numbers are of things, or of events, that exclude each other."""
    if one.things and other.things and not one.things & other.things:
        return True
    return one.event is not None and other.event is not None and one.event != other.event


def _far_apart(one: Quantity, other: Quantity) -> bool:
    small, large = sorted((one, other), key=lambda q: q.low)
    return large.low > FAR_APART * max(1.0, min(small.high, 1e30))


def likeness_of_settings(one: Setting, other: Setting) -> float:
    """Return how likely two numbers are of one thing, 0 for none; from SAME_THING on they are."""
    if conflicting(one, other):
        return 0.0
    shared = one.around & other.around
    likeness = float(len(shared))
    kin = bool(one.things & other.things) + (one.event is not None and one.event == other.event)
    kin += len(_groups(one.around, KIN) & _groups(other.around, KIN))
    # A word shared that is also of a group counts once.
    told = sum(1 for term in shared if any(term in g for g in (*THINGS, *EVENTS, *KIN)))
    likeness += max(0, kin - told)
    if one.counted & other.counted:
        likeness += 1.0
    elif _far_apart(one.quantity, other.quantity) and not one.things & other.things:
        likeness -= 1.0
    elif one.counted and other.counted and not one.things & other.things:
        likeness -= 0.5
    return likeness
