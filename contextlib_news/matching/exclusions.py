"""Wordings that look like a claim and are not it: what a curator has ruled out stays out.

An exclusion holds for the wording itself, for near copies of it (another order, a word changed, a
slip of the pen) and for a longer sentence that says it. It never holds for a sentence with other
figures, other names or another number of negations, which says something else; nor for one that is
closer to the claim than to what was ruled out, or that also says the claim word for word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from contextlib_news.matching.negations import find_negations
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.terms import extract_terms
from contextlib_news.matching.unspaced import is_unspaced
from contextlib_news.models import Claim

__all__ = ["is_excluded"]

# Shorter exclusions hold for a sentence that has the same terms and no others.
LEAST_HELD = 3

# An exclusion of this many terms may miss one of them, or one in so many of a long one.
LEAST_CHANGED = 4
CHANGED_SHARE = 7

# Words of this many letters that differ in one are taken for spellings of one.
SPELLED_LETTERS = 5

# Words without a meaning of their own that belong to a statement on either side of its terms:
# "no bridge", "not the bridge", and "nicht" at the end.
EDGE_WORDS = 2

MAX_CACHED = 1_024

# Figures in words: they tell statements apart as digits do.
_NUMBER_WORDS = frozenset(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions trillion dozen dozens "
    "half twice first second third".split()
)
_DIGITS = {
    word: f"#{number}"
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_HAN_NUMBERS = re.compile("[一二三四五六七八九十百千万萬亿億两兩]")

# What parts a statement from the figures and negations beside it: "No: 5 January 2022 - ...".
_BREAK = re.compile("[,:;.!?\\n–—―|(){}\\[\\]]|\\s-+\\s")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as its terms, with where they stand, and what tells statements apart."""

    text: str
    words: tuple[str, ...]
    word_starts: tuple[int, ...]
    terms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    counts: Counter[str]
    named: frozenset[str]  # terms written with a capital
    figures: frozenset[str]
    numerals: tuple[int, ...]  # where figures stand that are no terms
    negations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where a sentence says an exclusion: its first and last term, and how many they share."""

    first: int
    last: int
    shared: int


def is_excluded(claim: Claim, sentence: str) -> bool:
    """Say whether a curator ruled this wording, or a near copy of it, out for the claim.

    The exclusions' own figures, names and negations must be those of the sentence where it says
    them. The claim's text or variant, word for word, is only excluded where an exclusion is just
    that text, or holds it in a longer wording that the sentence repeats.
    """
    said = _read(sentence, claim.language)
    for exclusion in claim.exclusions:
        ruled_out = _read(exclusion, claim.language)
        if not ruled_out.terms:
            if said.words and said.words == ruled_out.words:
                return True
            continue
        stretch = _find(said, ruled_out)
        if stretch is not None and not _is_claim(claim, said, ruled_out, stretch):
            return True
    return False


def _is_claim(claim: Claim, said: _Text, ruled_out: _Text, stretch: _Stretch) -> bool:
    """Say whether a sentence is about the claim all the same, by its wordings.

    A wording that is itself ruled out speaks for nothing.
    """
    likeness = _likeness(said, ruled_out, stretch.shared)
    for wording in (claim.text, *claim.variants):
        own = _read(wording, claim.language)
        if own.terms == ruled_out.terms and len(own.negations) == len(ruled_out.negations):
            continue
        if _stands_apart(said, own, stretch):
            return True
        spelled = _spellings(said, own)
        shared = (Counter(spelled.get(term, term) for term in said.terms) & own.counts).total()
        if _likeness(said, own, shared) >= likeness:
            return True
    return False


def _likeness(said: _Text, other: _Text, shared: int) -> float:
    """Return the share of terms that two texts have in common (Dice, 0..1)."""
    return 2 * shared / (len(said.terms) + len(other.terms))


def _stands_apart(said: _Text, own: _Text, stretch: _Stretch) -> bool:
    """Say whether a wording stands in a sentence word for word, in or beyond another stretch."""
    size = len(own.words)
    if not own.terms or size > len(said.words):
        return False
    for place in range(len(said.words) - size + 1):
        if said.words[place] == own.words[0] and said.words[place : place + size] == own.words:
            first = bisect_left(said.starts, said.word_starts[place])
            ends_before = place + size < len(said.words)
            end = said.word_starts[place + size] if ends_before else len(said.text)
            last = bisect_left(said.starts, end) - 1
            if first < stretch.first or last > stretch.last:
                return True
    return False


def _find(said: _Text, ruled_out: _Text) -> _Stretch | None:
    """Return where a sentence says an exclusion or a near copy of it, None where it does not."""
    size = len(ruled_out.terms)
    missing = ruled_out.counts.keys() - said.counts.keys()
    if len(missing) > size // 2 or (size < LEAST_HELD and len(said.terms) != size):
        return None
    allowed = 0 if size < LEAST_CHANGED else max(1, size // CHANGED_SHARE)
    spelled = _spellings(said, ruled_out)
    terms = [spelled.get(term, term) for term in said.terms] if spelled else said.terms
    places = [place for place, term in enumerate(terms) if term in ruled_out.counts]
    width = size + max(1, size // 3)
    for number, first in enumerate(places):
        inside = places[number : bisect_left(places, first + width)]
        if len(inside) < size - allowed:
            continue
        left = dict(ruled_out.counts)
        last = first
        for place in inside:
            if left[terms[place]]:
                left[terms[place]] -= 1
                last = place
        lacking = [term for term, count in left.items() if count]
        shared = size - sum(left.values())
        stretch = _Stretch(first, last, shared)
        if shared >= size - allowed and _agree(said, ruled_out, stretch, lacking):
            return stretch
    return None


def _agree(said: _Text, ruled_out: _Text, stretch: _Stretch, lacking: list[str]) -> bool:
    """Say whether a stretch has the figures, names and negations of an exclusion."""
    if any(term in ruled_out.named or term in ruled_out.figures for term in lacking):
        return False
    first, last = stretch.first, stretch.last
    # What stands for a word that is lacking may stand at the edge, with its "no" beside it.
    for _ in lacking:
        first -= first > 0 and _joined(said, first - 1)
        last += last + 1 < len(said.terms) and _joined(said, last)
    while first > 0 and said.terms[first - 1] in said.figures and _joined(said, first - 1):
        first -= 1
    while last + 1 < len(said.terms) and said.terms[last + 1] in said.figures:
        if not _joined(said, last):
            break
        last += 1
    start, end = said.starts[first], said.ends[last]
    figures = {term for term in said.terms[first : last + 1] if term in said.figures}
    figures |= {said.text[place] for place in said.numerals if start <= place < end}
    wanted = ruled_out.figures | {ruled_out.text[place] for place in ruled_out.numerals}
    negated = _negations(ruled_out, 0, len(ruled_out.terms) - 1)
    return figures == wanted and _negations(said, first, last) == negated


def _joined(said: _Text, place: int) -> bool:
    """Say whether nothing parts a term from the one that follows it."""
    between = said.text[said.ends[place] : said.starts[place + 1]]
    return _BREAK.search(between) is None


def _negations(said: _Text, first: int, last: int) -> int:
    """Return how many negations stand between two terms or close beside them."""
    start, end = said.starts[first], said.ends[last]
    word = bisect_left(said.word_starts, start)
    begin = said.word_starts[max(0, word - EDGE_WORDS)] if word < len(said.words) else start
    if first:
        begin = max(begin, said.ends[first - 1])
    for found in _BREAK.finditer(said.text, begin, start):
        begin = found.end()
    word = bisect_left(said.word_starts, end) + EDGE_WORDS
    until = said.word_starts[word] if word < len(said.words) else len(said.text)
    if last + 1 < len(said.starts):
        until = min(until, max(end, said.starts[last + 1]))
    if mark := _BREAK.search(said.text, end, until):
        until = mark.start()
    return bisect_left(said.negations, until) - bisect_left(said.negations, begin)


def _spellings(said: _Text, other: _Text) -> dict[str, str]:
    """Return terms of a sentence that spell a term of the other text in another way."""
    missing = [term for term in other.counts if term not in said.counts]
    found: dict[str, str] = {}
    for term in missing:
        if len(term) < SPELLED_LETTERS or term in other.figures:
            continue
        for mine in said.counts:
            if (
                abs(len(mine) - len(term)) <= 1
                and len(mine) >= SPELLED_LETTERS
                and mine not in said.figures
                and mine not in other.counts
                and Levenshtein.distance(mine, term, score_cutoff=1) <= 1
            ):
                found.setdefault(mine, term)
                break
    return found


@lru_cache(maxsize=MAX_CACHED)
def _read(text: str, language: str | None) -> _Text:
    tokens = tokenize(text, language)
    negations = find_negations(text, tokens, language)
    apart = frozenset(negations)
    found = [
        (_DIGITS.get(term.surface, term.text), term)
        for term in extract_terms(text, language)
        if term.start not in apart or is_unspaced(term.text)
    ]
    return _Text(
        text=text,
        words=tuple(token.text for token in tokens),
        word_starts=tuple(token.start for token in tokens),
        terms=tuple(name for name, _ in found),
        starts=tuple(term.start for _, term in found),
        ends=tuple(term.end for _, term in found),
        counts=Counter(name for name, _ in found),
        named=frozenset(name for name, term in found if text[term.start].isupper()),
        figures=frozenset(
            name for name, term in found if term.number or term.surface in _NUMBER_WORDS
        ),
        numerals=tuple(match.start() for match in _HAN_NUMBERS.finditer(text)),
        negations=negations,
    )
