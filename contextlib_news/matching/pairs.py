"""What sentence and claim share and do not share, added up for all candidates of a page at once.

A claim is looked at by each of its wordings; the one that the sentence covers best counts. Weights
of shared and missing terms are added up inside the best window of the sentence and in all of it,
because a sentence of news often makes three claims at once; over all wordings together; and over
figures, names and neighbouring words on their own.

All sums are of whole numbers, so that both ways of adding up, compiled and vectorised, give the
same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching import pairs_compiled, pairs_vectorised
from contextlib_news.matching.build import IMPACT_LEVELS
from contextlib_news.matching.kernels import COMPILED
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.pair_columns import COLUMNS, LIKENESS_UNIT, SHARES, TITLE
from contextlib_news.matching.retrieval import WEIGHT_STEPS
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import WEIGHT_UNIT, WeighedSentences

__all__ = ["PairSums", "add_up_pairs"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# What a column counts in.
_UNITS = {
    "bm25": WEIGHT_STEPS * IMPACT_LEVELS,
    "spelled": WEIGHT_UNIT * LIKENESS_UNIT,
    "square": WEIGHT_UNIT**2,
    "square_shared": WEIGHT_UNIT**2,
    "said_square": WEIGHT_UNIT**2,
}
_COUNTS = {
    "window_terms", "ordered", "chained", "numbers", "numbers_shared", "numbers_met", "terms",
    "whole_terms", "said_terms", "said_numbers", "field", "wording",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums by pair: ``table`` is pairs x COLUMNS, ``shares`` pairs x SHARES (0..1)."""

    table: Integers
    shares: Floats
    verbatim: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[PairSums]) -> PairSums:
        """Return the sums of several segments one after another."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.table for part in parts]),
            np.concatenate([part.shares for part in parts]),
            np.concatenate([part.verbatim for part in parts]),
        )

    def __getattr__(self, name: str) -> Floats:
        """Return a column by its name: weights of terms, counts or shares."""
        if name in SHARES:
            return self.shares[:, SHARES.index(name)]
        if name not in COLUMNS:
            raise AttributeError(name)
        column = self.table[:, COLUMNS.index(name)]
        return column / (1 if name in _COUNTS else _UNITS.get(name, WEIGHT_UNIT))

    @property
    def wordings(self) -> Integers:
        """The number of each pair's best wording."""
        return self.table[:, COLUMNS.index("wording")]

    @property
    def headlines(self) -> Floats:
        """1 where the best wording is no text and no variant."""
        return (self.table[:, COLUMNS.index("field")] >= TITLE).astype(np.float64)


def add_up_pairs(
    segment: Segment, page: WeighedSentences, sentences: Integers, claims: Integers, bm25: Integers
) -> PairSums:
    """Return the sums of pairs: the number of a sentence, a claim of the segment, its BM25 sum."""
    known = known_terms(page, len(segment.term_keys) + 1)
    work = pairs_compiled.add_up if COMPILED else pairs_vectorised.add_up
    table, shares = work(segment, page, known, sentences, claims)
    column = {name: place for place, name in enumerate(COLUMNS)}
    table[:, column["bm25"]] = bm25
    for name, sums in (
        ("said", page.said), ("said_square", page.square), ("said_terms", page.terms),
        ("said_numbers", page.numbers), ("said_names", page.named),
    ):  # fmt: skip
        table[:, column[name]] = sums[sentences]
    covered = table[:, column["shared"]] == table[:, column["mass"]]
    answered = table[:, column["heaviest_unanswered"]] == 0
    verbatim = covered | answered
    for pair in np.flatnonzero(verbatim).tolist():
        wording = int(table[pair, column["wording"]])
        said = segment.wording_terms[
            segment.wording_starts[wording] : segment.wording_starts[wording + 1]
        ]
        ids = page.ids_of(int(sentences[pair]))
        verbatim[pair] = _stands_in(ids, said) or (
            bool(covered[pair])
            and 1 < len(said) < VERBATIM_TERMS
            and _stands_in_words(
                page.sentences.texts[sentences[pair]],
                segment.wording(int(claims[pair]), wording) or "",
            )
        )
    return PairSums(table, shares, verbatim)


def known_terms(page: WeighedSentences, span: int) -> tuple[Integers, Integers]:
    """Return the words of the page that the segment holds: sorted keys, and where they first stand.

    A key is the number of the sentence times ``span`` plus that of the term.
    """
    (known,) = np.nonzero(page.ids >= 0)
    owner = np.repeat(np.arange(len(page.sentences.lengths)), page.sentences.lengths)[known]
    keys, index = np.unique(owner * span + page.ids[known], return_index=True)
    return keys, known[index] - page.sentences.begins[owner[index]]


# A sequence of terms this long, one inside the other, is the same wording; of a shorter one all
# words must stand there, stop words among them.
VERBATIM_TERMS = 4
VERBATIM_WORDS = 3


def _stands_in(ids: Integers, wording: NDArray[np.int32]) -> bool:
    """Say whether one sequence of terms stands in the other without a gap."""
    sentence = ids.tolist()
    if min(len(sentence), len(wording)) < VERBATIM_TERMS:
        return sentence == wording.tolist() and bool(sentence)
    one = " ".join(map(str, sentence))
    other = " ".join(map(str, wording.tolist()))
    return f" {other} " in f" {one} " or (-1 not in sentence and f" {one} " in f" {other} ")


def _stands_in_words(sentence: str, wording: str) -> bool:
    """Say whether a short wording stands in a sentence with all its words."""
    words = [token.text for token in tokenize(wording)]
    said = " ".join(token.text for token in tokenize(sentence))
    return len(words) >= VERBATIM_WORDS and f" {' '.join(words)} " in f" {said} "
