"""From claims to the arrays of a segment."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.segment import (
    ARRAYS,
    FIELDS,
    Segment,
    fold_trigrams,
    term_key,
    wordings_of,
)
from contextlib_news.matching.semantic import VectorBuilder
from contextlib_news.matching.terms import (
    Word,
    background_probability,
    inverse_frequency,
    read_words,
)
from contextlib_news.matching.wording_hashes import hash_filter, hash_wordings
from contextlib_news.models import Claim

__all__ = ["IMPACT_LEVELS", "NAME", "OFTEN", "REPEAT", "SEEN", "build_segment", "name_flags"]

# Okapi BM25 (Robertson and Zaragoza 2009); a claim's length is divided by its number of fields, so
# that a claim with a title and a subtitle is not taken for a long one.
K1 = 1.2
B = 0.75
IMPACT_LEVELS = 255
PRIOR_CLAIMS = 100.0
PRIOR_LENGTH = 12.0

# A segment's claims are numbered in 24 bits of a posting.
MAX_CLAIMS = 1 << 24

# Flags of a term in a wording: written as a name; stood earlier in this wording; stood in an
# earlier wording of the claim; from OFTEN on, in how many of its wordings it stands (at most 7).
NAME = 1
REPEAT = 2
SEEN = 4
OFTEN = 3
MOST_OFTEN = 7

# What is found word for word, as no more than these states the whole claim.
WHOLE_FIELDS = [FIELDS.index("text"), FIELDS.index("variants")]

# In a headline every word has a capital, so none says that it is a name.
TITLE_CASE_SHARE = 0.6

# A claim of id, text and revision alone holds nothing that could be malformed.
PLAIN_FIELDS = 3
PLAIN_CHARACTERS = 1_000

OPEN_END = 99_999_999


def build_segment(
    claims: Iterable[Claim],
    base: Segment | None = None,
    *,
    encoder: Encoder | None = None,
    vectors: Callable[[str], NDArray[np.int8] | None] = lambda _: None,
) -> Segment:
    """Return the segment of claims given in order of their ids.

    With ``base`` the terms are weighed by the counts of that segment, so that a small segment
    beside a large one gives scores of the same scale; with ``encoder`` the vectors of the semantic
    tier are made too, but for claims (by their ids) of which ``vectors`` knows them. Raises
    :class:`~contextlib_news.errors.InvalidClaimError` for a record that no file could hold.
    """
    builder = _Builder(base)
    meanings = VectorBuilder(encoder) if encoder is not None else None
    for claim in claims:
        builder.add(claim)
        if meanings is not None:
            meanings.add(claim, vectors(claim.id))
    segment = builder.finish()
    if meanings is not None:
        segment.arrays.update(meanings.finish())
    return segment


def name_flags(words: list[Word], opens: bool) -> bytearray:
    """Return for each word 1 where it is written as a name: a capital inside a sentence.

    ``opens`` says whether the sentence starts with the first of them.
    """
    capitals = bytearray([word[4] for word in words])
    if len(words) > 3 and sum(capitals) > TITLE_CASE_SHARE * len(words):
        return bytearray(len(words))
    if words and opens and not words[0].term.startswith("@"):
        capitals[0] = 0
    return capitals


class _Table(NamedTuple):
    """The terms of a segment by their number in order of their keys."""

    keys: NDArray[np.uint64]
    rank: NDArray[np.int32]
    order: NDArray[np.int64]


class _Builder:
    def __init__(self, base: Segment | None) -> None:
        self.base = base
        self.numbers: dict[str, int] = {}
        self.words: list[tuple[str, bool, str]] = []
        self.terms = array("i")
        self.flags = bytearray()
        self.starts = array("i", [0])
        self.fields = bytearray()
        self.variants = array("i")
        self.claim_wordings = array("i", [0])
        self.lengths = array("f")
        self.blob = bytearray()
        self.offsets = array("q", [0])
        self.ids = bytearray()
        self.id_offsets = array("q", [0])
        self.facets: dict[str, list[int]] = {}
        self.excluding = bytearray()
        self.valid_from = array("i")
        self.valid_until = array("i")

    def add(self, claim: Claim) -> None:
        place = len(self.lengths)
        if place >= MAX_CLAIMS:
            raise InvalidClaimError(f"one index holds at most {MAX_CLAIMS:,} claims")
        row = claim_to_dict(claim)
        odd = not claim.id.strip() or not claim.text.strip()
        if odd or len(row) > PLAIN_FIELDS or len(claim.id) + len(claim.text) > PLAIN_CHARACTERS:
            # A record made by hand may hold what no file could; better refused here than found out
            # in the middle of a search.
            claim_from_dict(row)
        self.blob += json.dumps(row, ensure_ascii=True).encode("ascii")
        self.offsets.append(len(self.blob))
        self.ids += claim.id.encode("utf-8", "surrogatepass")
        self.id_offsets.append(len(self.ids))
        tag = primary_tag(claim.language)
        before = len(self.terms)
        counts: dict[str, int] = {}
        wordings = wordings_of(claim)
        for field, text in wordings:
            self._add_wording(text, tag)
            self.fields.append(FIELDS.index(field))
            self.variants.append(counts.get(field, 0))
            counts[field] = counts.get(field, 0) + 1
        self._flag_claim(before, alone=len(wordings) == 1)
        self.claim_wordings.append(len(self.fields))
        self.lengths.append((len(self.terms) - before) / len(wordings))
        facets = [f"language:{tag if claim.language else ''}"]
        facets += [f"topic:{topic}" for topic in set(claim.topics)]
        facets += [f"publisher:{name}" for name in {r.publisher for r in claim.reviews}]
        facets += [f"holds:{what}" for what in _held_by(claim)]
        for facet in facets:
            self.facets.setdefault(facet, []).append(place)
        self.excluding.append(bool(claim.exclusions))
        self.valid_from.append(day_number(claim.valid_from, 0) if claim.valid_from else 0)
        self.valid_until.append(
            day_number(claim.valid_until, 99) if claim.valid_until else OPEN_END
        )

    def _add_wording(self, text: str, tag: str) -> None:
        words, opens = read_words(text, tag)
        flags = name_flags(words, opens)
        seen: set[int] = set()
        for place, word in enumerate(words):
            number = self.numbers.get(word[0])
            if number is None:
                number = self.numbers[word[0]] = len(self.numbers)
                self.words.append((word.surface, word.number, tag))
            if number in seen:
                flags[place] |= REPEAT
            seen.add(number)
            self.terms.append(number)
        self.flags += flags
        self.starts.append(len(self.terms))

    def _flag_claim(self, start: int, *, alone: bool) -> None:
        """Note at each term of the last claim whether and how often its wordings share it."""
        places = [p for p in range(start, len(self.terms)) if not self.flags[p] & REPEAT]
        if alone:
            for place in places:
                self.flags[place] |= 1 << OFTEN
            return
        often = Counter(self.terms[place] for place in places)
        seen: set[int] = set()
        for place in places:
            term = self.terms[place]
            self.flags[place] |= min(often[term], MOST_OFTEN) << OFTEN | SEEN * (term in seen)
            seen.add(term)

    def finish(self) -> Segment:
        table = self._table()
        claims = len(self.lengths)
        terms = table.rank[np.frombuffer(self.terms, np.int32)] if self.terms else np.zeros(0, "i4")
        starts = np.array(self.starts, np.int64)
        claim_starts = starts[np.array(self.claim_wordings, np.int64)]
        owner = np.repeat(np.arange(claims, dtype=np.int64), np.diff(claim_starts))
        pairs, often = np.unique(
            terms.astype(np.int64) * max(claims, 1) + owner, return_counts=True
        )
        posted_terms, posted = np.divmod(pairs, max(claims, 1))
        counts = np.bincount(posted_terms, minlength=len(table.keys))
        lengths = np.array(self.lengths, np.float64)
        statistics = (
            np.array(self.base.statistics)
            if self.base is not None
            else np.array(
                [
                    claims,
                    (lengths.sum() + PRIOR_CLAIMS * PRIOR_LENGTH) / (claims + PRIOR_CLAIMS),
                ]
            )
        )
        norm = K1 * (1 - B + B * lengths / statistics[1])
        impact = often * (K1 + 1) / (often + norm[posted])
        level = np.clip(np.rint(impact / (K1 + 1) * IMPACT_LEVELS), 1, IMPACT_LEVELS)
        facets = sorted(self.facets, key=term_key)
        hashes, hashed = self._hash(table.keys[terms], starts)
        arrays = {
            "claim_offsets": np.array(self.offsets),
            "id_offsets": np.array(self.id_offsets),
            "ids": np.frombuffer(bytes(self.ids), np.uint8),
            "claim_wordings": np.array(self.claim_wordings),
            "wording_field": np.frombuffer(bytes(self.fields), np.uint8),
            "wording_number": np.array(self.variants),
            "wording_starts": starts,
            "wording_terms": terms,
            "wording_flags": np.frombuffer(bytes(self.flags), np.uint8),
            "wording_hashes": hashes,
            "hashed_wordings": hashed,
            "hash_filter": hash_filter(hashes),
            "term_keys": table.keys,
            "term_counts": counts,
            "term_weights": self._weigh(table, counts, float(statistics[0])),
            "term_kinds": np.array([self.words[i][1] for i in table.order], np.uint8),
            "term_trigrams": np.array(
                [0 if self.words[i][1] else fold_trigrams(self.words[i][0]) for i in table.order],
                np.uint64,
            ),
            "postings": (posted << 8) | level.astype(np.int64),
            "posting_starts": np.concatenate([[0], np.cumsum(counts)]),
            "facet_keys": np.array([term_key(name) for name in facets], np.uint64),
            "facet_starts": np.cumsum([0] + [len(self.facets[name]) for name in facets]),
            "facet_claims": np.array([c for name in facets for c in self.facets[name]], np.int32),
            "excluding": np.frombuffer(bytes(self.excluding), np.uint8),
            "valid_from": np.array(self.valid_from),
            "valid_until": np.array(self.valid_until),
            "statistics": statistics,
        }
        return Segment({n: a.astype(ARRAYS[n], copy=False) for n, a in arrays.items()}, self.blob)

    def _hash(
        self, keys: NDArray[np.uint64], starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the hashes of texts and variants, sorted, and the wording of each."""
        hashes = hash_wordings(keys, starts)
        texts = np.isin(np.frombuffer(bytes(self.fields), np.uint8), WHOLE_FIELDS)
        (chosen,) = np.nonzero(texts & (np.diff(starts) > 0))
        order = chosen[np.argsort(hashes[chosen], kind="stable")]
        return hashes[order], order

    def _table(self) -> _Table:
        keys = np.fromiter((term_key(t) for t in self.numbers), np.uint64, len(self.numbers))
        order = np.argsort(keys, kind="stable")
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return _Table(keys[order], rank, order)

    def _weigh(self, table: _Table, counts: NDArray[np.int64], total: float) -> NDArray[np.float32]:
        known = self.base.find_terms(table.keys) if self.base is not None else None
        weights = np.empty(len(table.keys), np.float32)
        for number, place in enumerate(table.order):
            if self.base is not None and known is not None and known[number] >= 0:
                weights[number] = self.base.term_weights[known[number]]
                continue
            probability = background_probability(*self.words[place])
            holding = float(counts[number])
            weights[number] = inverse_frequency(holding, max(total, holding), probability)
        return weights


def _held_by(claim: Claim) -> Iterator[str]:
    """Yield what a claim holds for other notes than its own, so that others need not be read."""
    if claim.reports or claim.fingerprints:
        yield "pages"
    if claim.quotations:
        yield "quotations"


def day_number(date: str, missing: int) -> int:
    """Return a date as year * 10,000 + month * 100 + day; ``missing`` stands for absent parts.

    >>> day_number("1950-05", 99)
    19500599
    """
    parts = [int(part) if part.isdecimal() else missing for part in date[:10].split("-")[:3]]
    year, month, day = (parts + [missing] * 3)[:3]
    return min(year, 9999) * 10_000 + min(month, 99) * 100 + min(day, 99)
