"""Exact BM25 over all fields: the reference that candidates are held against, and no product.

Every posting of every word of a sentence is scored, in blocks of rows that stay in the processor's
cache. ``D`` is the usual length norm; ``F`` divides a claim's length by its number of fields, so
that a claim with title and subtitle is not marked down for having them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.method import Engine, Method
from benchmarks.peers.terms import TermMatrix, load_vocabulary, terms

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus

__all__ = ["methods"]

NORM_SHARE = 0.75
SATURATION = {"d": 1.5, "f": 1.2}
BLOCK = 32_768
CHUNK = 64


def methods() -> list[Method]:
    """Return the reference with both length norms."""
    return [
        Exhaustive(
            name=f"exhaustive-{norm}",
            title=f"exhaustive BM25, norm {norm.upper()}",
            family="exhaustive",
            version=f"1-{version('numba')}",
            remark="reference: every posting scored",
        )
        for norm in SATURATION
    ]


class Exhaustive(Method):
    """All postings of all words of a sentence, scored."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Write postings, and what each adds to a score under both norms."""
        matrix = TermMatrix.of(corpus.texts())
        matrix.save_vocabulary(folder)
        fields = np.array(corpus.fields(), np.float32)
        for norm, lengths in (("d", matrix.lengths), ("f", matrix.lengths / fields)):
            np.save(folder / f"impacts-{norm}.npy", _impacts(matrix, lengths, SATURATION[norm]))
        np.save(folder / "starts.npy", matrix.starts)
        np.save(folder / "rows.npy", matrix.rows)

    def open(self, folder: Path) -> Engine:
        """Open the postings, mapped into memory."""
        starts, rows, impacts = (
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in ("starts", "rows", f"impacts-{self.name[-1]}")
        )
        return _Engine(load_vocabulary(folder), starts, rows, impacts)


class _Engine(Engine):
    def __init__(
        self,
        vocabulary: dict[str, int],
        starts: NDArray[np.int64],
        rows: NDArray[np.uint32],
        impacts: NDArray[np.float32],
    ) -> None:
        self._vocabulary = vocabulary
        self._starts, self._rows, self._impacts = starts, rows, impacts
        self._size = int(rows.max()) + 1

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        bounds, numbers, weights = [0], [], []
        for sentence in sentences:
            for term, count in Counter(terms(sentence)).items():
                if (number := self._vocabulary.get(term)) is not None:
                    numbers.append(number)
                    weights.append(float(count))
            bounds.append(len(numbers))
        found, scores = _scan(
            self._starts,
            self._rows,
            self._impacts,
            np.array(bounds),
            np.array(numbers, np.int64),
            np.array(weights, np.float32),
            self._size,
            limit,
        )
        return [
            [int(row) for row, score in zip(rows, best, strict=True) if score > 0]
            for rows, best in zip(found, scores, strict=True)
        ]


def _impacts(
    matrix: TermMatrix, lengths: NDArray[np.float32], saturation: float
) -> NDArray[np.float32]:
    size = len(lengths)
    frequencies = matrix.frequencies
    rarity = np.log1p((size - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    norms = saturation * (1 - NORM_SHARE + NORM_SHARE * lengths / lengths.mean())
    counts = matrix.counts
    share = counts * (saturation + 1) / (counts + norms[matrix.rows])
    return (share * np.repeat(rarity, frequencies)).astype(np.float32)


@numba.njit(cache=True, fastmath=True, nogil=True)
def _scan(starts, rows, impacts, bounds, numbers, weights, size, limit):  # type: ignore[no-untyped-def]
    """Return rows and scores of the best of each query; score 0 where there are fewer."""
    queries = len(bounds) - 1
    found = np.zeros((queries, limit), np.int64)
    scores = np.zeros((queries, limit), np.float32)
    sums = np.zeros(BLOCK, np.float32)
    for query in range(queries):
        first, last = bounds[query], bounds[query + 1]
        places = starts[numbers[first:last]].copy()
        best, best_rows = scores[query], found[query]
        for start in range(0, size, BLOCK):
            end = start + BLOCK
            for term in range(last - first):
                place, stop = places[term], starts[numbers[first + term] + 1]
                weight = weights[first + term]
                while place < stop and rows[place] < end:
                    sums[rows[place] - start] += weight * impacts[place]
                    place += 1
                places[term] = place
            for chunk in range(0, BLOCK, CHUNK):
                highest = np.float32(0)
                for i in range(chunk, chunk + CHUNK):
                    highest = max(highest, sums[i])
                if highest > best[-1]:
                    for i in range(chunk, chunk + CHUNK):
                        if sums[i] > best[-1]:
                            spot = limit - 1
                            while spot > 0 and best[spot - 1] < sums[i]:
                                best[spot] = best[spot - 1]
                                best_rows[spot] = best_rows[spot - 1]
                                spot -= 1
                            best[spot] = sums[i]
                            best_rows[spot] = start + i
            sums[:] = 0
    return found, scores
