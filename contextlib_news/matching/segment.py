"""An immutable inverted index over some claims, as plain numpy arrays.

Claims are found by all their fields together (postings with BM25 impacts) and compared by each of
their wordings (text, variants, title, subtitle) on its own, so that a long one does not hide a
short one. Everything is an array or a blob of bytes, so that a file can be mapped into memory and
shared.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from contextlib_news.formats.claims import claim_from_dict
from contextlib_news.models import Claim

__all__ = [
    "ARRAYS",
    "FIELDS",
    "VECTOR_ARRAYS",
    "Segment",
    "fold_trigrams",
    "term_key",
    "wordings_of",
]

FIELDS = ("text", "variants", "title", "subtitle", "claimant")

# Every array of a segment with its type; the file holds exactly these.
ARRAYS: dict[str, str] = {
    "claim_offsets": "<i8",  # claims + 1; where the claim's JSON starts in the blob
    "id_offsets": "<i8",  # claims + 1; where its id starts in the blob of ids
    "ids": "|u1",  # the ids in UTF-8, in order
    "claim_wordings": "<i4",  # claims + 1; the first wording of a claim
    "wording_field": "|u1",  # the place in FIELDS
    "wording_number": "<i4",  # the place among the claim's wordings of one field
    "wording_starts": "<i4",  # wordings + 1; where its terms start
    "wording_terms": "<i4",  # term numbers in order, repeated ones repeated
    "wording_flags": "|u1",  # see build.py: written as a name, repeated, in how many wordings
    "wording_hashes": "<u8",  # sorted, of texts and variants (wording_hashes.py)
    "hashed_wordings": "<i4",  # the wording of each hash
    "hash_filter": "|u1",  # bits by the first bits of a hash: whether there is any
    "term_keys": "<u8",  # sorted
    "term_counts": "<i4",  # claims that hold the term
    "term_weights": "<f4",  # minus the log of how likely a claim holds the term
    "term_kinds": "|u1",  # 1 for figures
    "term_trigrams": "<u8",  # its character trigrams, folded into 64 bits
    "postings": "<u4",  # claim << 8 | impact, sorted by claim
    "posting_starts": "<i8",
    "facet_keys": "<u8",  # sorted keys of "language:en", "topic:health" and the like
    "facet_starts": "<i8",
    "facet_claims": "<i4",
    "excluding": "|u1",  # 1 where a claim has exclusions
    "valid_from": "<i4",  # days as year * 10,000 + month * 100 + day; 0 where open
    "valid_until": "<i4",
    "statistics": "<f8",  # claims of the whole, mean length of a field in terms
}


# Arrays that only a segment of the semantic tier has.
VECTOR_ARRAYS: dict[str, str] = {
    "vectors": "|i1",  # rows x 384 laid end to end, a claim's rows standing together
    "vector_starts": "<i4",  # claims + 1; the first row of a claim
    "pieces": "<u2",  # the encoder's pieces of texts and variants, end to end
    "piece_starts": "<i4",  # rows + 1; where those of a row start, none for that of all words
}


@lru_cache(maxsize=16_384)
def term_key(term: str) -> int:
    """Return the 64-bit key of a term; the same on every machine."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def fold_trigrams(surface: str) -> int:
    """Return the character trigrams of a word as a set of 64 bits; short words give none.

    Two words share about as many bits as they share trigrams, so that spellings and compounds can
    be compared without their letters.
    """
    if len(surface) < 4:
        return 0
    bits = 0
    padded = f" {surface} "
    for i in range(len(padded) - 2):
        bits |= _TRIGRAMS[padded[i : i + 3]]
    return bits


class _Trigrams(dict[str, int]):
    """The bit of each trigram; emptied when hostile text has filled it."""

    def __missing__(self, trigram: str) -> int:
        code = 0
        for character in trigram:
            code = (code * 0x01000193 ^ ord(character)) & 0xFFFFFFFF
        bit = 1 << ((code * 0x9E3779B1 & 0xFFFFFFFF) >> 26)
        if len(self) >= MAX_TRIGRAMS:
            self.clear()
        self[trigram] = bit
        return bit


MAX_TRIGRAMS = 65_536

_TRIGRAMS = _Trigrams()


def wordings_of(claim: Claim) -> list[tuple[str, str]]:
    """Return the fields and texts by which a claim is found, the variants last."""
    found = [("text", claim.text)]
    found += [
        (name, text) for name in ("title", "subtitle", "claimant") if (text := getattr(claim, name))
    ]
    return found + [("variants", variant) for variant in claim.variants]


class Segment:
    """Arrays over the claims of one build; read-only."""

    claim_offsets: NDArray[np.int64]
    id_offsets: NDArray[np.int64]
    ids: NDArray[np.uint8]
    claim_wordings: NDArray[np.int32]
    wording_field: NDArray[np.uint8]
    wording_number: NDArray[np.int32]
    wording_starts: NDArray[np.int32]
    wording_terms: NDArray[np.int32]
    wording_flags: NDArray[np.uint8]
    wording_hashes: NDArray[np.uint64]
    hashed_wordings: NDArray[np.int32]
    hash_filter: NDArray[np.uint8]
    term_keys: NDArray[np.uint64]
    term_counts: NDArray[np.int32]
    term_weights: NDArray[np.float32]
    term_kinds: NDArray[np.uint8]
    term_trigrams: NDArray[np.uint64]
    postings: NDArray[np.uint32]
    posting_starts: NDArray[np.int64]
    facet_keys: NDArray[np.uint64]
    facet_starts: NDArray[np.int64]
    facet_claims: NDArray[np.int32]
    excluding: NDArray[np.uint8]
    valid_from: NDArray[np.int32]
    valid_until: NDArray[np.int32]
    statistics: NDArray[np.float64]

    def __init__(
        self, arrays: dict[str, NDArray[np.generic]], blob: memoryview | bytes | bytearray
    ) -> None:
        self.arrays = arrays
        self.blob = blob
        for name in ARRAYS:
            setattr(self, name, arrays[name])
        self._id_bytes = self.ids.data

    def __len__(self) -> int:
        """Return the number of claims."""
        return len(self.claim_offsets) - 1

    @property
    def has_vectors(self) -> bool:
        """Whether the semantic tier can search it."""
        return "vectors" in self.arrays

    @property
    def wordings(self) -> int:
        """The number of wordings."""
        return len(self.wording_field)

    @property
    def bytes(self) -> int:
        """The size of everything, in bytes."""
        return len(self.blob) + sum(array.nbytes for array in self.arrays.values())

    def claim(self, number: int) -> Claim:
        """Return the claim with this place, decoded anew."""
        start, end = int(self.claim_offsets[number]), int(self.claim_offsets[number + 1])
        return claim_from_dict(json.loads(bytes(self.blob[start:end])))

    def claim_id(self, number: int) -> str:
        """Return the id of the claim with this place."""
        start, end = self.id_offsets.item(number), self.id_offsets.item(number + 1)
        return str(self._id_bytes[start:end], "utf-8", "surrogatepass")

    def claim_ids(self, numbers: NDArray[np.int64]) -> list[str]:
        """Return the ids of the claims with these places."""
        starts, ends = self.id_offsets[numbers].tolist(), self.id_offsets[numbers + 1].tolist()
        return [
            str(self._id_bytes[start:end], "utf-8", "surrogatepass")
            for start, end in zip(starts, ends, strict=True)
        ]

    def locate(self, claim_id: str) -> int | None:
        """Return the place of a claim by its id, or None; claims are in order of their ids."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.claim_id(middle) < claim_id:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.claim_id(low) == claim_id else None

    def wording(self, claim: int, wording: int) -> str | None:
        """Return the words of a claim's text or variant by the number of the wording, else None."""
        field = FIELDS[self.wording_field[wording]]
        if field == "text":
            return self.claim(claim).text
        if field == "variants":
            return self.claim(claim).variants[self.wording_number.item(wording)]
        return None

    def claims_of(self, wordings: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the claims that wordings belong to."""
        # Of one type, else numpy would copy the whole array to convert it.
        return np.searchsorted(self.claim_wordings, wordings.astype(np.int32), "right") - 1

    def find_terms(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the numbers of terms by their keys, -1 for those that no claim holds."""
        return _find(self.term_keys, keys)

    def facet(self, name: str) -> NDArray[np.int32]:
        """Return the claims that have a facet ("language:en", "topic:health", "publisher:X")."""
        (number,) = _find(self.facet_keys, np.array([term_key(name)], np.uint64))
        if number < 0:
            return self.facet_claims[:0]
        return self.facet_claims[self.facet_starts[number] : self.facet_starts[number + 1]]


def _find(known: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    if not len(known):
        return np.full(len(keys), -1, np.int64)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, places, -1)
