"""Whether loops are compiled, by numba where it is installed, and the one over trees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COMPILED", "add_leaves", "compiled", "frozen"]

# An option: results are the same without it.
numba: Any
try:
    import numba
except ImportError:
    numba = None

COMPILED = numba is not None

Integers = NDArray[np.int32]


def compiled(function: Any) -> Any:
    """Return the function compiled, where numba is installed.

    What was compiled is kept beside the package, or in the folder that ``NUMBA_CACHE_DIR`` names,
    or in the user's cache folder; where none of these can be written, each process compiles anew.
    """
    if not COMPILED:
        return function
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for it: an account without a home, say
        return numba.njit(nogil=True)(function)


def frozen(*arrays: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return arrays in one piece and read-only, as those of an index file are.

    A loop is compiled for each kind of array that it is given. So the same one serves an index that
    was built here, one that was opened from its file, and the changes to either.
    """
    views = tuple(np.ascontiguousarray(array).view() for array in arrays)
    for view in views:
        view.flags.writeable = False
    return views


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
    # Feature by feature, so that the innermost loops run over many pairs at once.
    columns = np.ascontiguousarray(values.T)
    sums = np.zeros(len(values), np.int64)
    fallen = np.zeros(len(values), np.uint8)
    for tree in range(len(leaves)):
        fallen[:] = 0
        for level in range(questions.shape[1]):
            column = columns[questions[tree, level]]
            border, bit = borders[tree, level], np.uint8(1 << level)
            for pair in range(len(fallen)):
                fallen[pair] |= bit if column[pair] > border else np.uint8(0)
        row = leaves[tree]
        for pair in range(len(fallen)):
            sums[pair] += row[fallen[pair]]
    return sums
