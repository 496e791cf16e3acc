"""bm25s with its numba backend: eager sparse scoring, arrays mapped into memory."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import bm25s

from benchmarks.peers.method import Engine, Method
from benchmarks.peers.terms import terms

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus

__all__ = ["methods"]


def methods() -> list[Method]:
    """Return the one way in which bm25s is measured."""
    return [
        Bm25s(
            name="bm25s",
            title="bm25s, numba backend",
            family="bm25s",
            version=version("bm25s"),
            remark="no changes: built anew",
        )
    ]


class Bm25s(Method):
    """Scores that are computed when the index is built and summed when it is searched."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index all rows."""
        retriever = bm25s.BM25(k1=1.5, b=0.75, method="lucene", backend="numba")
        retriever.index([terms(text) for text in corpus.texts()], show_progress=False)
        retriever.save(str(folder), show_progress=False)

    def open(self, folder: Path) -> Engine:
        """Open the arrays, mapped into memory."""
        retriever = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        retriever.backend = "numba"
        retriever.activate_numba_scorer()
        return _Engine(retriever)


class _Engine(Engine):
    def __init__(self, retriever: bm25s.BM25) -> None:
        self._retriever = retriever

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        # A list that begins with an empty query is refused; an unknown word is passed over.
        asked = [terms(sentence) or [""] for sentence in sentences]
        found = self._retriever.retrieve(
            asked, k=limit, n_threads=1, show_progress=False, backend_selection="numba"
        )
        return found.documents.tolist()
