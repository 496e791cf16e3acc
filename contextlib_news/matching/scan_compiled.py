"""Scanning postings in one loop, compiled by numba; the same rows as ``scan_vectorised``.

Without numba nothing here is called.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.kernels import compiled, frozen
from contextlib_news.matching.scan import LEVELS, Lists

__all__ = ["scan"]

# So many times the claims that are wanted are noted before the least of them fall out.
ROOM = 4

_NOTHING = np.zeros(0, np.bool_)


def scan(
    lists: Lists,
    levels: NDArray[np.uint8],
    allowed: NDArray[np.bool_] | None,
    scanned: int,
    limit: int,
) -> NDArray[np.int64]:
    """Return rows of sentence, claim and sum, the best of a sentence first."""
    mask = _NOTHING if allowed is None else allowed
    (postings,) = frozen(lists.postings)
    rows: NDArray[np.int64] = _loop(
        postings, lists.starts, lists.ends, lists.weights, lists.factors, lists.bounds,
        lists.read, levels, mask, scanned, limit,
    )  # fmt: skip
    return rows


@compiled
def _loop(
    postings: Any, starts: Any, ends: Any, weights: Any, factors: Any, bounds: Any, read: Any,
    levels: Any, allowed: Any, scanned: Any, limit: Any,
) -> Any:  # fmt: skip
    rows = np.empty((len(read) * limit, 3), np.int64)
    most = 0
    for sentence in range(len(read)):
        total = 0
        for term in range(bounds[sentence], read[sentence]):
            total += ends[term] - starts[term]
        most = max(most, total)
    noted = np.empty(min(len(levels), most) + 1, np.int64)
    count = 0
    for sentence in range(len(read)):
        begin, end, last = bounds[sentence], bounds[sentence + 1], read[sentence]
        if begin == end:
            continue
        touched = _touch(
            postings, starts, ends, factors, begin, last, levels, allowed, scanned, noted
        )
        claims = np.sort(noted[:touched])
        sums = np.zeros(len(claims), np.int64)
        least = np.uint8(255)
        for place in range(len(claims)):
            least = min(least, levels[claims[place]])
        for term in range(begin, last):
            _add_read(
                postings, starts[term], ends[term], weights[term], levels, least, claims, sums
            )
        _clear(postings, starts, ends, begin, last, levels)
        if len(claims) > scanned:
            best = _best(claims, sums, scanned)
            chosen = np.sort(best)
            claims, sums = claims[chosen], sums[chosen]
        for term in range(last, end):
            _add_looked_up(postings, starts[term], ends[term], weights[term], claims, sums)
        best = _best(claims, sums, limit)
        for place in best:
            rows[count, 0], rows[count, 1], rows[count, 2] = sentence, claims[place], sums[place]
            count += 1
    return rows[:count]


@compiled
def _touch(
    postings: Any, starts: Any, ends: Any, factors: Any, begin: Any, last: Any, levels: Any,
    allowed: Any, scanned: Any, found: Any,
) -> Any:  # fmt: skip
    """Return how many claims are on the highest levels: the first of ``found``.

    The levels of all that were touched are left as they are.
    """
    masked = len(allowed) > 0
    count, full = 0, ROOM * scanned
    # Claims are noted when they reach this level; it rises as soon as enough claims are above it.
    level = np.uint32(1)
    for term in range(begin, last):
        factor = np.uint32(factors[term])
        # A slice is counted from 0, so that no place is looked at for being negative.
        part = postings[starts[term] : ends[term]]
        for place in range(len(part)):
            posted = part[place]
            claim = posted >> np.uint32(8)
            before = np.uint32(levels[claim])
            after = before + np.uint32(1) + (((posted & np.uint32(255)) * factor) >> np.uint32(16))
            levels[claim] = np.uint8(after)
            if after >= level and before < level and not (masked and not allowed[claim]):
                found[count] = claim
                count += 1
                if count >= full:
                    risen, count = _raise(levels, found, count, scanned)
                    level, full = np.uint32(risen), max(full, 2 * count)
    _, count = _raise(levels, found, count, scanned)
    return count


@compiled
def _raise(levels: Any, found: Any, count: Any, scanned: Any) -> Any:
    """Return the highest level that enough claims reach, and how many; ``found`` keeps those."""
    histogram = np.zeros(LEVELS, np.int64)
    for place in range(count):
        histogram[levels[found[place]]] += 1
    level = LEVELS - 1
    above = histogram[level]
    while level > 1 and above < scanned:
        level -= 1
        above += histogram[level]
    kept = 0
    for place in range(count):
        if levels[found[place]] >= level:
            found[kept] = found[place]
            kept += 1
    return level, kept


@compiled
def _add_read(
    postings: Any, start: Any, end: Any, weight: Any, levels: Any, least: Any, claims: Any,
    sums: Any,
) -> None:  # fmt: skip
    # A few claims in a long list are found faster one by one.
    if end - start > 12 * len(claims):
        _add_looked_up(postings, start, end, weight, claims, sums)
        return
    part = postings[start:end]
    for place in range(len(part)):
        posted = part[place]
        claim = posted >> np.uint32(8)
        if levels[claim] >= least:
            low = _first(claims, 0, len(claims), np.int64(claim))
            if low < len(claims) and claims[low] == np.int64(claim):
                sums[low] += np.int64(weight) * np.int64(posted & np.uint32(255))


@compiled
def _add_looked_up(
    postings: Any, start: Any, end: Any, weight: Any, claims: Any, sums: Any
) -> None:
    """Add what a term gives to claims that stand in order."""
    low = start
    for place in range(len(claims)):
        wanted = np.uint32(claims[place]) << np.uint32(8)
        high, step = low, 1
        while high < end and postings[high] < wanted:
            low = high + 1
            high += step
            step *= 2
        high = min(high, end)
        low = _first(postings, low, high, wanted)
        if low < end and postings[low] >> np.uint32(8) == np.uint32(claims[place]):
            sums[place] += np.int64(weight) * np.int64(postings[low] & np.uint32(255))


@compiled
def _first(values: Any, low: Any, high: Any, wanted: Any) -> Any:
    """Return the first place whose value is no less than the one wanted."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _clear(postings: Any, starts: Any, ends: Any, begin: Any, last: Any, levels: Any) -> None:
    total = 0
    for term in range(begin, last):
        total += ends[term] - starts[term]
    if len(levels) < 128 * total:
        levels[:] = 0
        return
    for term in range(begin, last):
        part = postings[starts[term] : ends[term]]
        for place in range(len(part)):
            posted = part[place]
            levels[posted >> np.uint32(8)] = 0


@compiled
def _best(claims: Any, sums: Any, limit: Any) -> Any:
    """Return the places of the highest sums, best first; of equal ones the first claim's."""
    order = np.empty(len(claims), np.int64)
    for place in range(len(claims)):
        # Claims stand in order, so that the place breaks ties.
        order[place] = (-sums[place] << 24) | place
    order.sort()
    return order[:limit] & 0xFFFFFF
