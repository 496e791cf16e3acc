"""Terms of a text for the methods that bring no tokenizer of their own, and a matrix of them."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from benchmarks.function_words import FUNCTION_WORDS

__all__ = ["TermMatrix", "content_words", "load_vocabulary", "stem", "terms"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STEMMER = snowballstemmer.stemmer("english")


def content_words(text: str) -> list[str]:
    """Return the words of a text in lower case, those that say nothing alone left out."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return [word for word in words if word not in FUNCTION_WORDS]


def terms(text: str) -> list[str]:
    """Return the stems of the content words of a text."""
    return [stem(word) for word in content_words(text)]


@cache
def stem(word: str) -> str:
    """Return the English stem of a word; each word is stemmed once."""
    return str(_STEMMER.stemWord(word.removesuffix("'s")))


@dataclass(frozen=True, slots=True)
class TermMatrix:
    """Which terms stand how often in which row: postings by term, rows ascending."""

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.uint32]
    counts: NDArray[np.float32]
    lengths: NDArray[np.float32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> TermMatrix:
        """Return the matrix of texts."""
        vocabulary: dict[str, int] = {}
        numbers, lengths = array("I"), array("I")
        for text in texts:
            found = terms(text)
            lengths.append(len(found))
            numbers.extend([vocabulary.setdefault(term, len(vocabulary)) for term in found])
        counted = np.frombuffer(lengths, np.uint32)
        rows = np.repeat(np.arange(len(counted), dtype=np.uint64), counted)
        keys = np.frombuffer(numbers, np.uint32).astype(np.uint64) << np.uint64(32) | rows
        keys, counts = np.unique(keys, return_counts=True)
        posted = (keys >> np.uint64(32)).astype(np.int64)
        starts = np.searchsorted(posted, np.arange(len(vocabulary) + 1))
        return cls(
            vocabulary,
            starts.astype(np.int64),
            keys.astype(np.uint32),
            counts.astype(np.float32),
            counted.astype(np.float32),
        )

    @property
    def frequencies(self) -> NDArray[np.int64]:
        """Return in how many rows each term stands."""
        return np.diff(self.starts)

    def save_vocabulary(self, folder: Path) -> None:
        """Write the terms in the order of their numbers."""
        (folder / "vocabulary.json").write_text(json.dumps(list(self.vocabulary)), "utf-8")


def load_vocabulary(folder: Path) -> dict[str, int]:
    """Return the numbers of the terms that :meth:`TermMatrix.save_vocabulary` wrote."""
    listed = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    return {term: number for number, term in enumerate(listed)}
