"""The engine of this project: ``ClaimIndex`` with its defaults, with numba and without."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import contextlib_news
from benchmarks.peers.method import Engine, Method
from contextlib_news import ClaimIndex

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["methods"]


def methods() -> list[Method]:
    """Return the engine in each of its forms; all of them read one file."""
    return [
        Contextlib(
            name=f"contextlib-{form}",
            title=f"contextlib_news, {form}",
            family="contextlib",
            version=_fingerprint(),
            changes=True,
            copied_for_changes=False,
            # The stemmer in C that peers advise is no part of this project: it runs as it ships.
            without=("Stemmer",) if form == "numba" else ("Stemmer", "numba"),
        )
        for form in ("numba", "numpy")
    ]


class Contextlib(Method):
    """``ClaimIndex.search`` with its defaults."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Build the index and save it."""
        ClaimIndex.build(corpus.claims()).save(folder / "claims.idx")

    def open(self, folder: Path) -> Engine:
        """Open the file, mapped into memory."""
        return _Engine(ClaimIndex.open(folder / "claims.idx"))


class _Engine(Engine):
    def __init__(self, index: ClaimIndex) -> None:
        self._index = index

    def search(self, sentences: Sequence[str], limit: int) -> list[list[str]]:
        found = self._index.search(sentences, limit=limit)
        return [[match.claim_id for match in matches] for matches in found]

    def change(self, claims: Sequence[Claim], first_row: int) -> Engine:
        return _Engine(self._index.with_changes(upserts=claims))


def _fingerprint() -> str:
    """Return a short digest of the engine's source, so that a changed engine builds anew."""
    folder = Path(contextlib_news.__file__).parent / "matching"
    digest = hashlib.sha256()
    for module in sorted(folder.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:10]
