"""The inner loops of retrieval and scoring, compiled by numba where it is installed, else in numpy.

Both give the same result: sums of integers, and ties broken by the claim's number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMPILED", "accumulate", "add_leaves", "compiled"]

# An option: results are the same without it.
numba: Any
try:
    import numba
except ImportError:
    numba = None

COMPILED = numba is not None

Integers = NDArray[np.int32]


def compiled(function: Any) -> Any:
    """Return the function compiled, where numba is installed."""
    return numba.njit(cache=True, nogil=True)(function) if COMPILED else function


def accumulate(
    postings: NDArray[np.uint32],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    weights: Integers,
    bounds: NDArray[np.int64],
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    most: int,
    limit: int,
) -> tuple[Integers, Integers, NDArray[np.int64]]:
    """Return the claims with the highest sums of weight times impact, and the sums, by sentence.

    ``starts`` and ``counts`` say where the postings of each term lie, a sentence's terms (from
    ``bounds``) standing together, the rarest first. They are read until ``most`` postings are;
    the rest is looked up for the claims found. At least the ``limit`` best of a sentence are
    returned where there are as many, in no order, and how many each sentence has. ``scores`` is a
    scratch array of zeros over all claims, given back as zeros; ``allowed`` masks claims.
    """
    claims: list[Integers] = []
    sums: list[Integers] = []
    nothing = np.zeros(0, np.int32)
    for begin, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if begin == end:
            claims.append(nothing)
            sums.append(nothing)
            continue
        read = begin + max(1, int(np.searchsorted(np.cumsum(counts[begin:end]), most, "right")))
        ends = starts[begin:end] + counts[begin:end]
        work = _scan_compiled if COMPILED else _scan
        found, total = work(
            postings, starts[begin:read], ends[: read - begin], weights[begin:read], scores,
            allowed, limit,
        )  # fmt: skip
        if len(found) > limit:
            kept = total >= np.partition(total, len(total) - limit)[len(total) - limit]
            found, total = found[kept], total[kept]
        if read < end and len(found):
            rest = slice(read, end)
            total = total + look_up(
                postings, starts[rest], ends[read - begin :], weights[rest], found
            )
        claims.append(found)
        sums.append(total)
    sizes = np.array([len(part) for part in claims], np.int64)
    return np.concatenate(claims), np.concatenate(sums), sizes


def look_up(
    postings: NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: Integers,
    claims: Integers,
) -> Integers:
    """Return what terms add to the sums of certain claims; postings stand in order of claims."""
    sums = np.zeros(len(claims), np.int32)
    if COMPILED:
        _look_up_loop(postings, starts, ends, weights, claims, sums)
        return sums
    wanted = claims.astype(np.uint32) << np.uint32(8)
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
        posted = postings[start:end]
        found = posted[np.minimum(np.searchsorted(posted, wanted), len(posted) - 1)]
        hit = (found >> np.uint32(8)) == claims.astype(np.uint32)
        sums += np.where(hit, (found & 255).astype(np.int32) * np.int32(weight), 0)
    return sums


def _scan(
    postings: NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: Integers,
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    limit: int,
) -> tuple[Integers, Integers]:
    lists = []
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
        posted = postings[start:end]
        claims = (posted >> 8).astype(np.int32)
        scores[claims] += (posted & 255).astype(np.int32) * np.int32(weight)
        lists.append(claims)
    touched = np.concatenate(lists)
    sums = scores[touched]
    if allowed is not None:
        sums = np.where(allowed[touched], sums, 0)
    scores[touched] = 0
    # A claim stands here once for each of its lists; the cut leaves room for that.
    room = limit * len(lists)
    kept = sums > 0
    if len(sums) > room:
        kept &= sums >= np.partition(sums, len(sums) - room)[len(sums) - room]
    found, place = np.unique(touched[kept], return_index=True)
    total = sums[kept][place]
    return found, total


def _scan_compiled(
    postings: NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: Integers,
    scores: Integers,
    allowed: NDArray[np.bool_] | None,
    limit: int,
) -> tuple[Integers, Integers]:
    touched = np.empty(min(len(scores), int((ends - starts).sum())), np.int32)
    mask = _NOTHING if allowed is None else allowed
    found: tuple[Integers, Integers] = _scan_loop(
        postings, starts, ends, weights, scores, touched, mask, limit
    )
    return found


@compiled
def _scan_loop(
    postings: Any, starts: Any, ends: Any, weights: Any, scores: Any, touched: Any, allowed: Any,
    limit: Any,
) -> Any:  # fmt: skip
    count = 0
    for i in range(len(weights)):
        weight = weights[i]
        for j in range(starts[i], ends[i]):
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


@compiled
def _look_up_loop(
    postings: Any, starts: Any, ends: Any, weights: Any, claims: Any, sums: Any
) -> None:
    for i in range(len(weights)):
        for j in range(len(claims)):
            low, high = starts[i], ends[i]
            wanted = claims[j]
            while low < high:
                middle = (low + high) // 2
                if np.int32(postings[middle] >> np.uint32(8)) < wanted:
                    low = middle + 1
                else:
                    high = middle
            if low < ends[i] and np.int32(postings[low] >> np.uint32(8)) == wanted:
                sums[j] += weights[i] * np.int32(postings[low] & np.uint32(255))


_NOTHING = np.zeros(0, np.bool_)

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
        found: NDArray[np.int64] = _leaves_loop(values, questions, borders, leaves)
        return found
    trees, depth = questions.shape
    bits = 1 << np.arange(depth)
    sums = np.empty(len(values), np.int64)
    for start in range(0, len(values), PAIRS_AT_ONCE):
        part = values[start : start + PAIRS_AT_ONCE]
        fallen = (part[:, questions.ravel()] > borders.ravel()).reshape(-1, trees, depth) @ bits
        sums[start : start + PAIRS_AT_ONCE] = leaves[np.arange(trees), fallen].sum(axis=1)
    return sums


@compiled
def _leaves_loop(values: Any, questions: Any, borders: Any, leaves: Any) -> Any:
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
