"""The texts that the sentence encoder learns from, and which of them belong together.

Claims of both query sets stand in one list, those of 2A first. Texts are numbers in one list of
all texts, so that each is cut into pieces once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.evaluation_data import NEGATIVES, negatives, read_claims, read_queries

__all__ = ["PARTS", "QUERY_SETS", "Asked", "Texts", "learned_from", "read_texts"]

# Of so many encoders that judge the adapter, each has not learned from one part of the sentences.
PARTS = 3

QUERY_SETS = ("checkthat2022-2a", "checkthat2022-2b")

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence: its text, the numbers of its right claims, the set searched, its place there.

    ``own`` is true for a claim's title that stands for a sentence about the claim.
    """

    text: int
    right: tuple[int, ...]
    collection: int
    place: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts; of each claim those of its whole, its text and its title; queries; news."""

    texts: list[str]
    whole: Numbers
    text: Numbers
    title: Numbers
    collection: Numbers
    train: list[Asked]
    dev: list[Asked]
    news: dict[str, list[Asked]]

    def claims_of(self, collection: int) -> Numbers:
        """Return the numbers of the claims of a set, which stand side by side."""
        return np.flatnonzero(self.collection == collection)


def read_texts(folder: Path, limit: int | None = None) -> Texts:
    """Read the evaluation data; with ``limit`` only so many claims a set, to try the code out."""
    numbers: dict[str, int] = {}

    def number(text: str) -> int:
        return numbers.setdefault(text, len(numbers))

    whole, text, title, collection = [], [], [], []
    parts: dict[str, list[Asked]] = {"train": [], "dev": []}
    for at, name in enumerate(QUERY_SETS):
        places: dict[str, int] = {}
        for claim in list(read_claims(folder, name))[:limit]:
            places[claim.id] = len(whole)
            fields = filter(None, (claim.title, claim.text, claim.subtitle))
            whole.append(number(" ".join(fields)))
            text.append(number(claim.text))
            title.append(number(claim.title or claim.text))
            collection.append(at)
        for part, rows in parts.items():
            for place, (query, gold) in enumerate(read_queries(folder, name, part)):
                if right := tuple(sorted(places[one] for one in gold if one in places)):
                    rows.append(Asked(number(query), right, at, place))
    news = {
        name: [
            Asked(number(sentence), (), 0, place)
            for place, sentence in enumerate(negatives(folder, name, train=True)[:limit])
        ]
        for name in NEGATIVES
    }
    arrays = [np.array(rows, np.int64) for rows in (whole, text, title, collection)]
    return Texts(list(numbers), *arrays, parts["train"], parts["dev"], news)


def learned_from(asked: Sequence[Asked], part: int | None) -> list[Asked]:
    """Return the sentences that an encoder learns from: all, or all but one part."""
    return [one for one in asked if part is None or one.place % PARTS != part]
