"""The claim index: build it, save it, open it, search it, change it.

An index is immutable. A change gives a new index that shares the old one's arrays: a small delta
segment holds the new claims, tombstones hide the old ones, and :meth:`ClaimIndex.merged` makes one
segment of them when the caller chooses to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from contextlib_news.errors import IndexFileError, InvalidClaimError
from contextlib_news.matching.build import build_segment
from contextlib_news.matching.comparison import Pairs, compare_page
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.exclusions import is_excluded
from contextlib_news.matching.file import FORMAT_VERSION, read_index, write_index
from contextlib_news.matching.filters import ClaimFilter
from contextlib_news.matching.ranking import bounded, order_of, ranks_of
from contextlib_news.matching.retrieval import Scanner
from contextlib_news.matching.scoring import Model, load_model, model_from_row
from contextlib_news.matching.segment import FIELDS, Segment
from contextlib_news.matching.semantic import vectors_of
from contextlib_news.matching.sentences import Sentences, read_sentences
from contextlib_news.models import Claim, Match

__all__ = ["ClaimIndex", "IndexInfo"]

# Claims compared with a sentence in full; the others fell out by their BM25 sum.
SCORED = 12


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


class ClaimIndex:
    """Claims that can be searched by what a sentence says; safe to share between threads."""

    def __init__(
        self,
        segments: Sequence[Segment],
        deleted: Sequence[frozenset[int]] | None = None,
        model: Model | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self._segments = tuple(segments)
        self._deleted = tuple(deleted or (frozenset() for _ in segments))
        self._encoder = encoder
        self._model = model or load_model(semantic=encoder is not None)
        self._scanner = Scanner()
        self._excluding = tuple(bool(segment.excluding.any()) for segment in self._segments)
        self._alive = tuple(
            _alive(len(segment), gone)
            for segment, gone in zip(self._segments, self._deleted, strict=True)
        )

    # --- Building ---------------------------------------------------------------------------------

    @classmethod
    def build(
        cls,
        claims: Iterable[Claim],
        *,
        encoder: Encoder | None = None,
        progress: bool = False,
        presorted: bool = False,
    ) -> ClaimIndex:
        """Return the index of claims; the same claims in any order give the same index.

        With an ``encoder`` it is one of the semantic tier, which finds claims by meaning as well.
        ``progress`` shows a bar on standard error. Claims that come ``presorted`` by id are read
        one by one and never held together. Raises
        :class:`~contextlib_news.errors.InvalidClaimError` where two claims share an id, or where
        presorted ones are in another order.
        """
        ordered = claims if presorted else sorted(claims, key=lambda claim: claim.id)
        shown = tqdm(_in_order(ordered), desc="indexing", unit=" claims", disable=not progress)
        return cls((build_segment(shown, encoder=encoder),), encoder=encoder)

    def with_changes(
        self, *, upserts: Iterable[Claim] = (), deletes: Iterable[str] = ()
    ) -> ClaimIndex:
        """Return an index with claims added or replaced, and others taken out.

        The cost grows with the change, not with the index. Unknown ids among ``deletes`` are
        passed over; of two upserts with one id the later one counts.
        """
        changed = {claim.id: claim for claim in upserts}
        deleted = [set(numbers) for numbers in self._deleted]
        for claim_id in set(deletes) | set(changed):
            place = self._locate(claim_id)
            if place is not None:
                deleted[place[0]].add(place[1])
        segments = list(self._segments)
        if changed:
            base = self._segments[0] if self._segments and len(self._segments[0]) else None
            ordered = [changed[key] for key in sorted(changed)]
            segments.append(build_segment(ordered, base, encoder=self._encoder))
            deleted.append(set())
        gone = [frozenset(numbers) for numbers in deleted]
        return ClaimIndex(segments, gone, self._model, self._encoder)

    def with_model(self, model: Model) -> ClaimIndex:
        """Return the same claims scored by another model, which is saved with them."""
        return ClaimIndex(self._segments, self._deleted, model, self._encoder)

    def merged(self, first: int = 0) -> ClaimIndex:
        """Return the same claims with the segments from ``first`` on as one, built anew.

        Deltas slow a search a little each, and weigh their words by the counts of the first
        segment; the caller chooses when building is worth it, in a thread beside the searches.
        Joining the last few costs as much as these hold. Vectors are kept, not made again.
        """
        whole = len(self._segments) - first <= 1 and not any(self._deleted[first:])
        if whole or first >= len(self._segments):
            return self
        base = self._segments[0] if first and len(self._segments[0]) else None
        segment = build_segment(
            self._claims_from(first), base, encoder=self._encoder, vectors=self._vectors
        )
        segments, deleted = [*self._segments[:first], segment], [*self._deleted[:first]]
        return ClaimIndex(segments, [*deleted, frozenset()], self._model, self._encoder)

    def save(self, path: str | Path) -> None:
        """Write the index to a file, atomically: a killed save leaves the old file."""
        shipped = self._model is load_model(semantic=self._model.semantic)
        extra = {
            "model": None if shipped else self._model.row,
            "encoder": self._encoder.digest if self._encoder else None,
        }
        write_index(self._segments, self._deleted, Path(path), extra)

    @classmethod
    def open(
        cls, path: str | Path, *, encoder: Encoder | None = None, verify: bool = False
    ) -> ClaimIndex:
        """Return the index of a file, mapped into memory and shared between processes.

        ``encoder`` must be the one that the index was built with; without it an index of the
        semantic tier is searched by its words alone. ``verify`` reads the whole file against its
        checksums; without it large files are checked by their length, their header and samples.
        Raises :class:`~contextlib_news.errors.IndexFileError` for a file that is missing,
        truncated, damaged, foreign, of a newer version or of another encoder.
        """
        segments, deleted, extra = read_index(Path(path), verify=verify)
        if encoder is not None and encoder.digest != extra["encoder"]:
            made = "another encoder" if extra["encoder"] else "no encoder"
            raise IndexFileError(f"{path}: built with {made}; build it anew with this one")
        try:
            model = None if extra["model"] is None else model_from_row(extra["model"])
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise IndexFileError(f"{path}: its model cannot be used: {error}") from None
        if model is not None and model.semantic and encoder is None:
            raise IndexFileError(f"{path}: its model needs the encoder that it was built with")
        return cls(segments, deleted, model, encoder)

    # --- Looking things up ------------------------------------------------------------------------

    @property
    def threshold(self) -> float:
        """The score from which a match is shown; stored with the model."""
        return self._model.threshold

    @property
    def model(self) -> Model:
        """The model that scores the pairs: the one that ships, or a refit saved with the index."""
        return self._model

    def __len__(self) -> int:
        """Return the number of claims."""
        return sum(map(len, self._segments)) - sum(map(len, self._deleted))

    def __iter__(self) -> Iterator[Claim]:
        """Iterate over the claims by id."""
        return self._claims_from(0)

    def _claims_from(self, first: int) -> Iterator[Claim]:
        places = sorted(
            (segment.claim_id(place), number, place)
            for number, segment in enumerate(self._segments)
            if number >= first
            for place in range(len(segment))
            if place not in self._deleted[number]
        )
        return (self._segments[number].claim(place) for _, number, place in places)

    def _vectors(self, claim_id: str) -> NDArray[np.int8] | None:
        """Return the vectors that are held of a claim, or None."""
        place = self._locate(claim_id)
        return None if place is None else vectors_of(self._segments[place[0]], place[1])

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of claims in each segment, those that were taken out left out."""
        return tuple(
            len(segment) - len(gone)
            for segment, gone in zip(self._segments, self._deleted, strict=True)
        )

    def claim(self, claim_id: str) -> Claim | None:
        """Return a claim by its id, or None."""
        place = self._locate(claim_id)
        return None if place is None else self._segments[place[0]].claim(place[1])

    def holding(self, what: str, limit: int) -> list[Claim] | None:
        """Return the claims that hold something for other notes than their own.

        ``what`` is ``pages`` (reports and fingerprints of texts) or ``quotations``. None where they
        are more than ``limit``, which is found out without reading any.
        """
        places = [
            (number, claim)
            for number, (segment, gone) in enumerate(
                zip(self._segments, self._deleted, strict=True)
            )
            for claim in segment.facet(f"holds:{what}").tolist()
            if claim not in gone
        ]
        if len(places) > limit:
            return None
        return [self._segments[number].claim(claim) for number, claim in places]

    def info(self) -> IndexInfo:
        """Return what is in the index."""
        return IndexInfo(
            claims=len(self),
            wordings=sum(segment.wordings for segment in self._segments),
            terms=sum(len(segment.term_keys) for segment in self._segments),
            segments=len(self._segments),
            deleted=sum(map(len, self._deleted)),
            bytes=sum(segment.bytes for segment in self._segments),
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
        text_language: str | None = None,
    ) -> list[list[Match]]:
        """Return for each sentence the claims it may be about, best first.

        ``score`` is the probability that the sentence is about the claim, 0..1, and at most that of
        the claim before; ``min_score`` leaves out those below. Filters: a claim fits ``language``
        where it has that one or none, ``topics`` where it has one of them, ``publisher`` where one
        of its reviews is by it, ``as_of`` (a date) where it was valid then. ``text_language`` says
        in which language the sentences are, for their stems; ``language`` stands in for it, and
        else English. No text raises.
        """
        wanted = ClaimFilter(language, topics, publisher, as_of)
        page = read_sentences(sentences, text_language or language, self._segments)
        found: list[list[Match]] = [[] for _ in page.texts]
        pairs = self._compare(page, max(limit, SCORED), wanted) if limit > 0 else None
        if pairs is None:
            return found
        scores = self._model.probabilities(pairs.values, pairs.verbatim, len(self))
        standing = self._model.standing(pairs.values, pairs.verbatim, scores)
        sentence, number, claim, _ = pairs.places.T
        order = order_of(self._segments, sentence, number, claim, standing)
        if any(self._excluding):
            kept = [not self._is_excluded(place, page) for place in pairs.places[order].tolist()]
            order = order[np.array(kept, np.bool_)]
        scores = bounded(sentence[order], scores[order])
        shown = (scores >= min_score) & (ranks_of(sentence[order]) < limit)
        places = pairs.places[order[shown]]
        found_as = zip(places.tolist(), scores[shown].tolist(), *self._matched(places), strict=True)
        for place, score, claim_id, field, variant in found_as:
            match = Match(claim_id=claim_id, score=score, field=field, variant=variant)
            found[place[0]].append(match)
        return found

    def compare(
        self, sentences: Iterable[str], limit: int = SCORED, *, text_language: str | None = None
    ) -> Iterator[tuple[int, str, tuple[float, ...], bool]]:
        """Yield what a model is fitted on: sentence, claim id, features, whether word for word.

        At most ``limit`` claims a sentence by BM25, the number of the sentence counted from 0.
        ``text_language`` says in which language the sentences are, English if none is given.
        """
        page = read_sentences(sentences, text_language, self._segments)
        pairs = self._compare(page, limit, ClaimFilter())
        if pairs is None:
            return
        for at, (sentence, number, claim, _) in enumerate(pairs.places.tolist()):
            values = tuple(pairs.values[at].tolist())
            yield sentence, self._segments[number].claim_id(claim), values, bool(pairs.verbatim[at])

    def features(
        self,
        sentence: str,
        claim_id: str,
        *,
        limit: int = SCORED,
        text_language: str | None = None,
    ) -> Mapping[str, float] | None:
        """Return the parts of a score by name; None where the claim is no candidate at all.

        ``limit`` and ``text_language`` are those of the search that found it.
        """
        rows = self.compare([sentence], max(limit, SCORED), text_language=text_language)
        for _, found, values, verbatim in rows:
            if found == claim_id:
                return dict(zip(self._model.features, values, strict=True)) | {
                    "verbatim": float(verbatim)
                }
        return None

    def _compare(self, page: Sentences, limit: int, wanted: ClaimFilter) -> Pairs | None:
        allowed = [
            wanted.mask(segment, alive)
            for segment, alive in zip(self._segments, self._alive, strict=True)
        ]
        return compare_page(
            self._segments, page, self._scanner, allowed, limit, len(self), self._encoder
        )

    def _is_excluded(self, place: list[int], page: Sentences) -> bool:
        """Say whether a curator ruled this sentence out for this claim."""
        sentence, number, claim, _ = place
        segment = self._segments[number]
        return (
            self._excluding[number]
            and bool(segment.excluding[claim])
            and is_excluded(segment.claim(claim), page.texts[sentence])
        )

    def _matched(self, places: NDArray[np.int64]) -> tuple[list[str], list[str], list[int]]:
        """Return the ids of claims, and the fields and variants of their wordings."""
        ids, fields, variants = [""] * len(places), [""] * len(places), [0] * len(places)
        for number, segment in enumerate(self._segments):
            (rows,) = np.nonzero(places[:, 1] == number)
            wordings = places[rows, 3]
            described = zip(
                rows.tolist(),
                segment.claim_ids(places[rows, 2]),
                segment.wording_field[wordings].tolist(),
                segment.wording_number[wordings].tolist(),
                strict=True,
            )
            for row, claim_id, field, variant in described:
                ids[row], fields[row], variants[row] = claim_id, FIELDS[field], variant
        return ids, fields, variants

    def _locate(self, claim_id: str) -> tuple[int, int] | None:
        """Return segment and place of a claim."""
        for number in range(len(self._segments) - 1, -1, -1):
            place = self._segments[number].locate(claim_id)
            if place is not None and place not in self._deleted[number]:
                return number, place
        return None


def _in_order(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield claims whose ids rise; raise where they do not."""
    last: str | None = None
    for claim in claims:
        if last is not None and claim.id == last:
            raise InvalidClaimError(f"two claims have the id {claim.id!r}; ids must differ")
        if last is not None and claim.id < last:
            raise InvalidClaimError(f"the claim {claim.id!r} comes after {last!r}; sort by id")
        last = claim.id
        yield claim


def _alive(size: int, deleted: frozenset[int]) -> NDArray[np.bool_] | None:
    """Return which claims of a segment are still there, None for all of them."""
    if not deleted:
        return None
    alive = np.ones(size, np.bool_)
    alive[sorted(deleted)] = False
    return alive
