"""Which words stand for each other, and which cannot both hold. English.

Two tables in ``contextlib_news/data`` that can be read and extended by hand: ``synonyms.txt`` and
``opposites.txt``. A thesaurus was left out: WordNet puts a word into so many senses that "The bank
closed" and "The shore shut" would say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contextlib_news.matching.terms import Term, extract_terms

__all__ = ["NO_SENSE", "Sense", "find_senses"]

MAX_PHRASE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word may stand for: groups of synonyms, and sides of pairs of opposites.

    A side is ``2 * pair`` or ``2 * pair + 1``; its opposite differs in the last bit. ``phrase``
    holds the words of a phrase that the word begins ("laid off"), empty for a single word.
    """

    groups: frozenset[int] = frozenset()
    sides: frozenset[int] = frozenset()
    phrase: str = ""

    def means(self, other: Sense) -> bool:
        """Say whether both can stand for one thing."""
        return not self.groups.isdisjoint(other.groups)

    def opposes(self, other: Sense) -> bool:
        """Say whether both cannot hold of one thing."""
        return any(side ^ 1 in other.sides for side in self.sides)


NO_SENSE = Sense()


def find_senses(text: str, terms: Sequence[Term]) -> tuple[Sense, ...]:
    """Return the sense of each term of a text; a phrase counts for the first term inside it."""
    single, phrases = _tables()
    senses = [single.get(term.text, NO_SENSE) for term in terms]
    starts: dict[int, int] = {}
    for start, end in _phrase_spans(text, phrases):
        starts = starts or {term.start: number for number, term in enumerate(terms)}
        inside = next((starts[i] for i in range(start, end) if i in starts), None)
        if inside is not None:
            senses[inside] = phrases[tuple(text[start:end].lower().split())]
    return tuple(senses)


def _phrase_spans(text: str, phrases: dict[tuple[str, ...], Sense]) -> Iterator[tuple[int, int]]:
    firsts = _first_words()
    words = text.lower().split(" ")
    place = 0
    for number, word in enumerate(words):
        if word in firsts:
            if number + 1 == len(words) or _bare(words[number + 1]) not in firsts[word]:
                place += len(word) + 1
                continue
            for length in range(min(MAX_PHRASE_WORDS, len(words) - number), 1, -1):
                candidate = (
                    *words[number : number + length - 1],
                    _bare(words[number + length - 1]),
                )
                if candidate in phrases:
                    yield place, place + sum(map(len, candidate)) + length - 1
                    break
        place += len(word) + 1


def _bare(word: str) -> str:
    return word.rstrip(".,;:!?’'\"”)")


@cache
def _tables() -> tuple[dict[str, Sense], dict[tuple[str, ...], Sense]]:
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    sides: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, row in enumerate(_rows("synonyms.txt")):
        for entry in _entries(row):
            groups[entry].add(number)
    for number, row in enumerate(_rows("opposites.txt")):
        for side, words in enumerate(row.split("|")):
            for entry in _entries(words):
                sides[entry].add(2 * number + side)
    single: dict[str, Sense] = {}
    phrases: dict[tuple[str, ...], Sense] = {}
    for entry in sorted({*groups, *sides}):
        sense = Sense(frozenset(groups[entry]), frozenset(sides[entry]), "")
        if len(entry) > 1:
            phrases[entry] = Sense(sense.groups, sense.sides, " ".join(entry))
            continue
        for term in extract_terms(entry[0])[:1]:
            known = single.get(term.text, NO_SENSE)
            single[term.text] = Sense(known.groups | sense.groups, known.sides | sense.sides)
    return single, phrases


@cache
def _first_words() -> dict[str, frozenset[str]]:
    """Return the words that begin a phrase, each with those that go on with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in _tables()[1]:
        found[entry[0]].add(entry[1])
    return {word: frozenset(seconds) for word, seconds in found.items()}


def _rows(name: str) -> list[str]:
    text = (files("contextlib_news.data") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _entries(row: str) -> Iterator[tuple[str, ...]]:
    for entry in row.split(","):
        words = tuple(entry.split())
        if words:
            yield words
