"""What sentence and claim share and do not share, added up for all candidates of a page at once.

A claim is looked at by each of its wordings; the one that the sentence covers best counts. Weights
of shared and missing terms are added up inside the best window of the sentence and in all of it,
because a sentence of news often makes three claims at once; over all wordings together; and over
figures, names and neighbouring words on their own.

All sums are of whole numbers, so that both ways of adding up, compiled and vectorised, give the
same result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching import pairs_compiled, pairs_vectorised
from contextlib_news.matching.build import IMPACT_LEVELS
from contextlib_news.matching.kernels import COMPILED
from contextlib_news.matching.pair_columns import CLAIMANT, COLUMNS, LIKENESS_UNIT, SHARES, TITLE
from contextlib_news.matching.retrieval import WEIGHT_STEPS
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import WEIGHT_UNIT, WeighedSentences
from contextlib_news.matching.terms import PRIOR_SENTENCES
from contextlib_news.matching.verbatim import stands_in

__all__ = ["PairSums", "add_up_pairs"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Somebody heard of more often is no better known; of a claimant's name so many words are looked at.
MOST_RENOWN = 200
NAME_TERMS = 4

# What a column counts in.
_UNITS = {
    "bm25": WEIGHT_STEPS * IMPACT_LEVELS,
    "spelled": WEIGHT_UNIT * LIKENESS_UNIT,
    "square": WEIGHT_UNIT**2,
    "square_shared": WEIGHT_UNIT**2,
    "said_square": WEIGHT_UNIT**2,
} | dict.fromkeys(
    "window_terms ordered chained numbers numbers_shared numbers_met terms whole_terms said_terms "
    "said_numbers field wording renown".split(), 1,
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(COLUMNS)}


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
        place = _PLACES.get(name)
        if place is not None:
            return self.table[:, place] / _UNITS.get(name, WEIGHT_UNIT)
        if name not in SHARES:
            raise AttributeError(name)
        return self.shares[:, SHARES.index(name)]

    @property
    def wordings(self) -> Integers:
        """The number of each pair's best wording."""
        return self.table[:, _PLACES["wording"]]

    @property
    def headlines(self) -> Floats:
        """1 where the best wording is no text and no variant."""
        return (self.table[:, _PLACES["field"]] >= TITLE).astype(np.float64)


def add_up_pairs(
    segment: Segment,
    page: WeighedSentences,
    sentences: Integers,
    claims: Integers,
    bm25: Integers,
    standing: Mapping[tuple[int, int], int],
) -> PairSums:
    """Return the sums of pairs: the number of a sentence, a claim of the segment, its BM25 sum.

    ``standing`` has the wordings that stand in a sentence word for word, by sentence and claim.
    """
    known = known_terms(page, len(segment.term_keys) + 1)
    work = pairs_compiled.add_up if COMPILED else pairs_vectorised.add_up
    table, shares = work(segment, page, known, sentences, claims)
    column = _PLACES
    table[:, column["bm25"]] = bm25
    for name, sums in (
        ("said", page.said), ("said_square", page.square), ("said_terms", page.terms),
        ("said_numbers", page.numbers), ("said_names", page.named),
    ):  # fmt: skip
        table[:, column[name]] = sums[sentences]
    table[:, column["renown"]] = claimant_renown(segment, claims)
    covered = table[:, column["shared"]] == table[:, column["mass"]]
    answered = table[:, column["heaviest_unanswered"]] == 0
    verbatim = np.zeros(len(claims), np.bool_)
    for pair in np.flatnonzero(covered | answered).tolist():
        sentence, claim = sentences.item(pair), claims.item(pair)
        wording = table.item(pair, column["wording"])
        verbatim[pair] = stands_in(segment, page, sentence, claim, wording)
    for pair, place in enumerate(zip(sentences.tolist(), claims.tolist(), strict=True)):
        wording = standing.get(place, -1)
        if wording >= 0:
            verbatim[pair] = True
            table[pair, column["wording"]] = wording
    return PairSums(table, shares, verbatim)


def claimant_renown(segment: Segment, claims: Integers) -> Integers:
    """Return how often the claimants of claims are heard of, 0..MOST_RENOWN, 0 where there is none.

    It is the number of claims that hold the rarest word of the name, with the background's counts
    blended in as for all weights, so that an index cut in two or grown large gives the same.
    """
    last = segment.claim_wordings[claims + 1].astype(np.int64) - 1
    first = segment.wording_starts[last].astype(np.int64)
    lengths = segment.wording_starts[last + 1] - first
    rarest = np.zeros(len(claims))
    for place in range(NAME_TERMS):
        at = np.minimum(first + place, len(segment.wording_terms) - 1)
        weights = segment.term_weights[segment.wording_terms[at]].astype(np.float64)
        rarest = np.maximum(rarest, np.where(place < lengths, weights, 0.0))
    heard = np.exp(-rarest) * (float(segment.statistics[0]) + PRIOR_SENTENCES)
    named = (segment.wording_field[last] == CLAIMANT) & (lengths > 0)
    return np.rint(np.where(named, np.clip(heard, 1, MOST_RENOWN), 0)).astype(np.int64)


def known_terms(page: WeighedSentences, span: int) -> tuple[Integers, Integers]:
    """Return the words of the page that the segment holds: sorted keys, and where they first stand.

    A key is the number of the sentence times ``span`` plus that of the term.
    """
    (known,) = np.nonzero((page.ids >= 0) & page.sentences.once)
    keys = page.sentences.owner[known] * span + page.ids[known]
    order = np.argsort(keys)
    return keys[order], page.sentences.places[known[order]]
