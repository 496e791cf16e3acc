"""Candidates: the claims of a segment that share the most with a sentence, by BM25.

The rarest terms of the sentence are read in full; the commonest, past a bound on postings, are only
looked up for the claims that the others brought up.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching import scan_compiled, scan_vectorised
from contextlib_news.matching.kernels import COMPILED
from contextlib_news.matching.scan import plan_lists
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import WeighedSentences

__all__ = ["WEIGHT_STEPS", "Scanner"]

# Postings read for a sentence, at least. With 1,000,000 claims twice as many find .005 more of 2B's
# claims among the first 20, at the same cost compiled and half as much again with numpy alone.
MIN_POSTINGS = 32_768

# Larger databases have longer lists: with 4,000,000 claims .954 of noisy copies were among the
# first ten with as many as above, and are .975 with one for so many claims, for a quarter more.
CLAIMS_A_POSTING = 32

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
        chosen = (page.ids >= 0) & page.sentences.once
        terms, owner = page.ids[chosen], page.sentences.owner[chosen]
        counts = segment.term_counts[terms]
        order = np.lexsort((terms, counts, owner))
        terms, owner = terms[order], owner[order]
        lists = plan_lists(
            segment.postings,
            segment.posting_starts[terms],
            segment.posting_starts[terms + 1],
            _whole_weights(segment, terms),
            np.searchsorted(owner, np.arange(len(page.sentences.lengths) + 1)),
            max(MIN_POSTINGS, len(segment) // CLAIMS_A_POSTING),
        )
        scan = scan_compiled.scan if COMPILED else scan_vectorised.scan
        return scan(lists, self._levels(len(segment)), allowed, max(limit, SCANNED), limit)

    def sums(
        self, segment: Segment, ids: NDArray[np.int64], claims: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the sums of certain claims, in their order."""
        terms = np.unique(ids[ids >= 0])
        starts, ends = segment.posting_starts[terms], segment.posting_starts[terms + 1]
        weights = _whole_weights(segment, terms)
        return scan_vectorised.look_up(segment.postings, starts, ends, weights, claims)

    def _levels(self, size: int) -> NDArray[np.uint8]:
        memory: NDArray[np.uint8] | None = getattr(self._memory, "levels", None)
        if memory is None or len(memory) < size:
            memory = self._memory.levels = np.zeros(size, np.uint8)
        return memory[:size]


def _whole_weights(segment: Segment, terms: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.rint(segment.term_weights[terms] * WEIGHT_STEPS).astype(np.int64)
