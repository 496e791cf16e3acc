"""The claim index: build it, save it, open it, search it, change it.

An index is immutable. A change gives a new index that shares the old one's arrays: a small delta
segment holds the new claims, tombstones hide the old ones. Saving writes everything as one segment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from contextlib_news.errors import InvalidClaimError
from contextlib_news.matching.file import FORMAT_VERSION, read_segment, write_segment
from contextlib_news.matching.scoring import PairFeatures, compare, load_model
from contextlib_news.matching.segment import PRIOR_SENTENCES, Segment, term_key
from contextlib_news.matching.terms import (
    Term,
    background_probability,
    extract_terms,
    inverse_frequency,
)
from contextlib_news.models import Claim, Match

__all__ = ["ClaimIndex", "IndexInfo"]

# Wordings scored exactly for each sentence; the rest fell out by their shared mass.
CANDIDATES = 48

# Postings read for a sentence: its commonest terms are left out beyond this.
MAX_POSTINGS = 400_000

# A sentence this alike to an exclusion is what a curator has ruled out (RapidFuzz, 0..100).
EXCLUSION_LIKENESS = 88.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What is in an index: counts, size in bytes and the version of its file format."""

    claims: int
    wordings: int
    terms: int
    segments: int
    deleted: int
    bytes: int
    format_version: int


@dataclass(frozen=True, slots=True)
class _Query:
    """A sentence as terms: their keys and weights by position."""

    text: str
    terms: tuple[Term, ...]
    keys: NDArray[np.uint64]


class ClaimIndex:
    """Claims that can be searched by what a sentence says; safe to share between threads."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[frozenset[int]] | None = None
    ) -> None:
        self._segments = tuple(segments)
        self._deleted = tuple(deleted or (frozenset() for _ in segments))
        self._places: dict[str, tuple[int, int]] | None = None
        self._model = load_model()
        self._claim = lru_cache(maxsize=4_096)(self._decode)
        self._wording_weights = lru_cache(maxsize=8_192)(self._weigh_wording)

    # --- Building ---------------------------------------------------------------------------------

    @classmethod
    def build(cls, claims: Iterable[Claim]) -> ClaimIndex:
        """Return the index of claims; the same claims in any order give the same index.

        Raises :class:`~contextlib_news.errors.InvalidClaimError` where two claims share an id.
        """
        ordered = sorted(claims, key=lambda claim: claim.id)
        for one, other in pairwise(ordered):
            if one.id == other.id:
                raise InvalidClaimError(f"two claims have the id {one.id!r}; ids must differ")
        return cls((Segment.build(ordered),))

    def with_changes(
        self, *, upserts: Iterable[Claim] = (), deletes: Iterable[str] = ()
    ) -> ClaimIndex:
        """Return an index with claims added or replaced, and others taken out.

        The cost grows with the change, not with the index. Unknown ids among ``deletes`` are
        passed over; of two upserts with one id the later one counts.
        """
        changed = {claim.id: claim for claim in upserts}
        gone = set(deletes) | set(changed)
        deleted = [set(numbers) for numbers in self._deleted]
        for claim_id in gone:
            place = self._locate(claim_id)
            if place is not None:
                deleted[place[0]].add(place[1])
        segments = list(self._segments)
        kept = [changed[claim_id] for claim_id in sorted(changed)]
        if kept:
            base = self._segments[0] if self._segments else None
            segments.append(Segment.build(kept, _weights_of(base) if base else None))
            deleted.append(set())
        return ClaimIndex(segments, [frozenset(numbers) for numbers in deleted])

    def save(self, path: str | Path) -> None:
        """Write the index to a file, atomically: a killed save leaves the old file."""
        segment = self._segments[0] if self._segments else Segment.build(())
        if len(self._segments) != 1 or any(self._deleted):
            segment = Segment.build(self)
        write_segment(segment, Path(path))

    @classmethod
    def open(cls, path: str | Path) -> ClaimIndex:
        """Return the index of a file, mapped into memory and shared between processes.

        Raises :class:`~contextlib_news.errors.IndexFileError` for a file that is missing,
        truncated, damaged, foreign or of a newer version.
        """
        return cls((read_segment(Path(path)),))

    # --- Looking things up ------------------------------------------------------------------------

    @property
    def threshold(self) -> float:
        """The score from which a match is shown; stored with the model."""
        return self._model.threshold

    def __len__(self) -> int:
        """Return the number of claims."""
        return sum(map(len, self._segments)) - sum(map(len, self._deleted))

    def __iter__(self) -> Iterator[Claim]:
        """Iterate over the claims by id."""
        places = self._all_places()
        return (self._claim(*places[claim_id]) for claim_id in sorted(places))

    def claim(self, claim_id: str) -> Claim | None:
        """Return a claim by its id, or None."""
        place = self._locate(claim_id)
        return None if place is None else self._claim(*place)

    def info(self) -> IndexInfo:
        """Return what is in the index."""
        size = sum(
            len(segment.blob) + sum(array.nbytes for array in segment.arrays.values())
            for segment in self._segments
        )
        return IndexInfo(
            claims=len(self),
            wordings=sum(segment.wordings for segment in self._segments),
            terms=sum(len(segment.term_keys) for segment in self._segments),
            segments=len(self._segments),
            deleted=sum(map(len, self._deleted)),
            bytes=size,
            format_version=FORMAT_VERSION,
        )

    # --- Searching --------------------------------------------------------------------------------

    def search(
        self,
        sentences: Iterable[str],
        limit: int = 10,
        min_score: float = 0.0,
        *,
        language: str | None = None,
        topics: Collection[str] | None = None,
        publisher: str | None = None,
        as_of: str | None = None,
    ) -> list[list[Match]]:
        """Return for each sentence the claims it may be about, best first.

        ``score`` is the probability that the sentence is about the claim, 0..1; ``min_score``
        leaves out those below. Filters: a claim fits ``language`` where it has that one or none,
        ``topics`` where it has one of them, ``publisher`` where one of its reviews is by it,
        ``as_of`` (a date) where it was valid then. No text raises.
        """

        def fits(claim: Claim) -> bool:
            return _fits(claim, language, topics, publisher, as_of)

        filtered = any(value is not None for value in (language, topics, publisher, as_of))
        found: list[list[Match]] = []
        for sentence in sentences:
            terms = tuple(extract_terms(sentence[:4_000], language))
            keys = np.array([term_key(term.text) for term in terms], np.uint64)
            query = _Query(sentence, terms, keys)
            best: dict[str, Match] = {}
            for number, segment in enumerate(self._segments):
                for match, claim in self._search_segment(number, segment, query, filtered):
                    known = best.get(match.claim_id)
                    if known is not None and known.score >= match.score:
                        continue
                    if match.score >= min_score and fits(claim) and not _excluded(claim, sentence):
                        best[match.claim_id] = match
            ranked = sorted(best.values(), key=lambda match: (-match.score, match.claim_id))
            found.append(ranked[: max(0, limit)])
        return found

    def features(self, sentence: str, claim_id: str) -> PairFeatures | None:
        """Return the features of the best wording of a claim for a sentence, None if nothing is."""
        place = self._locate(claim_id)
        if place is None:
            return None
        number, claim = place
        segment = self._segments[number]
        terms = tuple(extract_terms(sentence[:4_000]))
        keys = np.array([term_key(term.text) for term in terms], np.uint64)
        ids, weights, mass = self._query_terms(segment, _Query(sentence, terms, keys))
        wordings = np.flatnonzero(segment.wording_claim == claim)
        scored = [self._features(number, int(w), ids, weights, mass) for w in wordings]
        return max(scored, key=self._model.probability, default=None)

    def _search_segment(
        self, number: int, segment: Segment, query: _Query, filtered: bool
    ) -> Iterator[tuple[Match, Claim]]:
        ids, weights, mass = self._query_terms(segment, query)
        wordings = self._candidates(segment, ids, CANDIDATES * (8 if filtered else 1))
        for wording in wordings:
            place = int(segment.wording_claim[wording])
            if place in self._deleted[number]:
                continue
            features = self._features(number, wording, ids, weights, mass)
            claim = self._claim(number, place)
            said = segment.wording(wording)
            yield (
                Match(
                    claim_id=claim.id,
                    score=self._model.probability(features, len(self)),
                    field=said.field,
                    wording=said.text,
                ),
                claim,
            )

    def _query_terms(self, segment: Segment, query: _Query) -> tuple[list[int], list[float], float]:
        """Return the sentence's term numbers and weights by position, and its whole mass."""
        ids = segment.find_terms(query.keys)
        weights = [
            float(segment.term_weights[number])
            if number >= 0
            else _weigh_unknown(term.surface, term.number, segment.wordings)
            for number, term in zip(ids, query.terms, strict=True)
        ]
        masses = {int(key): weight for key, weight in zip(query.keys, weights, strict=True)}
        return [int(number) for number in ids], weights, sum(masses.values())

    def _candidates(self, segment: Segment, ids: Sequence[int], limit: int) -> list[int]:
        """Return the wordings with the most shared mass, weighed by how much of them is shared."""
        known = sorted({number for number in ids if number >= 0})
        if not known:
            return []
        starts, ends = segment.posting_starts[known], segment.posting_starts[np.array(known) + 1]
        lengths = (ends - starts).astype(np.int64)
        weights = segment.term_weights[known]
        rarest = np.argsort(lengths, kind="stable")
        kept = rarest[: max(1, int(np.searchsorted(np.cumsum(lengths[rarest]), MAX_POSTINGS)))]
        posted = np.concatenate([segment.postings[starts[i] : ends[i]] for i in kept])
        shared = np.bincount(posted, np.repeat(weights[kept], lengths[kept]), segment.wordings)
        (touched,) = np.nonzero(shared)
        rank = shared[touched] * np.sqrt(shared[touched] / segment.wording_mass[touched])
        if len(touched) > limit:
            top = np.argpartition(-rank, limit)[:limit]
            touched, rank = touched[top], rank[top]
        order = np.lexsort((touched, -rank))
        return [int(wording) for wording in touched[order]]

    def _features(
        self, number: int, wording: int, ids: list[int], weights: list[float], mass: float
    ) -> PairFeatures:
        terms, table, figures = self._wording_weights(number, wording)
        return compare(ids, weights, mass, terms, table, figures)

    def _weigh_wording(
        self, number: int, wording: int
    ) -> tuple[tuple[int, ...], dict[int, float], frozenset[int]]:
        segment = self._segments[number]
        terms = tuple(int(term) for term in segment.terms_of(wording))
        table = {term: float(segment.term_weights[term]) for term in terms}
        said = extract_terms(segment.wording(wording).text)
        keys = np.array([term_key(t.text) for t in said if t.number], np.uint64)
        figures = frozenset(int(n) for n in segment.find_terms(keys) if n >= 0)
        return terms, table, figures & frozenset(terms)

    # --- Places -----------------------------------------------------------------------------------

    def _decode(self, number: int, place: int) -> Claim:
        return self._segments[number].claim(place)

    def _locate(self, claim_id: str) -> tuple[int, int] | None:
        """Return segment and place of a claim; segments hold their claims in order of ids."""
        for number in range(len(self._segments) - 1, -1, -1):
            segment = self._segments[number]
            low, high = 0, len(segment)
            while low < high:
                middle = (low + high) // 2
                if self._claim(number, middle).id < claim_id:
                    low = middle + 1
                else:
                    high = middle
            if (
                low < len(segment)
                and low not in self._deleted[number]
                and self._claim(number, low).id == claim_id
            ):
                return number, low
        return None

    def _all_places(self) -> dict[str, tuple[int, int]]:
        if self._places is None:
            self._places = {
                self._segments[number].claim(place).id: (number, place)
                for number, segment in enumerate(self._segments)
                for place in range(len(segment))
                if place not in self._deleted[number]
            }
        return self._places


@lru_cache(maxsize=65_536)
def _weigh_unknown(surface: str, number: bool, wordings: int) -> float:
    probability = background_probability(surface, number, "en")
    return inverse_frequency(0.0, wordings, probability, PRIOR_SENTENCES)


class _weights_of:  # noqa: N801  reads as the function it is
    """The weights that a base segment gives to the terms of a delta beside it."""

    def __init__(self, base: Segment) -> None:
        self.base = base

    def __call__(self, key: int, term: Term, language: str) -> float:
        (number,) = self.base.find_terms(np.array([key], np.uint64))
        if number >= 0:
            return float(self.base.term_weights[number])
        probability = background_probability(term.surface, term.number, language)
        return inverse_frequency(1.0, self.base.wordings + 1, probability, PRIOR_SENTENCES)


def _fits(
    claim: Claim,
    language: str | None,
    topics: Collection[str] | None,
    publisher: str | None,
    as_of: str | None,
) -> bool:
    if language is not None and _tag(claim.language or language) != _tag(language):
        return False
    if topics is not None and not set(topics) & set(claim.topics):
        return False
    if publisher is not None and all(publisher != review.publisher for review in claim.reviews):
        return False
    if as_of is not None:
        # Dates of different precision compare by what they share ("2022" holds "2022-05-01").
        if claim.valid_from is not None and as_of < claim.valid_from[: len(as_of)]:
            return False
        if claim.valid_until is not None and as_of[: len(claim.valid_until)] > claim.valid_until:
            return False
    return True


def _tag(language: str) -> str:
    return language.split("-")[0].lower()


def _excluded(claim: Claim, sentence: str) -> bool:
    """Say whether a curator ruled this wording, or a near copy of it, out for the claim."""
    if not claim.exclusions:
        return False
    said = sentence.casefold()
    for exclusion in claim.exclusions:
        wording = exclusion.casefold()
        likeness = fuzz.token_sort_ratio(said, wording)
        if likeness >= EXCLUSION_LIKENESS and likeness > fuzz.token_sort_ratio(
            said, claim.text.casefold()
        ):
            return True
    return False
