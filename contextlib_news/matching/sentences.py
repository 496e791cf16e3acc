"""The sentences of a page as terms, laid end to end, and what they weigh in one segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import name_flags
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.segment import Segment, fold_trigrams, term_key
from contextlib_news.matching.terms import (
    Term,
    background_probability,
    extract_terms,
    inverse_frequency,
)

__all__ = [
    "MAX_CHARACTERS",
    "WEIGHT_UNIT",
    "Sentences",
    "WeighedSentences",
    "read_sentences",
    "weigh_sentences",
]

# Of a very long sentence the start is read.
MAX_CHARACTERS = 4_000

# Weights are whole numbers of this part, so that sums do not depend on their order.
WEIGHT_UNIT = 4_096

# "#ClimateStrike2019" and "@NatGeo" are read as the words they are made of.
_TAG = re.compile(r"[#@](\w{3,60})")
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences as terms one after another: arrays by term, or by sentence."""

    texts: tuple[str, ...]
    language: str
    lengths: Integers  # terms by sentence
    begins: Integers  # the first term of a sentence
    terms: list[Term]
    keys: NDArray[np.uint64]
    first: Integers  # where in its sentence the same term stands first
    names: NDArray[np.uint8]  # written as a name
    numbers: NDArray[np.bool_]
    trigrams: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class WeighedSentences:
    """Sentences in one segment: by term its number there (-1 for none) and weight.

    Of repeated terms only the first has a weight. By sentence: the weight of its distinct terms,
    of their squares, how many there are, how many figures, and the weight of its names.
    """

    sentences: Sentences
    ids: Integers
    weights: Integers
    said: Integers
    square: Integers
    terms: Integers
    numbers: Integers
    named: Integers

    def ids_of(self, sentence: int) -> Integers:
        """Return the numbers of a sentence's terms, in order."""
        begin = int(self.sentences.begins[sentence])
        return self.ids[begin : begin + int(self.sentences.lengths[sentence])]


def read_sentences(sentences: Iterable[str], language: str | None) -> Sentences:
    """Return sentences as terms."""
    texts: list[str] = []
    terms: list[Term] = []
    lengths: list[int] = []
    names = bytearray()
    first: list[int] = []
    for sentence in sentences:
        text = sentence[:MAX_CHARACTERS]
        if "#" in text or "@" in text:
            text = _TAG.sub(lambda tag: " " + _INNER.sub(" ", tag[1]), text)
        found = extract_terms(text, language)
        texts.append(text)
        lengths.append(len(found))
        names += name_flags(found, text)
        seen: dict[str, int] = {}
        first += [seen.setdefault(term[0], place) for place, term in enumerate(found)]
        terms += found
    facts = [_facts(term[0], term[3], term[4]) for term in terms]
    sizes = np.array(lengths, np.int64)
    return Sentences(
        texts=tuple(texts),
        language=primary_tag(language),
        lengths=sizes,
        begins=np.cumsum(sizes) - sizes,
        terms=terms,
        keys=np.array([fact[0] for fact in facts], np.uint64),
        first=np.array(first, np.int64),
        names=np.frombuffer(bytes(names), np.uint8),
        numbers=np.array([term[4] for term in terms], np.bool_),
        trigrams=np.array([fact[1] for fact in facts], np.uint64),
    )


def weigh_sentences(sentences: Sentences, segment: Segment) -> WeighedSentences:
    """Return the terms of sentences with the weights that a segment gives them."""
    ids = segment.find_terms(sentences.keys)
    weights = np.zeros(len(ids), np.float64)
    known = ids >= 0
    weights[known] = segment.term_weights[ids[known]]
    total = float(segment.statistics[0])
    for place in np.flatnonzero(~known).tolist():
        _, _, _, surface, number = sentences.terms[place]
        weights[place] = _unknown_weight(surface, number, sentences.language, total)
    count = len(sentences.lengths)
    owner = np.repeat(np.arange(count), sentences.lengths)
    once = sentences.first == np.arange(len(owner)) - sentences.begins[owner]
    whole = np.where(once, np.rint(weights * WEIGHT_UNIT), 0.0)

    def by_sentence(values: NDArray[np.generic]) -> Integers:
        return np.bincount(owner, values, count).astype(np.int64)

    return WeighedSentences(
        sentences=sentences,
        ids=ids,
        weights=whole.astype(np.int64),
        said=by_sentence(whole),
        square=by_sentence(whole * whole),
        terms=by_sentence(once),
        numbers=by_sentence(sentences.numbers & once),
        named=by_sentence(whole * sentences.names),
    )


@lru_cache(maxsize=131_072)
def _facts(text: str, surface: str, number: bool) -> tuple[int, int]:
    """Return the key of a term and the trigrams of its word."""
    return term_key(text), 0 if number else fold_trigrams(surface)


@lru_cache(maxsize=65_536)
def _unknown_weight(surface: str, number: bool, language: str, total: float) -> float:
    return inverse_frequency(0.0, total, background_probability(surface, number, language))
