"""Candidates: the claims of a segment that share the most with a sentence, by BM25.

The rarest terms of the sentence are read in full; the commonest, past a bound on postings, are only
looked up for the claims that the others brought up.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.kernels import accumulate, look_up
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import WeighedSentences

__all__ = ["WEIGHT_STEPS", "Scanner"]

# Postings read for a sentence. With 1,000,000 claims twice as many found .003 more of the right
# ones among the first 20 at 1.6 times the cost, half as many .009 fewer at .8 times.
MAX_POSTINGS = 32_768

# Claims kept by the scan, before the common terms are counted in.
SCANNED = 96

# Weights are whole numbers in the scan, so that sums do not depend on their order.
WEIGHT_STEPS = 64


class Scanner:
    """Finds candidates; holds scratch memory for each thread."""

    def __init__(self) -> None:
        self._memory = threading.local()

    def page_candidates(
        self,
        segment: Segment,
        page: WeighedSentences,
        limit: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.int64]:
        """Return rows of sentence, claim and sum: the best claims of each sentence, best first."""
        count = len(page.sentences.lengths)
        owner = np.repeat(np.arange(count), page.sentences.lengths)
        place = np.arange(len(owner)) - page.sentences.begins[owner]
        chosen = (page.ids >= 0) & (page.sentences.first == place)
        terms, owner = page.ids[chosen], owner[chosen]
        counts = segment.term_counts[terms].astype(np.int64)
        order = np.lexsort((terms, counts, owner))
        terms, owner, counts = terms[order], owner[order], counts[order]
        weights = _whole_weights(segment, terms)
        starts = segment.posting_starts[terms]
        bounds = np.searchsorted(owner, np.arange(count + 1))
        claims, sums, found = accumulate(
            segment.postings, starts, counts, weights, bounds, self._scratch(len(segment)), allowed,
            MAX_POSTINGS, max(limit, SCANNED),
        )  # fmt: skip
        rows = np.stack([np.repeat(np.arange(count), found), claims, sums], axis=1)
        order = np.lexsort((rows[:, 1], -rows[:, 2], rows[:, 0]))
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(found) - found, found)
        best: NDArray[np.int64] = rows[order][rank < limit]
        return best

    def sums(
        self, segment: Segment, ids: NDArray[np.int64], claims: NDArray[np.int32]
    ) -> NDArray[np.int32]:
        """Return the sums of certain claims, in their order."""
        terms = np.unique(ids[ids >= 0])
        weights = _whole_weights(segment, terms)
        starts, ends = segment.posting_starts[terms], segment.posting_starts[terms + 1]
        return look_up(segment.postings, starts, ends, weights, claims)

    def _scratch(self, size: int) -> NDArray[np.int32]:
        memory: NDArray[np.int32] | None = getattr(self._memory, "scores", None)
        if memory is None or len(memory) < size:
            memory = self._memory.scores = np.zeros(size, np.int32)
        return memory[:size]


def _whole_weights(segment: Segment, terms: NDArray[np.int64]) -> NDArray[np.int32]:
    return np.rint(segment.term_weights[terms] * WEIGHT_STEPS).astype(np.int32)
