"""The sentences of a page as terms, laid end to end, and what they weigh in one segment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import name_flags
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.normalize import MAX_TOKENS
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.terms import (
    COMPOUND,
    Word,
    background_probability,
    inverse_frequency,
    read_words,
    split_word,
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
    owner: Integers  # the sentence of a term
    places: Integers  # its place there
    once: NDArray[np.bool_]  # whether it stands there for the first time
    words: list[Word]
    keys: NDArray[np.uint64]
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


def read_sentences(
    sentences: Iterable[str], language: str | None, segments: Sequence[Segment] = ()
) -> Sentences:
    """Return sentences as terms.

    An English word that neither the frequency list nor a claim of ``segments`` knows is read as the
    two well-known words that it is made of, if it is.
    """
    texts: list[str] = []
    read: list[tuple[list[Word], bool]] = []
    for sentence in sentences:
        text = sentence[:MAX_CHARACTERS]
        if "#" in text or "@" in text:
            text = _TAG.sub(lambda tag: " " + _INNER.sub(" ", tag[1]), text)
        texts.append(text)
        read.append(read_words(text, language))
    if segments:
        _split_unknown(read, segments)
    words: list[Word] = []
    lengths: list[int] = []
    names = bytearray()
    for found, opens in read:
        lengths.append(len(found))
        names += name_flags(found, opens)
        words += found
    sizes = np.array(lengths, np.int64)
    begins = np.cumsum(sizes) - sizes
    owner = np.repeat(np.arange(len(sizes)), sizes)
    keys = np.array([word[5] for word in words], np.uint64)
    # A stable order, so that of equal terms of a sentence the first stays first.
    order = np.lexsort((keys, owner))
    repeated = (np.diff(owner[order]) == 0) & (np.diff(keys[order]) == 0)
    once = np.ones(len(words), np.bool_)
    once[order[1:][repeated]] = False
    return Sentences(
        texts=tuple(texts),
        language=primary_tag(language),
        lengths=sizes,
        begins=begins,
        owner=owner,
        places=np.arange(len(words)) - begins[owner],
        once=once,
        words=words,
        keys=keys,
        names=np.frombuffer(bytes(names), np.uint8),
        numbers=np.array([word[2] for word in words], np.bool_),
        trigrams=np.array([word[6] for word in words], np.uint64),
    )


def _split_unknown(read: list[tuple[list[Word], bool]], segments: Sequence[Segment]) -> None:
    """Split the compounds that are in no claim, in place, to at most MAX_TOKENS words each."""
    compounds = [
        (number, word.key)
        for number, (words, _) in enumerate(read)
        for word in words
        if word[3] == COMPOUND
    ]
    if not compounds:
        return
    keys = np.array([key for _, key in compounds], np.uint64)
    unknown = np.logical_and.reduce([segment.find_terms(keys) < 0 for segment in segments])
    split = [compound for compound, new in zip(compounds, unknown.tolist(), strict=True) if new]
    new = {key for _, key in split}
    for number in {number for number, _ in split}:
        words, opens = read[number]
        parts = [split_word(w) if w[3] == COMPOUND and w.key in new else (w,) for w in words]
        read[number] = list(chain.from_iterable(parts))[:MAX_TOKENS], opens


def weigh_sentences(sentences: Sentences, segment: Segment) -> WeighedSentences:
    """Return the terms of sentences with the weights that a segment gives them."""
    ids = segment.find_terms(sentences.keys)
    weights = np.zeros(len(ids), np.float64)
    known = ids >= 0
    weights[known] = segment.term_weights[ids[known]]
    total = float(segment.statistics[0])
    for place in np.flatnonzero(~known).tolist():
        word = sentences.words[place]
        weights[place] = _unknown_weight(word.surface, word.number, sentences.language, total)
    count = len(sentences.lengths)
    owner, once = sentences.owner, sentences.once
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


@lru_cache(maxsize=16_384)
def _unknown_weight(surface: str, number: bool, language: str, total: float) -> float:
    return inverse_frequency(0.0, total, background_probability(surface, number, language))
