"""A fingerprint of a text, by which copies and near copies of it are known without keeping it.

Minwise hashing (A. Broder, On the resemblance and containment of documents, 1997): of the word
triples of two texts, the share that both have is estimated from the least hashes under 64 hash
functions, of which 16 bits each are kept (P. Li and A. König, b-bit minwise hashing, 2010). Only
the paragraphs count, so that menus and fine print of different sites change little.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

import numpy as np

from contextlib_news.models import BlockRole, Document

__all__ = ["SAME_TEXT", "fingerprint", "fingerprint_of", "is_fingerprint", "similarity"]

# Word triples in common from which two texts are much the same. Articles on one event that were
# written apart share some 1 in 100, an article cut by a third still some 60.
SAME_TEXT = 0.5

# A text of fewer words has no fingerprint: too much of it may be a common phrase.
FEWEST_WORDS = 50
MOST_WORDS = 50_000
SHINGLE = 3
FUNCTIONS = 64

_WORD = re.compile(r"[^\W_]+")

# Odd multipliers and offsets of the hash functions, drawn once by a fixed seed.
_DRAWN = np.random.Generator(np.random.PCG64(1997)).integers(
    0, 2**63, size=(2, FUNCTIONS, 1), dtype=np.uint64
)
_FACTORS, _OFFSETS = _DRAWN[0] * 2 + 1, _DRAWN[1]


def fingerprint(text: str) -> str | None:
    """Return the fingerprint of a text as 172 letters, None for one of fewer than 50 words.

    The same on every machine and in every version: it is kept in claim databases.
    """
    words = [match[0] for match in _WORD.finditer(text.casefold())][:MOST_WORDS]
    if len(words) < FEWEST_WORDS:
        return None
    shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    hashes = np.frombuffer(
        b"".join(_hash(shingle) for shingle in sorted(shingles)), dtype="<u8"
    ).astype(np.uint64)
    least = np.full(FUNCTIONS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), 4_096):
        mixed = hashes[start : start + 4_096][None, :] * _FACTORS + _OFFSETS
        least = np.minimum(least, (mixed ^ (mixed >> np.uint64(29))).min(axis=1))
    kept = (least >> np.uint64(8)).astype("<u2")
    return base64.b64encode(kept.tobytes()).decode("ascii")


def fingerprint_of(document: Document) -> str | None:
    """Return the fingerprint of a page's own text: its paragraphs, quotations and lists."""
    kept = (BlockRole.PARAGRAPH, BlockRole.QUOTE, BlockRole.LIST)
    parts: Iterable[str] = (
        document.text[block.start : block.end] for block in document.blocks if block.role in kept
    )
    return fingerprint("\n".join(parts))


def similarity(one: str, other: str) -> float:
    """Return the estimated share of word triples that two fingerprinted texts have in common, 0..1.

    The standard error is at most .06. Raises ValueError for what is no fingerprint.
    """
    return float((_read(one) == _read(other)).mean())


def is_fingerprint(text: str) -> bool:
    """Say whether a text is a fingerprint."""
    try:
        _read(text)
    except ValueError:
        return False
    return True


def _read(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    data = base64.b64decode(text.encode("ascii"), validate=True)
    if len(data) != FUNCTIONS * 2:
        raise ValueError("no fingerprint of a text")
    return np.frombuffer(data, dtype="<u2")


def _hash(shingle: str) -> bytes:
    return hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest()
