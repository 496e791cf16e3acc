"""The inner loops of retrieval and scoring, compiled by numba where it is installed, else in numpy.

Both give the same result: sums of integers, and ties broken by the claim's number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMPILED", "accumulate", "add_leaves"]

# An option: results are the same without it.
numba: Any
try:
    import numba
except ImportError:
    numba = None

COMPILED = numba is not None

Integers = NDArray[np.int32]


def accumulate(
    postings: NDArray[np.uint32],
    spans: NDArray[np.int64],
    weights: Integers,
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    limit: int,
) -> tuple[Integers, Integers]:
    """Return the ``limit`` claims with the highest sum of weight times impact, and the sums.

    ``spans`` holds start and end of each term's postings, ``scores`` is a scratch array of zeros
    over all claims, given back as zeros; ``allowed`` masks claims.
    """
    work = _accumulate_compiled if COMPILED else _accumulate_numpy
    claims, sums = work(postings, spans, weights, scores, allowed, limit)
    order = np.lexsort((claims, -sums))[:limit]
    return claims[order], sums[order]


def _accumulate_numpy(
    postings: NDArray[np.uint32],
    spans: NDArray[np.int64],
    weights: Integers,
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    limit: int,
) -> tuple[Integers, Integers]:
    lists = []
    for (start, end), weight in zip(spans.tolist(), weights.tolist(), strict=True):
        posted = postings[start:end]
        claims = (posted >> 8).astype(np.int32)
        scores[claims] += (posted & 255).astype(np.int32) * np.int32(weight)
        lists.append(claims)
    touched = np.concatenate(lists)
    sums = scores[touched]
    if allowed is not None:
        sums = np.where(allowed[touched], sums, 0)
    # A claim stands here once for each of its lists; the cut leaves room for that.
    room = limit * len(lists)
    if len(sums) > room:
        cut = np.partition(sums, len(sums) - room)[len(sums) - room]
        kept = sums >= max(cut, 1)
    else:
        kept = sums > 0
    found = np.unique(touched[kept])
    found_sums = scores[found]
    scores[touched] = 0
    return found, found_sums


def _add_up(
    postings: Any, spans: Any, weights: Any, scores: Any, touched: Any, allowed: Any, limit: Any
) -> Any:
    count = 0
    for i in range(len(weights)):
        weight = weights[i]
        for j in range(spans[i, 0], spans[i, 1]):
            posted = postings[j]
            claim = posted >> np.uint32(8)
            if scores[claim] == 0:
                touched[count] = claim
                count += 1
            scores[claim] += weight * np.int32(posted & np.uint32(255))
    highest = 0
    for i in range(count):
        claim = touched[i]
        if len(allowed) > 0 and not allowed[claim]:
            scores[claim] = 0
        highest = max(highest, scores[claim])
    # The cut is found in a histogram of the sums instead of by sorting them.
    shift = 0
    while (highest >> shift) >= 2048:
        shift += 1
    histogram = np.zeros(2048, np.int32)
    for i in range(count):
        histogram[scores[touched[i]] >> shift] += 1
    cut = 2047
    above = histogram[cut]
    while cut > 0 and above < limit:
        cut -= 1
        above += histogram[cut]
    least = max(1, cut << shift)
    claims = np.empty(above, np.int32)
    sums = np.empty(above, np.int32)
    kept = 0
    for i in range(count):
        claim = touched[i]
        if scores[claim] >= least:
            claims[kept] = claim
            sums[kept] = scores[claim]
            kept += 1
        scores[claim] = 0
    return claims[:kept], sums[:kept]


_compiled = numba.njit(cache=True, nogil=True)(_add_up) if numba is not None else _add_up
_NOTHING = np.zeros(0, np.bool_)


def _accumulate_compiled(
    postings: NDArray[np.uint32],
    spans: NDArray[np.int64],
    weights: Integers,
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    limit: int,
) -> tuple[Integers, Integers]:
    touched = np.empty(min(len(scores), int((spans[:, 1] - spans[:, 0]).sum())), np.int32)
    mask = _NOTHING if allowed is None else allowed
    found: tuple[Integers, Integers] = _compiled(
        postings, spans, weights, scores, touched, mask, limit
    )
    return found


# Pairs whose answers are held at once without numba; keeps the work inside the cache.
PAIRS_AT_ONCE = 256


def add_leaves(
    values: NDArray[np.float64],
    questions: Integers,
    borders: NDArray[np.float64],
    leaves: Integers,
) -> NDArray[np.int64]:
    """Return for each row of values the sum of the leaves that it falls into, one a tree."""
    if COMPILED:
        found: NDArray[np.int64] = _compiled_leaves(values, questions, borders, leaves)
        return found
    trees, depth = questions.shape
    bits = 1 << np.arange(depth)
    sums = np.empty(len(values), np.int64)
    for start in range(0, len(values), PAIRS_AT_ONCE):
        part = values[start : start + PAIRS_AT_ONCE]
        fallen = (part[:, questions.ravel()] > borders.ravel()).reshape(-1, trees, depth) @ bits
        sums[start : start + PAIRS_AT_ONCE] = leaves[np.arange(trees), fallen].sum(axis=1)
    return sums


def _sum_leaves(values: Any, questions: Any, borders: Any, leaves: Any) -> Any:
    sums = np.zeros(len(values), np.int64)
    for pair in range(len(values)):
        total = 0
        for tree in range(len(leaves)):
            leaf = 0
            for level in range(questions.shape[1]):
                if values[pair, questions[tree, level]] > borders[tree, level]:
                    leaf |= 1 << level
            total += leaves[tree, leaf]
        sums[pair] = total
    return sums


_compiled_leaves = numba.njit(cache=True, nogil=True)(_sum_leaves) if numba else _sum_leaves
