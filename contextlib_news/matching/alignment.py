"""How well the words of a sentence and of a claim answer each other, by the encoder's own words.

A vector of a whole text says what it is about; two texts about one thing may still say different
things. Here each piece of a word looks for the piece nearest to it on the other side, by the vector
that the encoder starts from before it reads a word beside others ("tax" lies near "taxation", "car"
near "vehicle"). The mean over all pieces of one side says how much of it the other side answers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.segment import Segment

__all__ = ["WORD_STEPS", "align_pairs", "word_vectors"]

# What 1.0 becomes in word_vectors(); the int8 range then ends at .423, which 24 of 11,700,000
# components pass. Dot products stay whole numbers below 2**24, so that sums of float32 are exact.
WORD_STEPS = 300

# Rows made at a time: as floats they take 25 MB.
BLOCK = 8_192


def word_vectors(table: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return the vectors of pieces, pieces x dimensions, as int8 of length :data:`WORD_STEPS`.

    ``table`` is what the encoder looks its pieces up in. What all have in common is taken off first
    (Mu and Viswanath, 2018): without it any two pieces are alike.
    """
    middle = np.round(table.mean(0, dtype=np.float64), 6)
    packed = np.empty(table.shape, np.int8)
    for first in range(0, len(table), BLOCK):
        rows = table[first : first + BLOCK] - middle
        lengths = np.sqrt((rows**2).sum(1, keepdims=True))
        rows *= WORD_STEPS / np.maximum(lengths, 1e-9)
        packed[first : first + BLOCK] = np.clip(np.rint(rows), -127, 127)
    return packed


def align_pairs(
    segment: Segment,
    words: NDArray[np.int8],
    page: Sequence[NDArray[np.uint16]],
    sentences: NDArray[np.int64],
    claims: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return how much of each side the other answers, pairs x 2, 0..1: of sentence and of claim.

    ``words`` are those of :func:`word_vectors`, ``page`` the pieces of each sentence, ``sentences``
    the number of each pair's sentence. Of a claim's wordings the one counts that fits best.
    """
    found = np.zeros((len(claims), 2))
    for sentence in np.unique(sentences).tolist():
        (pairs,) = np.nonzero(sentences == sentence)
        pieces, begins, owner = _wordings(segment, claims[pairs])
        said = page[sentence]
        if not len(said) or not len(pieces):
            continue
        # The claims of one sentence share many pieces.
        apart, places = np.unique(pieces, return_inverse=True)
        near = words[apart].astype(np.float32) @ words[said].astype(np.float32).T
        near = np.maximum(near, 0)[places]
        of_sentence = np.maximum.reduceat(near, begins, axis=0).sum(1)
        of_claim = np.add.reduceat(near.max(1), begins)
        lengths = np.diff(np.append(begins, len(pieces)))
        sides = np.stack([np.full(len(begins), len(said)), lengths], axis=1)
        both = np.stack([of_sentence, of_claim], axis=1).astype(np.float64)
        both = np.round(both / sides / WORD_STEPS**2, 4)
        order = np.lexsort((-both[:, 1], -both.sum(1), owner))
        best = order[np.flatnonzero(np.diff(owner[order], prepend=-1))]
        found[pairs[owner[best]]] = both[best]
    return found


def _wordings(
    segment: Segment, claims: NDArray[np.int64]
) -> tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64]]:
    """Return the pieces of all wordings of claims, where each wording begins, and whose it is.

    Whose: the place in ``claims``. Wordings without a piece are left out.
    """
    rows, counts = _runs(segment.arrays["vector_starts"], claims)
    places, lengths = _runs(segment.arrays["piece_starts"], rows)
    held = lengths > 0
    owner, lengths = np.repeat(np.arange(len(claims)), counts)[held], lengths[held]
    pieces: NDArray[np.uint16] = segment.arrays["pieces"][places]  # type: ignore[assignment]  # a file holds plain arrays
    return pieces, np.cumsum(lengths) - lengths, owner


def _runs(
    starts: NDArray[np.generic], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the chosen runs one after another, and how long each is."""
    first, last = starts[chosen].astype(np.int64), starts[chosen + 1].astype(np.int64)
    lengths = last - first
    begins = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(first - begins, lengths), lengths
