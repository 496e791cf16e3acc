"""The order of claims for a sentence: by value, and of equal values by the claim's id.

In one segment claims stand in order of their ids; those of several are put so here, so that a
changed index answers in the order of one built anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.segment import Segment

__all__ = ["bounded", "order_of", "ranks_of"]

Integers = NDArray[np.int64]


def order_of(
    segments: Sequence[Segment],
    sentences: Integers,
    numbers: Integers,
    claims: Integers,
    values: NDArray[np.int64] | NDArray[np.float64],
) -> Integers:
    """Return the order of rows of sentence, segment, claim and value: the highest values first."""
    order = np.lexsort((claims, -values, sentences))
    if len(segments) == 1 or len(order) < 2:
        return order
    beside = (np.diff(sentences[order]) == 0) & (np.diff(values[order]) == 0)
    tied = order[np.append(beside, False) | np.append(False, beside)]
    ids = [segments[numbers[row]].claim_id(claims.item(row)) for row in tied.tolist()]
    places = {claim_id: place for place, claim_id in enumerate(sorted(ids))}
    ranks = np.zeros(len(order), np.int64)
    ranks[tied] = [places[claim_id] for claim_id in ids]
    return np.lexsort((ranks, -values, sentences))


def ranks_of(sentences: Integers) -> Integers:
    """Return for rows in order of their sentences the place of each among those of its sentence."""
    begins = np.flatnonzero(np.diff(sentences, prepend=-1))
    counts = np.diff(np.append(begins, len(sentences)))
    return np.arange(len(sentences)) - np.repeat(begins, counts)


def bounded(sentences: Integers, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores of rows in order, none above that of the row before in its sentence.

    A claim that fits a sentence less than another cannot be the likelier one of the two.
    """
    ranks = ranks_of(sentences)
    scores = scores.copy()
    for rank in range(1, int(ranks.max(initial=0)) + 1):
        (rows,) = np.nonzero(ranks == rank)
        scores[rows] = np.minimum(scores[rows], scores[rows - 1])
    return scores
