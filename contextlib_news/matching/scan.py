"""What a scan reads: the postings of the terms of each sentence, the rarest first.

A scan is in three steps. The rarest terms are read whole, and each of their postings adds a rough
weight, one byte, to the level of its claim: a million levels fit into the processor's cache. The
claims on the highest levels then get exact sums. The commonest terms, past a bound on postings, are
looked up for those alone. Both ways of scanning, compiled and vectorised, do just this, in whole
numbers, and give the same claims.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVELS", "Lists", "plan_lists"]

LEVELS = 256

# Terms that are read, so that a step for each leaves levels for their weights.
MOST_READ = 127

# An impact times a factor, in 16 bits of fraction, is what a posting adds to a level.
FRACTION = 1 << 16
HIGHEST_IMPACT = 255

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of postings by term, from ``starts`` to ``ends``, a sentence's terms from ``bounds``.

    Terms before ``read`` (by sentence) are read, the others looked up. A posting adds ``weights``
    times its impact to a sum, and 1 and ``factors`` times its impact to a level.
    """

    postings: NDArray[np.uint32]
    starts: Integers
    ends: Integers
    weights: Integers
    factors: Integers
    bounds: Integers
    read: Integers


def plan_lists(
    postings: NDArray[np.uint32],
    starts: Integers,
    ends: Integers,
    weights: Integers,
    bounds: Integers,
    most: int,
) -> Lists:
    """Return the lists of sentences, of which about ``most`` postings each are read.

    Terms stand by sentence and in order of their number of claims; one is read whatever its length.
    """
    begins = bounds[:-1]
    owner = np.repeat(np.arange(len(begins)), np.diff(bounds))
    counts = np.concatenate([[0], np.cumsum(ends - starts)])
    place = np.arange(len(owner)) - begins[owner]
    fits = (counts[1:] - counts[begins[owner]] <= most) & (place < MOST_READ)
    fits |= place == 0
    read = begins + np.bincount(owner[fits], minlength=len(begins))
    inside = place < (read - begins)[owner]
    total = np.bincount(owner, weights * inside, len(begins)).astype(np.int64)
    room = (LEVELS - 1 - (read - begins)) * FRACTION
    factors = weights * room[owner] // (HIGHEST_IMPACT * np.maximum(total, 1)[owner])
    return Lists(postings, starts, ends, weights, factors, bounds, read)
