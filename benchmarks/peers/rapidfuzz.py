"""RapidFuzz by brute force: every sentence compared with every claim."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process, utils

from benchmarks.peers.method import Engine, Method

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus

__all__ = ["methods"]


def methods() -> list[Method]:
    """Return the one way in which RapidFuzz is measured."""
    return [
        RapidFuzz(
            name="rapidfuzz",
            title="RapidFuzz token_set_ratio, brute force",
            family="rapidfuzz",
            version=version("rapidfuzz"),
            largest=10_000,
            sampled_pages=1,
        )
    ]


class RapidFuzz(Method):
    """The likeness of word sets; texts are prepared once."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Write the prepared texts."""
        texts = [utils.default_process(text) for text in corpus.texts()]
        (folder / "texts.json").write_text(json.dumps(texts), "utf-8")

    def open(self, folder: Path) -> Engine:
        """Read the prepared texts."""
        return _Engine(json.loads((folder / "texts.json").read_text("utf-8")))


class _Engine(Engine):
    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        asked = [utils.default_process(sentence) for sentence in sentences]
        likeness = process.cdist(
            asked, self._texts, scorer=fuzz.token_set_ratio, dtype=np.float32, workers=1
        )
        return np.argsort(-likeness, axis=1, kind="stable")[:, :limit].tolist()
