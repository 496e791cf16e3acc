"""sparse_dot_topn: the best of a product of sparse TF-IDF matrices, words as terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from benchmarks.peers.method import Engine, Method
from benchmarks.peers.terms import TermMatrix, load_vocabulary, terms

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus

__all__ = ["methods"]


def methods() -> list[Method]:
    """Return the one way in which sparse_dot_topn is measured."""
    return [
        SparseDotTopN(
            name="sparse_dot_topn",
            title="sparse_dot_topn, TF-IDF words",
            family="sparse_dot_topn",
            version=version("sparse_dot_topn"),
            remark="no changes: built anew",
        )
    ]


class SparseDotTopN(Method):
    """Cosine of TF-IDF vectors with logarithmic counts."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Write the matrix of terms by rows, each row of unit length."""
        matrix = TermMatrix.of(corpus.texts())
        matrix.save_vocabulary(folder)
        frequencies = matrix.frequencies
        rarity = np.log((1 + len(matrix.lengths)) / (1 + frequencies)) + 1
        values = (1 + np.log(matrix.counts)) * np.repeat(rarity, frequencies)
        norms = np.sqrt(np.bincount(matrix.rows, values**2, len(matrix.lengths)))
        np.save(folder / "values.npy", (values / norms[matrix.rows]).astype(np.float32))
        np.save(folder / "rarity.npy", rarity.astype(np.float32))
        np.save(folder / "rows.npy", matrix.rows.astype(np.int32))
        np.save(folder / "starts.npy", matrix.starts.astype(np.int32))

    def open(self, folder: Path) -> Engine:
        """Open the matrix, mapped into memory."""
        # Mapped copy-on-write: the product takes no read-only arrays, though it writes to none.
        values, rarity, rows, starts = (
            np.load(folder / f"{name}.npy", mmap_mode="c")
            for name in ("values", "rarity", "rows", "starts")
        )
        shape = (len(starts) - 1, int(rows.max()) + 1)
        matrix = csr_matrix((values, rows, starts), shape=shape, copy=False)
        return _Engine(load_vocabulary(folder), rarity, matrix)


class _Engine(Engine):
    def __init__(
        self, vocabulary: dict[str, int], rarity: NDArray[np.float32], matrix: csr_matrix
    ) -> None:
        self._vocabulary, self._rarity, self._matrix = vocabulary, rarity, matrix

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        product = sp_matmul_topn(
            self._queries(sentences), self._matrix, top_n=limit, sort=True, n_threads=1
        )
        bounds, rows = product.indptr.tolist(), product.indices.tolist()
        return [rows[start:end] for start, end in pairwise(bounds)]

    def _queries(self, sentences: Sequence[str]) -> csr_matrix:
        bounds, numbers, counts = [0], [], []
        for sentence in sentences:
            for term, count in Counter(terms(sentence)).items():
                if (number := self._vocabulary.get(term)) is not None:
                    numbers.append(number)
                    counts.append(count)
            bounds.append(len(numbers))
        values = (1 + np.log(np.array(counts, np.float32))) * self._rarity[numbers]
        shape = (len(sentences), len(self._rarity))
        return csr_matrix((values.astype(np.float32), numbers, bounds), shape=shape)
