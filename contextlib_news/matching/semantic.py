"""Candidates and features by meaning: the vectors of claims, and how near a sentence's is to them.

A claim has one vector of all its words and, where it has more than its text, one of the text and
one of each variant. They stand in the index file as int8, beside the pieces that text and variants
are cut into; its header names the encoder.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.encoder import DIMENSIONS, QUANTISED_ONE, Encoder, quantise
from contextlib_news.matching.segment import Segment
from contextlib_news.models import Claim

__all__ = ["VectorBuilder", "measure_pairs", "nearest_claims", "vectors_of"]

# What the nearest vector counts beside that of all words; chosen on the train queries.
BEST_WEIGHT = 0.5

MAX_VARIANTS = 8

# Claims looked at together: their vectors as floats take 12 MB.
BLOCK = 8_192

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
    kept = np.full((len(sentences), limit), -1, np.int64)
    scores = np.full((len(sentences), limit), -np.inf, np.float32)
    starts = segment.arrays["vector_starts"].astype(np.int64)
    rows = segment.arrays["vectors"].reshape(-1, DIMENSIONS)
    for first in range(0, claims, BLOCK):
        last = min(first + BLOCK, claims)
        block = rows[starts[first] : starts[last]].astype(np.float32)
        near = sentences @ block.T
        local = starts[first : last + 1] - starts[first]
        best = np.maximum.reduceat(near, local[:-1], axis=1)
        score = near[:, local[:-1]] + BEST_WEIGHT * best
        if allowed is not None:
            score[:, ~allowed[first:last]] = -np.inf
        joined = np.concatenate([scores, score], axis=1)
        numbers = np.concatenate(
            [kept, np.broadcast_to(np.arange(first, last), (len(sentences), last - first))], axis=1
        )
        top = np.argpartition(-joined, limit - 1, axis=1)[:, :limit]
        scores = np.take_along_axis(joined, top, axis=1)
        kept = np.take_along_axis(numbers, top, axis=1)
    return np.where(np.isfinite(scores), kept, -1)


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
