"""From the sentences of a page to pairs with features: candidates of all segments, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.alignment import align_pairs
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.features import derive_features
from contextlib_news.matching.pairs import PairSums, add_up_pairs
from contextlib_news.matching.ranking import order_of, ranks_of
from contextlib_news.matching.retrieval import Scanner
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.semantic import measure_pairs, nearest_claims
from contextlib_news.matching.sentences import Sentences, WeighedSentences, weigh_sentences
from contextlib_news.matching.verbatim import find_verbatim, read_stretches

__all__ = ["Pairs", "compare_page"]

# Claims that the semantic tier adds to the candidates of a sentence.
NEAREST = 24


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
    stretches = read_stretches(page)
    standing = [
        find_verbatim(segment, sentences, stretches, mask)
        for segment, sentences, mask in zip(segments, weighed, allowed, strict=True)
    ]
    vectors = None if encoder is None else encoder.encode(page.texts)
    pieces = [] if encoder is None else [encoder.pieces(text) for text in page.texts]
    for number, segment in enumerate(segments):
        more = list(standing[number])
        if vectors is not None:
            nearest = nearest_claims(segment, vectors, NEAREST, allowed[number]).tolist()
            more += [(sentence, claim) for sentence, row in enumerate(nearest) for claim in row]
        found[number] = _add_claims(segment, found[number], weighed[number], scanner, more)
    sums: list[PairSums] = []
    places: list[NDArray[np.int64]] = []
    meanings: list[NDArray[np.float64]] = []
    for number, (segment, rows) in enumerate(zip(segments, found, strict=True)):
        if not len(rows):
            continue
        sentences, claims = rows[:, 0], rows[:, 1]
        added = add_up_pairs(
            segment, weighed[number], sentences, claims, rows[:, 2], standing[number]
        )
        sums.append(added)
        numbers = np.full(len(rows), number)
        places.append(np.stack([sentences, numbers, claims, added.wordings], axis=1))
        if encoder is not None and vectors is not None:
            near = measure_pairs(segment, vectors, sentences, claims)
            aligned = align_pairs(segment, encoder.words, pieces, sentences, claims)
            meanings.append(np.hstack([near, aligned]))
    if not sums:
        return None
    joined = PairSums.joined(sums)
    place = np.concatenate(places)
    meaning = np.concatenate(meanings) if meanings else None
    values = derive_features(joined, place[:, 0], size, meaning)
    return Pairs(place, values, joined.verbatim)


def _add_claims(
    segment: Segment,
    rows: NDArray[np.int64],
    page: WeighedSentences,
    scanner: Scanner,
    more: Sequence[tuple[int, int]],
) -> NDArray[np.int64]:
    """Return the candidates of a segment with more pairs of sentence and claim (-1 for none)."""
    if not more:
        return rows
    there = set(map(tuple, rows[:, :2].tolist()))
    wanted: dict[int, set[int]] = {}
    for sentence, claim in more:
        if claim >= 0 and (sentence, claim) not in there:
            wanted.setdefault(sentence, set()).add(claim)
    parts = [rows]
    for sentence in sorted(wanted):
        ids = page.ids_of(sentence)
        claims = np.array(sorted(wanted[sentence]), np.int64)
        if len(ids):
            sums = scanner.sums(segment, ids, claims)
            parts.append(np.stack([np.full(len(claims), sentence), claims, sums], axis=1))
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
    order = order_of(segments, pool[:, 0], numbers, pool[:, 1], pool[:, 2])
    kept = np.sort(order[ranks_of(pool[order, 0]) < limit])
    return [pool[kept[numbers[kept] == number]] for number in range(len(found))]
