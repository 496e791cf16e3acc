"""The engine of this project: ``ClaimIndex`` with its defaults, without numba, by meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import contextlib_news
from benchmarks.peers.method import Engine, Method, UnavailableError
from contextlib_news import ClaimIndex
from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching.encoder import Encoder

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["methods"]


def methods() -> list[Method]:
    """Return the engine in each of its forms; those without an encoder read one file."""
    by_words: list[Method] = [
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
    by_meaning = Contextlib(
        name="contextlib-semantic",
        title="contextlib_news, semantic",
        family="contextlib-semantic",
        version=_fingerprint(),
        without=("Stemmer",),
        by_meaning=True,
        # A million claims would take hours to encode.
        largest=100_000,
        quick=False,
        remark="with numba and the encoder; a change costs what its claims cost to encode",
    )
    return [*by_words, by_meaning]


@dataclass(frozen=True, kw_only=True)
class Contextlib(Method):
    """``ClaimIndex.search`` with its defaults, ``by_meaning`` with the sentence encoder."""

    by_meaning: bool = False

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Build the index and save it; by meaning all claims are encoded."""
        index = ClaimIndex.build(corpus.claims(), encoder=self._encoder(folder))
        index.save(folder / "claims.idx")

    def open(self, folder: Path) -> Engine:
        """Open the file, mapped into memory, and the encoder where there is one."""
        return _Engine(ClaimIndex.open(folder / "claims.idx", encoder=self._encoder(folder)))

    def _encoder(self, folder: Path) -> Encoder | None:
        """Return the installed encoder, its graph kept beside the index."""
        if not self.by_meaning:
            return None
        try:
            return Encoder.open(cache=folder / "encoder")
        except EncoderMissingError as error:
            raise UnavailableError(str(error)) from None


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
