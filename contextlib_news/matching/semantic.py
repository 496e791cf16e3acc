"""Candidates and features by meaning: the vectors of claims, and how near a sentence's is to them.

A claim has one vector of all its words and, where it has more than its text, one of the text and
one of each variant. They stand in the index file as int8, beside the pieces that text and variants
are cut into; its header names the encoder.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.encoder import DIMENSIONS, QUANTISED_ONE, Encoder, quantise
from contextlib_news.matching.ranking import ranks_of
from contextlib_news.matching.segment import Segment
from contextlib_news.models import Claim

__all__ = ["VectorBuilder", "measure_pairs", "nearest_claims", "vectors_of"]

# What the nearest vector counts beside that of all words; chosen on the train queries.
BEST_WEIGHT = 0.5

MAX_VARIANTS = 8

# Claims looked at together: their vectors as floats take 12 MB.
BLOCK = 8_192

# A block that holds so many times the claims that are kept is sifted before it is sorted.
MANY = 4

Floats = NDArray[np.float32]


class VectorBuilder:
    """Gathers the vectors of claims, one claim after another."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: list[NDArray[np.int8]] = []
        self._starts = [0]
        self._pieces: list[NDArray[np.uint16]] = []

    def add(self, claim: Claim, known: NDArray[np.int8] | None = None) -> None:
        """Encode a claim, unless its rows are ``known`` from an earlier segment."""
        whole = " ".join(filter(None, (claim.title, claim.text, claim.subtitle)))
        alone = [claim.text, *claim.variants[:MAX_VARIANTS]]
        texts = [whole, *(text for text in alone if text != whole)]
        rows = quantise(self._encoder.encode(texts)) if known is None else known
        self._rows.append(rows)
        self._starts.append(self._starts[-1] + len(texts))
        self._pieces += [self._encoder.pieces(text if text in alone else "") for text in texts]

    def finish(self) -> dict[str, NDArray[np.generic]]:
        """Return the vector arrays of a segment."""
        rows = np.concatenate(self._rows) if self._rows else np.zeros((0, DIMENSIONS), np.int8)
        lengths = [0, *map(len, self._pieces)]
        return {
            "vectors": rows.reshape(-1),
            "vector_starts": np.array(self._starts, np.int32),
            "pieces": np.concatenate([np.zeros(0, np.uint16), *self._pieces]),
            "piece_starts": np.cumsum(lengths).astype(np.int32),
        }


def vectors_of(segment: Segment, claim: int) -> NDArray[np.int8] | None:
    """Return the rows of a claim by its place, None where the segment has no vectors."""
    if not segment.has_vectors:
        return None
    first, last = segment.arrays["vector_starts"][claim : claim + 2].tolist()
    rows: NDArray[np.int8] = segment.arrays["vectors"].reshape(-1, DIMENSIONS)[first:last]  # type: ignore[assignment]  # a file holds plain arrays
    return rows


def nearest_claims(
    segment: Segment, sentences: Floats, limit: int, allowed: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Return for each sentence (rows of DIMENSIONS) the ``limit`` nearest claims, -1 for none.

    All claims are looked at, block by block: 1,000,000 of them cost about as much as encoding a
    page does.
    """
    claims = len(segment)
    starts = segment.arrays["vector_starts"].astype(np.int64)
    rows = segment.arrays["vectors"].reshape(-1, DIMENSIONS)
    across = np.ascontiguousarray(sentences.T)
    kept = np.full((len(sentences), limit), -1, np.int64)
    scores = np.full((len(sentences), limit), -np.inf, np.float32)
    for first in range(0, claims, BLOCK):
        last = min(first + BLOCK, claims)
        near = rows[starts[first] : starts[last]].astype(np.float32) @ across
        local = starts[first : last + 1] - starts[first]
        score = near[local[:-1]] + BEST_WEIGHT * _nearest_rows(near, local)
        if allowed is not None:
            score[~allowed[first:last]] = -np.inf
        _keep_nearest(kept, scores, score, first)
    return kept


def _nearest_rows(near: Floats, starts: NDArray[np.int64]) -> Floats:
    """Return the highest of each claim's rows; most have one or two, so row by row is quickest."""
    counts = np.diff(starts)
    best = near[starts[:-1]]
    for number in range(1, int(counts.max())):
        (more,) = np.nonzero(counts > number)
        best[more] = np.maximum(best[more], near[starts[more] + number])
    return best


def _keep_nearest(kept: NDArray[np.int64], scores: Floats, score: Floats, first: int) -> None:
    """Put the claims of a block, claims x sentences, among those kept where they are nearer.

    ``first`` is the number of the block's first claim; of equally near ones the first stays.
    """
    limit = kept.shape[1]
    nearer = score > scores.min(1)
    if limit < len(score) and nearer.sum() > MANY * kept.size:
        # Nothing is kept yet, or little: the block's own best are found first.
        place = len(score) - limit
        nearer &= score >= np.partition(np.ascontiguousarray(score.T), place, axis=1)[:, place]
    claim, sentence = np.nonzero(nearer)
    sentences = np.concatenate([np.repeat(np.arange(len(kept)), limit), sentence])
    numbers = np.concatenate([kept.ravel(), claim + first])
    joined = np.concatenate([scores.ravel(), score[nearer]])
    order = np.lexsort((numbers, -joined, sentences))
    order = order[ranks_of(sentences[order]) < limit]
    kept[:] = numbers[order].reshape(kept.shape)
    scores[:] = joined[order].reshape(kept.shape)


def measure_pairs(
    segment: Segment, sentences: Floats, pairs: NDArray[np.int64], claims: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the cosines of pairs, pairs x 2: with all words of the claim, and with the nearest.

    ``sentences`` are the vectors of the page, ``pairs`` the number of each pair's sentence.
    """
    starts = segment.arrays["vector_starts"].astype(np.int64)
    rows = segment.arrays["vectors"].reshape(-1, DIMENSIONS)
    counts = np.diff(starts)[claims]
    owner = np.repeat(np.arange(len(claims)), counts)
    begin = np.cumsum(counts) - counts
    places = starts[claims][owner] + np.arange(len(owner)) - begin[owner]
    near = np.einsum("ij,ij->i", sentences[pairs[owner]], rows[places].astype(np.float32))
    # Sums of floats differ in their last bits between machines.
    near = np.round(near.astype(np.float64) / QUANTISED_ONE, 4)
    return np.stack([near[begin], np.maximum.reduceat(near, begin)], axis=1)
