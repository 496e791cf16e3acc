"""From the sentences of a page to pairs with features: candidates of all segments, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.features import derive_features
from contextlib_news.matching.pairs import PairSums, add_up_pairs
from contextlib_news.matching.retrieval import Scanner
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.semantic import measure_pairs, nearest_claims
from contextlib_news.matching.sentences import Sentences, WeighedSentences, weigh_sentences

__all__ = ["Pairs", "compare_page"]

# Claims that the semantic tier adds to the candidates of a sentence.
NEAREST = 12


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs with their features: rows of sentence, segment, claim and wording."""

    places: NDArray[np.int64]
    values: NDArray[np.float64]
    verbatim: NDArray[np.bool_]


def compare_page(
    segments: Sequence[Segment],
    page: Sentences,
    scanner: Scanner,
    allowed: Sequence[NDArray[np.bool_] | None],
    limit: int,
    size: int,
    encoder: Encoder | None,
) -> Pairs | None:
    """Return the candidate pairs of all segments with their features, None for none at all.

    ``allowed`` masks the claims of each segment, ``limit`` bounds the candidates of a sentence by
    BM25, ``size`` is the number of claims of the whole index.
    """
    if not len(page.keys):
        return None
    weighed = [weigh_sentences(page, segment) for segment in segments]
    found = _candidates(segments, weighed, scanner, limit, allowed)
    vectors = None
    if encoder is not None:
        vectors = encoder.encode(page.texts)
        found = [
            _add_nearest(segments[number], rows, weighed[number], scanner, vectors, allowed[number])
            for number, rows in enumerate(found)
        ]
    sums: list[PairSums] = []
    places: list[NDArray[np.int64]] = []
    cosines: list[NDArray[np.float64]] = []
    for number, (segment, rows) in enumerate(zip(segments, found, strict=True)):
        if not len(rows):
            continue
        sentences, claims = rows[:, 0], rows[:, 1]
        added = add_up_pairs(segment, weighed[number], sentences, claims, rows[:, 2])
        sums.append(added)
        numbers = np.full(len(rows), number)
        places.append(np.stack([sentences, numbers, claims, added.wordings], axis=1))
        if vectors is not None:
            cosines.append(measure_pairs(segment, vectors, sentences, claims))
    if not sums:
        return None
    joined = PairSums.joined(sums)
    place = np.concatenate(places)
    near = np.concatenate(cosines) if cosines else None
    values = derive_features(joined, place[:, 0], size, near)
    return Pairs(place, values, joined.verbatim)


def _add_nearest(
    segment: Segment,
    rows: NDArray[np.int64],
    page: WeighedSentences,
    scanner: Scanner,
    vectors: NDArray[np.float32],
    allowed: NDArray[np.bool_] | None,
) -> NDArray[np.int64]:
    """Return the candidates of a segment with the claims nearest by meaning added."""
    parts = [rows]
    for sentence, near in enumerate(nearest_claims(segment, vectors, NEAREST, allowed)):
        fresh = np.setdiff1d(near[near >= 0], rows[rows[:, 0] == sentence, 1])
        ids = page.ids_of(sentence)
        if len(fresh) and len(ids):
            sums = scanner.sums(segment, ids, fresh.astype(np.int32))
            parts.append(np.stack([np.full(len(fresh), sentence), fresh, sums], axis=1))
    return np.concatenate(parts)


def _candidates(
    segments: Sequence[Segment],
    weighed: list[WeighedSentences],
    scanner: Scanner,
    limit: int,
    allowed: Sequence[NDArray[np.bool_] | None],
) -> list[NDArray[np.int64]]:
    """Return for each segment rows of sentence, claim and BM25 sum.

    A sentence has at most ``limit`` rows, the best of all segments together.
    """
    found = [
        scanner.page_candidates(segment, page, limit, mask)
        for segment, page, mask in zip(segments, weighed, allowed, strict=True)
    ]
    if len(found) == 1:
        return found
    # Of all segments together a sentence keeps its best.
    numbers = np.repeat(np.arange(len(found)), [len(rows) for rows in found])
    pool = np.concatenate(found)
    order = np.lexsort((pool[:, 1], numbers, -pool[:, 2], pool[:, 0]))
    fresh = np.diff(pool[order, 0], prepend=-1) != 0
    rank = np.arange(len(order)) - np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    kept = np.sort(order[rank < limit])
    return [pool[kept[numbers[kept] == number]] for number in range(len(found))]
