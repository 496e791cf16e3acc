"""The engine of this project: ``ClaimIndex`` with its defaults, without numba, by meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
    by_meaning = ContextlibByMeaning(
        name="contextlib-semantic",
        title="contextlib_news, semantic",
        family="contextlib-semantic",
        version=_fingerprint(),
        without=("Stemmer",),
        # A million claims would take hours to encode.
        largest=100_000,
        quick=False,
        remark="with numba and the encoder; a change costs what its claims cost to encode",
    )
    return [*by_words, by_meaning]


class Contextlib(Method):
    """``ClaimIndex.search`` with its defaults."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Build the index and save it."""
        ClaimIndex.build(corpus.claims()).save(folder / "claims.idx")

    def open(self, folder: Path) -> Engine:
        """Open the file, mapped into memory."""
        return _Engine(ClaimIndex.open(folder / "claims.idx"))


class ContextlibByMeaning(Method):
    """The same with the sentence encoder: vectors of claims in the file, each sentence encoded."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Encode all claims, build the index and save it."""
        index = ClaimIndex.build(corpus.claims(), encoder=_encoder(folder))
        index.save(folder / "claims.idx")

    def open(self, folder: Path) -> Engine:
        """Open the file, mapped into memory, and the encoder."""
        return _Engine(ClaimIndex.open(folder / "claims.idx", encoder=_encoder(folder)))


def _encoder(folder: Path) -> Encoder:
    """Return the installed encoder, its graph kept beside the index."""
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
