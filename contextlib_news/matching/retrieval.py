"""Candidates: the claims of a segment that share the most with a sentence, by BM25.

The rarest terms of the sentence are read in full; the commonest, past a bound on postings, are only
looked up for the claims that the others brought up.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import name_flags
from contextlib_news.matching.kernels import accumulate
from contextlib_news.matching.segment import Segment, fold_trigrams, term_key
from contextlib_news.matching.terms import (
    Term,
    background_probability,
    extract_terms,
    inverse_frequency,
)

__all__ = ["Query", "Scanner", "WeighedQuery", "read_query", "weigh_query"]

# Postings read for a sentence; a bound on its cost that 1,000,000 claims reach.
MAX_POSTINGS = 65_536

# Claims kept by the scan, before the common terms are counted in.
SCANNED = 96

# Weights are whole numbers in the scan, so that sums do not depend on their order.
WEIGHT_STEPS = 64

MAX_CHARACTERS = 4_000

# "#ClimateStrike2019" and "@NatGeo" are read as the words they are made of.
_TAG = re.compile(r"[#@](\w{3,60})")
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")


@dataclass(frozen=True, slots=True)
class Query:
    """A sentence as terms with their keys, by position."""

    text: str
    language: str
    terms: tuple[Term, ...]
    keys: NDArray[np.uint64]
    names: NDArray[np.uint8]
    numbers: NDArray[np.bool_]
    trigrams: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class WeighedQuery:
    """A query's term numbers (-1 for unknown ones) and weights in one segment, by position."""

    query: Query
    ids: NDArray[np.int64]
    weights: NDArray[np.float64]


def read_query(sentence: str, language: str | None) -> Query:
    """Return a sentence as terms; of a very long one the start."""
    text = _TAG.sub(lambda tag: " " + _INNER.sub(" ", tag[1]), sentence[:MAX_CHARACTERS])
    terms = extract_terms(text, language)
    return Query(
        text=text,
        language=(language or "en").split("-")[0].lower(),
        terms=tuple(terms),
        keys=np.array([term_key(term.text) for term in terms], np.uint64),
        names=np.frombuffer(name_flags(terms, text), np.uint8),
        numbers=np.array([term.number for term in terms], np.bool_),
        trigrams=np.array(
            [0 if term.number else fold_trigrams(term.surface) for term in terms], np.uint64
        ),
    )


def weigh_query(query: Query, segment: Segment) -> WeighedQuery:
    """Return the terms of a query with the weights that a segment gives them."""
    ids = segment.find_terms(query.keys)
    weights = np.zeros(len(ids), np.float64)
    known = ids >= 0
    weights[known] = segment.term_weights[ids[known]]
    total = float(segment.statistics[0])
    for place in np.flatnonzero(~known):
        term = query.terms[place]
        probability = background_probability(term.surface, term.number, query.language)
        weights[place] = inverse_frequency(0.0, total, probability)
    return WeighedQuery(query, ids, weights)


class Scanner:
    """Finds candidates; holds scratch memory for each thread."""

    def __init__(self) -> None:
        self._memory = threading.local()

    def candidates(
        self,
        segment: Segment,
        ids: Sequence[int] | NDArray[np.int64],
        limit: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the numbers of the best claims for term numbers, best first, and their sums."""
        terms, weights = _rarest_first(segment, ids)
        if not len(terms):
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        counts = np.cumsum(segment.term_counts[terms], dtype=np.int64)
        read = max(1, int(np.searchsorted(counts, MAX_POSTINGS, "right")))
        spans = np.stack([segment.posting_starts[terms], segment.posting_starts[terms + 1]], axis=1)
        claims, sums = accumulate(
            segment.postings,
            spans[:read],
            weights[:read],
            self._scratch(len(segment)),
            allowed,
            max(limit, SCANNED) if read < len(terms) else limit,
        )
        if read < len(terms) and len(claims):
            sums = sums + _look_up(segment, terms[read:], weights[read:], claims)
            order = np.lexsort((claims, -sums))[:limit]
            claims, sums = claims[order], sums[order]
        return claims, sums.astype(np.int32)

    def sums(
        self, segment: Segment, ids: NDArray[np.int64], claims: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """Return the sums of certain claims, in their order."""
        return _look_up(segment, *_rarest_first(segment, ids), claims)

    def _scratch(self, size: int) -> NDArray[np.int32]:
        memory: NDArray[np.int32] | None = getattr(self._memory, "scores", None)
        if memory is None or len(memory) < size:
            memory = self._memory.scores = np.zeros(size, np.int32)
        return memory[:size]


def _rarest_first(
    segment: Segment, ids: Sequence[int] | NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the known terms among ids, each once and the rarest first, and their weights."""
    terms = np.unique(np.asarray(ids, np.int64))
    terms = terms[terms >= 0]
    terms = terms[np.lexsort((terms, segment.term_counts[terms]))]
    return terms, np.rint(segment.term_weights[terms] * WEIGHT_STEPS).astype(np.int32)


def _look_up(
    segment: Segment,
    terms: NDArray[np.int64],
    weights: NDArray[np.int32],
    claims: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Return what terms add to the sums of certain claims."""
    sums = np.zeros(len(claims), np.int32)
    wanted = claims.astype(np.uint32) << np.uint32(8)
    starts, ends = segment.posting_starts[terms], segment.posting_starts[terms + 1]
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
        posted = segment.postings[start:end]
        found = posted[np.minimum(np.searchsorted(posted, wanted), len(posted) - 1)]
        hit = (found >> np.uint32(8)) == claims.astype(np.uint32)
        sums += np.where(hit, (found & 255).astype(np.int32) * weight, 0)
    return sums
