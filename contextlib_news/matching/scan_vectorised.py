"""Scanning postings in numpy, a sentence at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.scan import LEVELS, Lists

__all__ = ["look_up", "scan"]

Integers = NDArray[np.int64]


def scan(
    lists: Lists,
    levels: NDArray[np.uint8],
    allowed: NDArray[np.bool_] | None,
    scanned: int,
    limit: int,
) -> Integers:
    """Return rows of sentence, claim and sum, the best of a sentence first."""
    rows = [np.zeros((0, 3), np.int64)]
    bounds = lists.bounds.tolist()
    for sentence, last in enumerate(lists.read.tolist()):
        begin, end = bounds[sentence], bounds[sentence + 1]
        if begin == end:
            continue
        claims, sums = _scan(lists, slice(begin, last), levels, allowed, scanned)
        rest = slice(last, end)
        starts, ends, weights = lists.starts[rest], lists.ends[rest], lists.weights[rest]
        sums = sums + look_up(lists.postings, starts, ends, weights, claims)
        best = _best(sums, limit)
        rows.append(np.stack([np.full(len(best), sentence), claims[best], sums[best]], axis=1))
    return np.concatenate(rows)


def look_up(
    postings: NDArray[np.uint32],
    starts: Integers,
    ends: Integers,
    weights: Integers,
    claims: Integers,
) -> Integers:
    """Return what terms add to the sums of certain claims; postings stand in order of claims."""
    sums = np.zeros(len(claims), np.int64)
    wanted = claims.astype(np.uint32) << np.uint32(8)
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights.tolist(), strict=True):
        posted = postings[start:end]
        found = posted[np.minimum(np.searchsorted(posted, wanted), len(posted) - 1)]
        hit = (found >> np.uint32(8)) == (wanted >> np.uint32(8))
        sums += np.where(hit, (found & np.uint32(255)).astype(np.int64) * weight, 0)
    return sums


def _scan(
    lists: Lists,
    terms: slice,
    levels: NDArray[np.uint8],
    allowed: NDArray[np.bool_] | None,
    scanned: int,
) -> tuple[Integers, Integers]:
    """Return the claims with the highest sums of the terms that are read, in order, and the sums.

    The levels are rough sums, which fit into a byte; they choose what is added up.
    """
    starts, ends = lists.starts[terms].tolist(), lists.ends[terms].tolist()
    spans = list(zip(starts, ends, strict=True))
    sizes = lists.ends[terms] - lists.starts[terms]
    posted = np.concatenate([lists.postings[start:end] for start, end in spans])
    claims = (posted >> np.uint32(8)).astype(np.intp)
    impacts = posted & np.uint32(255)
    factors = np.repeat(lists.factors[terms].astype(np.uint32), sizes)
    steps = (((impacts * factors) >> np.uint32(16)) + np.uint32(1)).astype(np.uint8)
    place = 0
    for start, end in spans:
        part = slice(place, place + end - start)
        levels[claims[part]] += steps[part]
        place = part.stop
    reached = levels[claims]
    if len(levels) < 16 * len(claims):
        levels.fill(0)
    else:
        levels[claims] = 0
    if allowed is not None:
        reached[~allowed[claims]] = 0
    # A claim stands here once for each of its lists, so this is not yet the level sought.
    (kept,) = np.nonzero(reached >= _level(reached, scanned * len(spans)))
    found, first, number = np.unique(claims[kept], return_index=True, return_inverse=True)
    weights = np.repeat(lists.weights[terms], sizes)[kept]
    sums = np.bincount(number, impacts[kept] * weights.astype(np.float64), len(found))
    chosen = np.flatnonzero(reached[kept[first]] >= _level(reached[kept[first]], scanned))
    found, sums = found[chosen].astype(np.int64), sums[chosen].astype(np.int64)
    if len(found) > scanned:
        best = np.sort(_best(sums, scanned))
        found, sums = found[best], sums[best]
    return found, sums


def _level(reached: NDArray[np.uint8], wanted: int) -> int:
    """Return the highest level that so many reach, at least 1."""
    above = np.cumsum(np.bincount(reached, minlength=LEVELS)[::-1])
    return max(1, LEVELS - 1 - int(np.searchsorted(above, wanted)))


def _best(sums: Integers, limit: int) -> Integers:
    """Return the places of the highest sums, best first; of equal ones the first."""
    order = np.argsort(-sums, kind="stable")
    return order[:limit]
