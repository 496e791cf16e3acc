"""Pairs to fit the matching model on: queries with their claims, and sentences that match nothing.

A model fitted on tweets and large collections alone would not know news or small collections, where
no claim has a rival and every lead is long. So more is made of the same data: small collections are
cut out, at random or around one subject; a claim's title stands for the claim in other words; and
the claims that were left out of a collection stand for statements that look like those in it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.evaluation_data import NEGATIVES, negatives, read_claims, read_queries
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.features import FEATURES
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

__all__ = ["FOLDS", "ORDER_WEIGHTS", "Rows", "collect_queries", "collect_rows"]

FOLDS = 5

# Candidates of a sentence that are learned from; those further down teach nothing new.
CANDIDATES = 12

# News sentences about the very subjects of the claims are the ones that get false notes.
WEIGHTS = {"babe": 3.0, "debates": 1.0, "headlines": 1.0, "abc2006": 1.0}
# By meaning all get as many, and headlines four times that: few words, all of them names of things.
WEIGHTS_BY_MEANING = {"babe": 3.0, "debates": 3.0, "headlines": 12.0, "abc2006": 3.0}
QUERY_WEIGHTS = {"checkthat2022-2a": 1.0, "checkthat2022-2b": 0.5}

# For the order of claims: twice as many queries are tweets.
ORDER_WEIGHTS = {"checkthat2022-2a": 1.0, "checkthat2022-2b": 2.1}

BM25 = FEATURES.index("bm25_log")

# Many databases have no title or subtitle; a part of the claims is learned from without.
BARE_SHARE = 0.6
BARE_WEIGHT = 0.05
TITLES = 1_500
TITLE_WEIGHT = 0.02
LOOK_ALIKES = 1_500
LOOK_ALIKE_WEIGHT = 0.02
LOOK_ALIKE_CANDIDATES = 3
DOUBLE_COSINE = 0.6

COSINE = FEATURES.index("whole_cosine")

SMALL_INDEXES = 36
SMALL_SIZES = (42, 120, 400)
SMALL_WEIGHT = 0.02
PADDED_SHARE = 0.3
SENTENCES_A_SMALL_INDEX = 60

# Sentences on other subjects by small collection, and the claims that each is compared with.
# The semantic tier adds its nearest claims to each, so there fewer do.
OTHER_SENTENCES = 1_000
OTHER_SENTENCES_BY_MEANING = 250
OTHER_CANDIDATES = 2

Asked = tuple[str, set[str]]


@dataclass(slots=True)
class Rows:
    """Rows of one kind: features, label, weight, fold, number of the sentence, word for word."""

    values: NDArray[np.float64]
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]
    folds: NDArray[np.int64]
    sentences: NDArray[np.int64]
    verbatim: NDArray[np.bool_]
    count: int = 0

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return all rows one after another, their sentences numbered on."""
        arrays = [f.name for f in fields(cls) if f.name != "count"]
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays
        }
        before = np.cumsum([0, *(part.count for part in parts)])
        joined["sentences"] = np.concatenate(
            [part.sentences + at for part, at in zip(parts, before.tolist(), strict=False)]
        )
        return cls(**joined, count=int(before[-1]))

    def chosen(self, kept: NDArray[np.bool_]) -> Rows:
        """Return the rows that are kept, of the same sentences."""
        arrays = {f.name: getattr(self, f.name)[kept] for f in fields(self) if f.name != "count"}
        return Rows(**arrays, count=self.count)

    def best(self, scores: NDArray[np.float64], least: float = 0.0) -> NDArray[np.float64]:
        """Return the highest score of each sentence, ``least`` where it has no candidate."""
        best = np.full(self.count, least)
        np.maximum.at(best, self.sentences, scores)
        return best


def collect_rows(folder: Path, encoders: Sequence[Encoder] = ()) -> dict[str, Rows]:
    """Return rows by name: the two query sets, each negatives file (train half), and ``small``.

    With ``encoders`` they have the features of the semantic tier. Each sentence is compared by one
    that has not learned from it: of n, number i has not seen sentences i, i + n, i + 2n ... of each
    file. An encoder finds what it has seen all too easily.
    """
    chance = random.Random(20261125)
    first, parts = (encoders[0], len(encoders)) if encoders else (None, 1)
    rows: dict[str, Rows] = {}
    weights = WEIGHTS_BY_MEANING if encoders else WEIGHTS
    claims: list[Claim] = []
    queries: list[Asked] = []
    nothing: list[Asked] = []
    for name, weight in QUERY_WEIGHTS.items():
        collection = list(read_claims(folder, name))
        indexes = build_indexes(collection, encoders)
        asked = list(read_queries(folder, name, "train"))
        rows[name] = compare_unseen(indexes, asked, weight)
        if name.endswith("2a"):
            for file in NEGATIVES:
                texts: list[Asked] = [(text, set()) for text in negatives(folder, file, train=True)]
                rows[file] = compare_unseen(indexes, texts, weights[file])
                nothing += texts[::parts]
        unseen = asked[::parts]
        rows[f"{name}-bare"] = bare_rows(collection, unseen, chance, first)
        claims += collection
        queries += unseen
    rows["small"] = Rows.joined(
        [
            small_rows(claims, queries, nothing, number, chance, first)
            for number in range(SMALL_INDEXES)
        ]
    )
    return rows


def collect_queries(folder: Path, encoders: Sequence[Encoder] = ()) -> dict[str, Rows]:
    """Return the rows of the two query sets alone, which the order of claims is learned from."""
    rows: dict[str, Rows] = {}
    for name, weight in QUERY_WEIGHTS.items():
        indexes = build_indexes(list(read_claims(folder, name)), encoders)
        asked = list(read_queries(folder, name, "train"))
        rows[name] = compare_unseen(indexes, asked, weight)
    return rows


def build_indexes(claims: list[Claim], encoders: Sequence[Encoder]) -> list[ClaimIndex]:
    """Return the index of claims by each encoder, or the one of words alone."""
    if not encoders:
        return [ClaimIndex.build(claims)]
    return [ClaimIndex.build(claims, encoder=encoder) for encoder in encoders]


def compare_unseen(indexes: Sequence[ClaimIndex], asked: list[Asked], weight: float) -> Rows:
    """Return the rows of sentences, each compared in the index whose encoder has not seen it."""
    count = len(indexes)
    return Rows.joined(
        [compare(index, asked[part::count], weight) for part, index in enumerate(indexes)]
    )


def bare_rows(
    collection: list[Claim], asked: list[Asked], chance: random.Random, encoder: Encoder | None
) -> Rows:
    """Return rows of a large collection of texts alone: queries, titles, and look-alikes."""
    held = [without_fields(claim, chance) for claim in collection]
    index = ClaimIndex.build(held, encoder=encoder)
    bare = [c for c, h in zip(collection, held, strict=True) if h.title is None]
    told = [c for c in chance.sample(bare, TITLES) if c.title]
    parts = [compare(index, asked, BARE_WEIGHT)]
    parts.append(compare(index, [(str(c.title), {c.id}) for c in told], TITLE_WEIGHT, doubles=True))
    left_out = chance.sample(collection, LOOK_ALIKES)
    fewer = index.with_changes(deletes=[claim.id for claim in left_out])
    alike: list[Asked] = [(claim.text, set()) for claim in left_out]
    parts.append(compare(fewer, alike, LOOK_ALIKE_WEIGHT, LOOK_ALIKE_CANDIDATES, doubles=True))
    return Rows.joined(parts)


def compare(
    index: ClaimIndex,
    asked: list[Asked],
    weight: float,
    limit: int = CANDIDATES,
    *,
    doubles: bool = False,
) -> Rows:
    """Return the rows of sentences with their right claims, which may be none.

    With ``doubles``, claims so near to a sentence that they may say the same are left out: nobody
    has looked whether they do.
    """
    table = list(index.compare([text for text, _ in asked], limit))
    if doubles:
        table = [
            row for row in table if row[1] in asked[row[0]][1] or row[2][COSINE] < DOUBLE_COSINE
        ]
    sentences = np.array([row[0] for row in table], np.int64)
    return Rows(
        values=np.array([row[2] for row in table]),
        labels=np.array([float(row[1] in asked[row[0]][1]) for row in table]),
        weights=np.full(len(table), weight),
        folds=sentences % FOLDS,
        sentences=sentences,
        verbatim=np.array([row[3] for row in table]),
        count=len(asked),
    )


def small_rows(
    claims: list[Claim],
    queries: list[Asked],
    nothing: list[Asked],
    number: int,
    chance: random.Random,
    encoder: Encoder | None,
) -> Rows:
    """Return the rows of a small collection: every other one stands around a single subject."""
    size = SMALL_SIZES[number // 4 % len(SMALL_SIZES)]
    by_id = {claim.id: claim for claim in claims}
    seeds = [by_id[g] for _, gold in chance.sample(queries, size // 2) for g in sorted(gold)]
    if number % 2:
        around = _around(claims, seeds[0], size + SENTENCES_A_SMALL_INDEX)
        chosen = around[: len(around) // 2] if len(around) < 2 * size else around[:size]
        beside = around[len(chosen) :]
    else:
        chosen = list({c.id: c for c in [*seeds, *chance.sample(claims, size // 2)]}.values())
        beside = []
    ids = {claim.id for claim in chosen}
    bare = number % 4 < 2
    held = [without_fields(c, chance) for c in chosen] if bare else chosen
    index = ClaimIndex.build(held, encoder=encoder)
    asked = [query for query in queries if query[1] & ids]
    asked += chance.sample(queries, SENTENCES_A_SMALL_INDEX)
    # A sentence of news often says more than the claim.
    asked = [(pad(text, nothing, chance), gold) for text, gold in asked]
    titles: list[Asked] = [
        (pad(str(claim.title), nothing, chance), {claim.id})
        for claim in chosen[:SENTENCES_A_SMALL_INDEX]
        if bare and claim.title and (kept := index.claim(claim.id)) and kept.title is None
    ]
    alike: list[Asked] = [(claim.text, set()) for claim in beside]
    parts = [compare(index, asked, SMALL_WEIGHT)]
    if titles:
        parts.append(compare(index, titles, SMALL_WEIGHT, doubles=True))
    if alike:
        parts.append(compare(index, alike, SMALL_WEIGHT, LOOK_ALIKE_CANDIDATES, doubles=True))
    other = chance.sample(
        nothing, OTHER_SENTENCES if encoder is None else OTHER_SENTENCES_BY_MEANING
    )
    parts.append(compare(index, other, SMALL_WEIGHT, OTHER_CANDIDATES))
    return Rows.joined(parts)


def without_fields(claim: Claim, chance: random.Random) -> Claim:
    """Return the claim with its text alone, or as it is."""
    if chance.random() >= BARE_SHARE:
        return claim
    return Claim(id=claim.id, text=claim.text)


def pad(text: str, nothing: list[Asked], chance: random.Random) -> str:
    """Return some sentences with a half of one that matches nothing before or behind them."""
    if chance.random() >= PADDED_SHARE:
        return text
    words = chance.choice(nothing)[0].split()
    half = " ".join(words[: len(words) // 2])
    return f"{half} {text}" if chance.random() < 0.5 else f"{text} {half}"


def _around(claims: list[Claim], seed: Claim, size: int) -> list[Claim]:
    """Return the claims that share most with one, itself among them."""
    found = _whole_index(claims).compare([f"{seed.title or ''} {seed.text}"], limit=size)
    by_id = {claim.id: claim for claim in claims}
    return [by_id[claim_id] for _, claim_id, _, _ in found]


_indexes: dict[int, ClaimIndex] = {}


def _whole_index(claims: list[Claim]) -> ClaimIndex:
    if len(claims) not in _indexes:
        _indexes[len(claims)] = ClaimIndex.build(claims)
    return _indexes[len(claims)]
