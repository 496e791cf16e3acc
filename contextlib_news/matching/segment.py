"""An immutable inverted index over the wordings of some claims, as plain numpy arrays.

A claim is searched by each of its wordings (text, variants, title, subtitle) on its own, so that a
long one does not hide a short one. Everything is an array or a blob of bytes, so that a file can be
mapped into memory and shared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.matching.terms import (
    Term,
    background_probability,
    extract_terms,
    inverse_frequency,
)
from contextlib_news.models import Claim

__all__ = ["ARRAYS", "FIELDS", "PRIOR_SENTENCES", "Segment", "Wording", "term_key", "wordings_of"]

FIELDS = ("text", "variants", "title", "subtitle")

# How many sentences of general text the background frequencies count for. With 42 claims they
# decide; with a million the index's own counts do.
PRIOR_SENTENCES = 1_000.0

# A claim of id, text and revision alone holds nothing that could be malformed.
PLAIN_FIELDS = 3

ARRAYS = (
    "claim_offsets",
    "wording_claim",
    "wording_field",
    "wording_number",
    "wording_mass",
    "wording_terms",
    "wording_starts",
    "term_keys",
    "term_weights",
    "postings",
    "posting_starts",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of putting a claim: the claim's place, the field, and the words."""

    claim: int
    field: str
    text: str


@lru_cache(maxsize=262_144)
def term_key(term: str) -> int:
    """Return the 64-bit key of a term; the same on every machine."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def wordings_of(claim: Claim) -> list[tuple[str, str]]:
    """Return the fields and texts by which a claim is found; its claimant goes with its text."""
    said_by = f" {claim.claimant}" if claim.claimant else ""
    found = [("text", claim.text + said_by)]
    found += [("variants", variant) for variant in claim.variants]
    found += [(name, text) for name in ("title", "subtitle") if (text := getattr(claim, name))]
    return found


class Segment:
    """Arrays over the claims of one build; read-only."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]], blob: memoryview | bytes) -> None:
        self.arrays = arrays
        self.blob = blob
        self.claim_offsets: NDArray[np.int64] = arrays["claim_offsets"]  # type: ignore[assignment]  # of its type by name
        self.wording_claim: NDArray[np.int32] = arrays["wording_claim"]  # type: ignore[assignment]  # of its type by name
        self.wording_field: NDArray[np.uint8] = arrays["wording_field"]  # type: ignore[assignment]  # of its type by name
        self.wording_number: NDArray[np.int32] = arrays["wording_number"]  # type: ignore[assignment]  # of its type by name
        self.wording_mass: NDArray[np.float32] = arrays["wording_mass"]  # type: ignore[assignment]  # of its type by name
        self.wording_terms: NDArray[np.int32] = arrays["wording_terms"]  # type: ignore[assignment]  # of its type by name
        self.wording_starts: NDArray[np.int64] = arrays["wording_starts"]  # type: ignore[assignment]  # of its type by name
        self.term_keys: NDArray[np.uint64] = arrays["term_keys"]  # type: ignore[assignment]  # of its type by name
        self.term_weights: NDArray[np.float32] = arrays["term_weights"]  # type: ignore[assignment]  # of its type by name
        self.postings: NDArray[np.int32] = arrays["postings"]  # type: ignore[assignment]  # of its type by name
        self.posting_starts: NDArray[np.int64] = arrays["posting_starts"]  # type: ignore[assignment]  # of its type by name

    def __len__(self) -> int:
        """Return the number of claims."""
        return len(self.claim_offsets) - 1

    @property
    def wordings(self) -> int:
        """The number of wordings."""
        return len(self.wording_claim)

    def claim(self, number: int) -> Claim:
        """Return the claim with this place, decoded anew."""
        start, end = int(self.claim_offsets[number]), int(self.claim_offsets[number + 1])
        return claim_from_dict(json.loads(bytes(self.blob[start:end])))

    def wording(self, number: int) -> Wording:
        """Return a wording with its words."""
        place = int(self.wording_claim[number])
        field = FIELDS[int(self.wording_field[number])]
        claim = self.claim(place)
        if field == "variants":
            return Wording(place, field, claim.variants[int(self.wording_number[number])])
        return Wording(place, field, str(getattr(claim, field)))

    def terms_of(self, wording: int) -> NDArray[np.int32]:
        """Return the term numbers of a wording in order, repeated ones repeated."""
        return self.wording_terms[self.wording_starts[wording] : self.wording_starts[wording + 1]]

    def find_terms(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the numbers of terms by their keys, -1 for those that no wording holds."""
        if not len(self.term_keys):
            return np.full(len(keys), -1, np.int64)
        places = np.searchsorted(self.term_keys, keys)
        places = np.minimum(places, len(self.term_keys) - 1)
        return np.where(self.term_keys[places] == keys, places, -1)

    @classmethod
    def build(
        cls,
        claims: Iterable[Claim],
        weigh: Callable[[int, Term, str], float | None] | None = None,
    ) -> Segment:
        """Return the segment of claims given in order of their ids.

        ``weigh`` may give the weight of a term (key, term, language), for a small segment that
        stands beside a large one; None leaves it to the segment's own counts.
        """
        return cls(*_Builder(weigh).build(claims))


class _Builder:
    def __init__(self, weigh: Callable[[int, Term, str], float | None] | None) -> None:
        self.weigh = weigh
        self.numbers: dict[int, int] = {}
        self.probabilities: list[float] = []
        self.given: list[float | None] = []
        self.terms: list[int] = []
        self.starts = [0]
        self.claims: list[int] = []
        self.fields: list[int] = []
        self.variants: list[int] = []
        self.blob = bytearray()
        self.offsets = [0]

    def build(self, claims: Iterable[Claim]) -> tuple[dict[str, NDArray[np.generic]], bytes]:
        for place, claim in enumerate(claims):
            row = claim_to_dict(claim)
            if len(row) > PLAIN_FIELDS:
                # A record made by hand may hold what no file could; better refused here than found
                # out in the middle of a search.
                claim_from_dict(row)
            self.blob += json.dumps(row, ensure_ascii=True).encode("ascii")
            self.offsets.append(len(self.blob))
            counts: dict[str, int] = {}
            for field, text in wordings_of(claim):
                self.add(place, field, counts.get(field, 0), text, claim.language)
                counts[field] = counts.get(field, 0) + 1
        return self.finish(), bytes(self.blob)

    def add(self, place: int, field: str, number: int, text: str, language: str | None) -> None:
        tag = (language or "en").split("-")[0].lower()
        for term in extract_terms(text, tag):
            key = term_key(term.text)
            known = self.numbers.get(key)
            if known is None:
                known = self.numbers[key] = len(self.numbers)
                self.probabilities.append(background_probability(term.surface, term.number, tag))
                self.given.append(self.weigh(key, term, tag) if self.weigh else None)
            self.terms.append(known)
        self.starts.append(len(self.terms))
        self.claims.append(place)
        self.fields.append(FIELDS.index(field))
        self.variants.append(number)

    def finish(self) -> dict[str, NDArray[np.generic]]:
        keys = np.fromiter(self.numbers, np.uint64, len(self.numbers))
        order = np.argsort(keys, kind="stable")
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        terms = rank[np.array(self.terms, np.int64)] if self.terms else np.zeros(0, np.int32)
        starts = np.array(self.starts, np.int64)
        wordings = len(self.claims)
        owner = np.repeat(np.arange(wordings, dtype=np.int64), np.diff(starts))
        # One posting for a term and a wording, however often it stands there.
        pairs = np.unique(terms.astype(np.int64) * max(wordings, 1) + owner)
        posted_terms, posted = np.divmod(pairs, max(wordings, 1))
        counts = np.bincount(posted_terms, minlength=len(keys))
        posting_starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        weights = np.array(
            [
                given
                if given is not None
                else inverse_frequency(float(count), wordings, probability, PRIOR_SENTENCES)
                for count, probability, given in zip(
                    counts,
                    np.array(self.probabilities)[order] if len(order) else [],
                    [self.given[i] for i in order],
                    strict=True,
                )
            ],
            np.float32,
        )
        mass = np.bincount(posted, weights=weights[posted_terms], minlength=wordings)
        return {
            "claim_offsets": np.array(self.offsets, np.int64),
            "wording_claim": np.array(self.claims, np.int32),
            "wording_field": np.array(self.fields, np.uint8),
            "wording_number": np.array(self.variants, np.int32),
            "wording_mass": mass.astype(np.float32),
            "wording_terms": terms.astype(np.int32),
            "wording_starts": starts,
            "term_keys": keys[order],
            "term_weights": weights,
            "postings": posted.astype(np.int32),
            "posting_starts": posting_starts,
        }
