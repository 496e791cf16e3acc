"""Which words of a sentence answer which of a claim, and how much of the claim is answered."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import Indel

from contextlib_news.matching.terms import Term, background_probability
from contextlib_news.reading.cue_words import AUXILIARY_WORDS
from contextlib_news.reading.statement import Statement

__all__ = ["Alignment", "Answer", "align"]

# Two words from one root share a start this long: "contaminated", "contamination".
ROOT_LETTERS = 5
ROOT_SHARE = 0.7

# Names in another transliteration: "Hizbullah", "Hezbollah".
SPELLING_LIKENESS = 0.75

# Names of a sentence that are compared by their spelling.
MAX_NAMES = 40

PREDICATE_WEIGHT = 1.5
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|will|would|can|did|does|do|not|never)"
    r"(?: (?:the|an?|not|never|also|\w+ly|to be))? "
)

_NEGATING = re.compile(r"^(?:un|in|im|ir|il|non|dis)(?=[a-z]{3})")

# A claim about a state holds less in these words than in its others.
_LIGHT = frozenset(
    "report claim fact thing way time day week month year call make use take".split()
)


class Answer(IntEnum):
    """How a word of the sentence answers one of the claim."""

    SAME = 0
    SYNONYM = 1
    KIN = 2
    NEGATED = 3
    OPPOSITE = 4


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each answered term of the claim, the term of the sentence that answers it and how.

    ``weights`` are those of the claim's terms, in order: the rarer a word, the more it says.
    """

    pairs: dict[int, tuple[int, Answer]]
    weights: tuple[float, ...]

    def covered(self, also: frozenset[int] = frozenset()) -> float:
        """Return how much of the claim is answered, 0..1; ``also`` counts as answered."""
        total = sum(self.weights)
        held = sum(w for i, w in enumerate(self.weights) if i in self.pairs or i in also)
        return held / total if total else 0.0


def align(
    sentence: Statement, claim: Statement, *, without: tuple[int, int] | None = None
) -> Alignment:
    """Return which terms of the sentence answer the claim's.

    ``without`` is a span of the claim that names its source and weighs nothing.
    """
    mine, theirs = sentence.terms, claim.terms
    by_text: dict[str, list[int]] = {}
    for number, term in enumerate(mine):
        by_text.setdefault(term.text, []).append(number)
    pairs: dict[int, tuple[int, Answer]] = {}
    open_terms: list[int] = []
    used: set[int] = set()
    for number, term in enumerate(theirs):
        same = by_text.get(term.text)
        if same:
            free = next((i for i in same if i not in used), same[0])
            pairs[number] = free, Answer.SAME
            used.add(free)
        else:
            open_terms.append(number)
    for number in open_terms:
        found = _answer(sentence, claim, number, used)
        if found is not None:
            pairs[number] = found
            used.add(found[0])
    weights = _weights(claim)
    if without is not None:
        weights = tuple(
            0.0 if without[0] <= term.start < without[1] else weight
            for term, weight in zip(theirs, weights, strict=True)
        )
    return Alignment(pairs, weights)


@lru_cache(maxsize=512)
def _weights(claim: Statement) -> tuple[float, ...]:
    """Return how much each term of a claim says: minus the log of how likely a sentence has it.

    What a claim says of its subject stands behind "is", "was", "will be"; that is its point.
    """
    told: set[int] = set()
    if not claim.words.isdisjoint(AUXILIARY_WORDS):
        told = {match.end() for match in _AUXILIARY.finditer(claim.lower)}
    weights: list[float] = []
    for term in claim.terms:
        if term.number:
            weights.append(0.0)
            continue
        weight = _weight(term.surface, claim.language or "en")
        if term.text in _LIGHT:
            weight /= 2
        elif term.start in told:
            weight *= PREDICATE_WEIGHT
        weights.append(weight)
    return tuple(weights)


@lru_cache(maxsize=32_768)
def _weight(surface: str, language: str) -> float:
    return -math.log(background_probability(surface, False, language))


def _answer(
    sentence: Statement, claim: Statement, number: int, used: set[int]
) -> tuple[int, Answer] | None:
    """Return the free term of the sentence that best answers one of the claim's, and how."""
    asked, sense = claim.terms[number], claim.senses[number]
    if asked.number:
        return None
    words = _words_of(sentence)
    for group in sense.groups:
        for place in words.groups.get(group, ()):
            if place not in used:
                return place, Answer.SYNONYM
    for place in words.roots.get(asked.text[:ROOT_LETTERS], ()):
        if place not in used and _kin(sentence.terms[place].text, asked.text):
            return place, Answer.KIN
    for start in _starts(asked.surface):
        for place in words.starts.get(start, ()):
            if place not in used and _negates(sentence.terms[place], asked):
                return place, Answer.NEGATED
    for side in sense.sides:
        for place in words.sides.get(side ^ 1, ()):
            if place not in used:
                return place, Answer.OPPOSITE
    if claim.text[asked.start].isupper():
        for place in words.names:
            if place not in used and _spelt_alike(sentence.terms[place], asked):
                return place, Answer.KIN
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """The terms of a text by what they may answer: group, root, start, side; and its names."""

    groups: dict[int, list[int]]
    roots: dict[str, list[int]]
    starts: dict[str, list[int]]
    sides: dict[int, list[int]]
    names: tuple[int, ...]


@lru_cache(maxsize=256)
def _words_of(statement: Statement) -> _Words:
    groups: dict[int, list[int]] = {}
    roots: dict[str, list[int]] = {}
    starts: dict[str, list[int]] = {}
    sides: dict[int, list[int]] = {}
    names: list[int] = []
    for place, (term, sense) in enumerate(zip(statement.terms, statement.senses, strict=True)):
        if term.number:
            continue
        for group in sense.groups:
            groups.setdefault(group, []).append(place)
        for side in sense.sides:
            sides.setdefault(side, []).append(place)
        roots.setdefault(term.text[:ROOT_LETTERS], []).append(place)
        for start in _starts(term.surface):
            starts.setdefault(start, []).append(place)
        if statement.text[term.start].isupper():
            names.append(place)
    return _Words(groups, roots, starts, sides, tuple(names[:MAX_NAMES]))


@lru_cache(maxsize=32_768)
def _starts(surface: str) -> tuple[str, ...]:
    """Return the first letters of a word, and of what is left without a prefix that denies."""
    match = _NEGATING.match(surface)
    if match is None:
        return (surface[:3],)
    return surface[:3], surface[match.end() : match.end() + 3]


def _spelt_alike(one: Term, other: Term) -> bool:
    return Indel.normalized_similarity(one.surface, other.surface) >= SPELLING_LIKENESS


def _kin(one: str, other: str) -> bool:
    if one[:ROOT_LETTERS] != other[:ROOT_LETTERS]:
        return False
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= ROOT_SHARE * max(len(one), len(other))


def _negates(term: Term, asked: Term) -> bool:
    """Say whether one is the other with a prefix that denies it: "unsafe", "safe"."""
    longer, shorter = sorted((term.surface, asked.surface), key=len, reverse=True)
    match = _NEGATING.match(longer)
    return match is not None and (
        longer[match.end() :] == shorter
        or (
            len(shorter) > 3
            and longer[match.end() :].startswith(shorter[: max(4, len(shorter) - 2)])
        )
    )
