"""Several reviews of one claim become one claim that keeps every review."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from contextlib_news.formats.ratings import joint_verdict, verdict_of_rating
from contextlib_news.formats.records import Dropped, Record, Rejection
from contextlib_news.models import Claim, Review, Verdict

__all__ = ["join_claims", "join_records"]

Results = Iterable[Record | Rejection]


def join_records(read: Callable[[], Results]) -> Iterator[Record | Rejection]:
    """Yield what ``read()`` yields, those records joined that are made of reviews of one claim.

    It is read twice: first for the claims that have several reviews, of which only eight bytes each
    are held, then for the records. A joined claim comes where the last of its reviews stood, so
    memory holds no more than the claims that still wait for one.
    """
    keys = array("Q", (_key(one.claim) for one in read() if isinstance(one, Record) and one.joins))
    waiting = {key: count for key, count in Counter(keys).items() if count > 1}
    del keys
    groups: dict[int, list[Record]] = {}
    for one in read():
        if not isinstance(one, Record) or not one.joins or (key := _key(one.claim)) not in waiting:
            yield one
            continue
        group = groups.setdefault(key, [])
        group.append(one)
        waiting[key] -= 1
        if not waiting[key]:
            del waiting[key]
            yield _joined(groups.pop(key))
    # Nothing waits any more, unless the file was changed between the two readings.
    yield from (_joined(group) for group in groups.values())


def join_claims(held: Claim, more: Claim) -> Claim:
    """Return a claim with the reviews of another one of the same text added to it.

    Fields that ``held`` has stay; a review of the same publisher at the same address is replaced.
    The verdict follows from all words again where it was the reviews' before, else it stays: a
    curator's verdict is never overruled. Joining twice changes nothing.
    """
    reviews = {(review.publisher, review.url): review for review in held.reviews}
    reviews |= {(review.publisher, review.url): review for review in more.reviews}
    verdict = held.verdict
    if verdict == _verdict_of(held.reviews):
        verdict = _verdict_of(reviews.values())
    others = [more.text, *more.variants]
    taken = {held.text, *held.exclusions}
    return replace(
        held,
        variants=tuple(dict.fromkeys((*held.variants, *(t for t in others if t not in taken)))),
        title=held.title or more.title,
        subtitle=held.subtitle or more.subtitle,
        claimant=held.claimant or more.claimant,
        date=held.date or more.date,
        language=held.language or more.language,
        verdict=verdict,
        reviews=tuple(reviews.values()),
        topics=tuple(dict.fromkeys((*held.topics, *more.topics))),
        appearances=tuple(dict.fromkeys((*held.appearances, *more.appearances))),
        fingerprints=tuple(dict.fromkeys((*held.fingerprints, *more.fingerprints))),
        valid_from=held.valid_from or more.valid_from,
        valid_until=held.valid_until or more.valid_until,
        provenance=held.provenance or more.provenance,
    )


def _joined(records: list[Record]) -> Record:
    claim = records[0].claim
    dropped = list(records[0].dropped)
    for record in records[1:]:
        more = record.claim
        for name in ("claimant", "date", "language", "valid_from", "valid_until"):
            ours, theirs = getattr(claim, name), getattr(more, name)
            if ours and theirs and ours != theirs:
                reason = f"{theirs[:80]!r}, while another review of this claim says {ours[:80]!r}"
                dropped.append(Dropped(place=record.place, field=name, reason=reason))
        doubled = {(review.publisher, review.url): review for review in claim.reviews}
        for review in more.reviews:
            before = doubled.get((review.publisher, review.url))
            if before is not None and before != review:
                reason = f"{before.rating[:80]!r}; a later review by it at that address replaces it"
                dropped.append(Dropped(place=record.place, field="reviews", reason=reason))
        dropped += record.dropped
        claim = join_claims(claim, more)
    return replace(
        records[0],
        claim=claim,
        held=sum(record.held for record in records),
        dropped=tuple(dropped),
        unknown_ratings=tuple(dict.fromkeys(w for r in records for w in r.unknown_ratings)),
    )


def _verdict_of(reviews: Iterable[Review]) -> Verdict | None:
    return joint_verdict(verdict_of_rating(review.rating) for review in reviews)


def _key(claim: Claim) -> int:
    return int.from_bytes(blake2b(claim.id.encode(), digest_size=8).digest(), "big")
