"""One schema.org ClaimReview, in the shapes that publishers send, as a claim.

What a field is called and what it holds in practice differs from the vocabulary: ratings are texts,
objects or lists, ``itemReviewed`` is missing or a list, several addresses share one text. The
publisher's own words are kept in the claim's ``reviews``; our verdict follows from those words
where they are known, never from a number. What cannot be used is told, field by field.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claim_objects import claim_from_dict, claim_to_dict
from contextlib_news.formats.dates import read_date
from contextlib_news.formats.ratings import PARTED, is_number, verdict_of_rating
from contextlib_news.formats.records import Dropped, Record, Rejection
from contextlib_news.formats.schema_values import (
    addresses_in,
    fold_names,
    host_of_address,
    language_of,
    objects_in,
    texts_in,
    types_of,
)
from contextlib_news.models import Claim, Provenance, Review

__all__ = ["is_claim_review", "read_review", "review_id"]

MAX_CLAIM_CHARACTERS = 5_000
MAX_TEXT_CHARACTERS = 5_000
MAX_RATING_CHARACTERS = 1_000
MAX_APPEARANCES = 50
MAX_TOPICS = 30

_APPEARANCES = ("firstappearance", "appearance", "sameas", "url", "contenturl")


def is_claim_review(node: dict[str, Any]) -> bool:
    """Say whether an object is a ClaimReview, by its type or, where that is missing, its fields."""
    types = types_of(node)
    if "claimreview" in types:
        return True
    names = fold_names(node)
    if types and not set(types) & {"review", "claim_review", "factcheck", "claimreviewed"}:
        return False
    return "claimreviewed" in names and ("reviewrating" in names or "itemreviewed" in names)


def review_id(text: str) -> str:
    """Return the id of a claim that is made of reviews: the same for the same words."""
    return "review-" + hashlib.sha256(claim_key(text).encode("utf-8", "replace")).hexdigest()[:20]


def claim_key(text: str) -> str:
    """Return what two reviews of one claim have in common: the words without case and marks."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text.casefold()


def read_review(
    node: dict[str, Any],
    place: str,
    *,
    base: str | None = None,
    lost: tuple[str, ...] = (),
) -> Record | Rejection:
    """Return the claim of one ClaimReview with what was left out of it, or why it is none.

    ``base`` is the address of the page it stands on, for addresses without a host; ``lost`` what
    could not be read of it.
    """
    reader = _Reader(fold_names(node), place, base)
    reader.dropped += [Dropped(place=place, field="", reason=reason) for reason in lost]
    try:
        return reader.record()
    except _RejectedError as error:
        return Rejection(place=place, reason="; ".join((str(error), *lost)))


def _items_of(value: object) -> list[dict[str, Any]]:
    """Return the works that a review is of; a bare text among them is an address or the claim."""
    items = objects_in(value)
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text.strip():
            name = "url" if host_of_address(text.strip()) else "text"
            items.append({name: text})
    return items


class _RejectedError(Exception):
    """The review as a whole cannot be used."""


class _Reader:
    def __init__(self, node: dict[str, Any], place: str, base: str | None) -> None:
        self.node, self.place, self.base = node, place, base
        self.items = _items_of(node.get("itemreviewed"))
        self.dropped: list[Dropped] = []

    def record(self) -> Record:
        text, variants = self._claim_texts()
        url = self._own_address()
        publisher = self._publisher(url)
        rating, value, explanation = self._rating()
        title = self._text("name", "headline", "title", at=self.node)
        licence = self._licence()
        verdict = verdict_of_rating(rating)
        valid_from, valid_until = self._validity()
        claim = Claim(
            id=review_id(text),
            text=text,
            variants=variants,
            title=title,
            subtitle=self._text("alternativeheadline", at=self.node),
            claimant=self._claimant(),
            date=self._claim_date(),
            language=self._language(),
            verdict=verdict,
            reviews=(
                Review(
                    publisher=publisher,
                    rating=rating,
                    url=url,
                    date=self._date("datepublished", "reviewdate", "datecreated", at=self.node),
                    title=title,
                    value=value,
                    explanation=explanation,
                    licence=licence,
                ),
            ),
            topics=self._topics(),
            appearances=self._appearances(url),
            valid_from=valid_from,
            valid_until=valid_until,
            provenance=Provenance(source=publisher, licence=licence, url=url),
        )
        try:
            claim = claim_from_dict(claim_to_dict(claim))
        except InvalidClaimError as error:  # A bound of ours that the reading above missed.
            raise _RejectedError(str(error)) from None
        unknown = () if verdict is not None or is_number(rating) else (rating,)
        return Record(
            claim=claim,
            place=self.place,
            dropped=tuple(self.dropped),
            joins=True,
            unknown_ratings=unknown,
        )

    # --- The claim ---

    def _claim_texts(self) -> tuple[str, tuple[str, ...]]:
        found = texts_in(self.node.get("claimreviewed"))
        for item in self.items:
            if not types_of(item) or "claim" in types_of(item):
                found += texts_in(item.get("text")) + texts_in(item.get("alternatename"))
            if not found:
                found += texts_in(item.get("name")) or texts_in(item.get("headline"))
        found = list(dict.fromkeys(found))
        if not found:
            raise _RejectedError("claimReviewed: the review does not say what claim it reviews")
        text = found[0]
        variants: list[str] = []
        if len(text) > MAX_CLAIM_CHARACTERS:
            raise _RejectedError(f"claimReviewed: more than {MAX_CLAIM_CHARACTERS:,} characters")
        if not re.search(r"\w", text):
            raise _RejectedError("claimReviewed: it holds no word")
        if re.fullmatch(r"https?://\S+", text):
            raise _RejectedError("claimReviewed: it is an address and no claim")
        for other in found[1:]:
            if claim_key(other) == claim_key(text):
                continue
            if len(other) > MAX_CLAIM_CHARACTERS or len(variants) >= MAX_TOPICS:
                self._drop("itemReviewed.text", "too long for a wording of the claim")
            else:
                variants.append(other)
        return text, tuple(variants)

    def _claimant(self) -> str | None:
        # Some nest the claim in the work in which it appeared.
        nested = [part for item in self.items for part in objects_in(item.get("itemreviewed"))]
        for item in (*self.items, *nested):
            for name in ("author", "creator", "claimant", "spokenbycharacter"):
                names = texts_in(item.get(name), ("name", "alternatename", "@id", "url"))
                if names:
                    return self._within(", ".join(names[:20]), "itemReviewed.author")
        for item in self.items:
            for name in ("firstappearance", "appearance"):
                for work in objects_in(item.get(name)):
                    if names := texts_in(work.get("author"), ("name",)):
                        return self._within(", ".join(names[:20]), f"itemReviewed.{name}.author")
        names = texts_in(self.node.get("claimant")) or texts_in(self.node.get("claimauthor"))
        return self._within(", ".join(names[:20]), "claimant") if names else None

    def _claim_date(self) -> str | None:
        for item in self.items:
            found = self._date("datepublished", "datecreated", "uploaddate", at=item)
            if found:
                return found
        return self._date("claimdate", at=self.node)

    def _validity(self) -> tuple[str | None, str | None]:
        since = None
        until = self._date("expires", at=self.node)
        for item in self.items:
            for text in texts_in(item.get("temporalcoverage"))[:1]:
                first, _, last = text.partition("/")
                since, why = read_date(first) if first.strip(". ") else (None, None)
                if why:
                    self._drop("itemReviewed.temporalCoverage", why)
                if until is None and last.strip(". "):
                    until, why = read_date(last)
                    if why:
                        self._drop("itemReviewed.temporalCoverage", why)
        return since, until

    def _appearances(self, own: str | None) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for item in self.items:
            for name in _APPEARANCES:
                addresses, odd = addresses_in(item.get(name))
                for address in addresses:
                    found.setdefault(address)
                if name in ("firstappearance", "appearance"):
                    for text in odd:
                        self._drop(f"itemReviewed.{name}", f"{text!r} is no address")
        if own in found:
            # A publisher's own page is no place where the claim was made.
            self._drop("itemReviewed.appearance", "it is the address of the review itself")
            del found[own]
        if len(found) > MAX_APPEARANCES:
            more = len(found) - MAX_APPEARANCES
            self._drop("itemReviewed.appearance", f"{more} addresses beyond {MAX_APPEARANCES}")
        return tuple(found)[:MAX_APPEARANCES]

    def _topics(self) -> tuple[str, ...]:
        texts = texts_in(self.node.get("keywords"))
        listed = isinstance(self.node.get("keywords"), list)
        topics = texts if listed else [part.strip() for text in texts for part in text.split(",")]
        topics = [topic for topic in dict.fromkeys(topics) if topic]
        kept = [topic for topic in topics if len(topic) <= 100][:MAX_TOPICS]
        if len(kept) < len(topics):
            self._drop("keywords", f"{len(topics) - len(kept)} too long or beyond {MAX_TOPICS}")
        return tuple(kept)

    def _language(self) -> str | None:
        for value in (self.node.get("inlanguage"), *(i.get("inlanguage") for i in self.items)):
            if value in (None, "", []):
                continue
            if found := language_of(value):
                return found
            self._drop("inLanguage", f"{str(texts_in(value))[:60]} is no language known here")
        return None

    # --- The review ---

    def _own_address(self) -> str | None:
        for name in ("url", "mainentityofpage", "@id"):
            addresses, odd = addresses_in(self.node.get(name), self.base)
            if addresses:
                if len(addresses) > 1:
                    self._drop(name, f"{len(addresses) - 1} further addresses; the first is kept")
                return addresses[0]
            if odd and name == "url":
                self._drop("url", f"{odd[0]!r} is no address")
        return None

    def _publisher(self, url: str | None) -> str:
        authors = objects_in(self.node.get("author"))
        person = bool(authors) and all("person" in types_of(author) for author in authors)
        names = ("author", "publisher", "sourceorganization", "creator", "sdpublisher")
        if person:
            names = ("publisher", "sourceorganization", "author", "creator", "sdpublisher")
        for name in names:
            value = self.node.get(name)
            found = texts_in(value, ("name", "legalname", "alternatename", "site"))
            words = [text for text in found if not text.startswith(("http://", "https://"))]
            if words:
                return self._within(", ".join(words[:5]), name) or words[0]
            addresses, _ = addresses_in(value)
            if host := host_of_address(addresses[0] if addresses else None):
                return host.removeprefix("www.")
        host = host_of_address(url)
        if host is None:
            raise _RejectedError("author: the review does not say who published it")
        return host.removeprefix("www.")

    def _rating(self) -> tuple[str, str | None, str | None]:
        """Return the publisher's words, its number with the scale, and its explanation."""
        stated = self.node.get("reviewrating", self.node.get("rating"))
        ratings = objects_in(stated)
        for rating in list(ratings):
            for name in ("properties", "reviewrating"):
                ratings += objects_in(rating.get(name))
        words: list[str] = []
        for name in ("alternatename", "name", "textualrating", "ratingvalue"):
            if words:
                break
            for rating in ratings:
                words += texts_in(rating.get(name), ("alternatename", "name", "text"))
            if name == "ratingvalue":
                words = [word for word in words if not is_number(word)]
        if not isinstance(stated, dict):
            bare = [stated] if isinstance(stated, str | int | float) else stated
            bare = [v for v in bare if not isinstance(v, dict)] if isinstance(bare, list) else []
            words += texts_in(bare)
        words = words or texts_in(self.node.get("textualrating"))
        value = next((found for rating in ratings if (found := self._value(rating))), None)
        explanation = next(
            (t for rating in ratings for t in texts_in(rating.get("ratingexplanation"))), None
        )
        explanation = self._within(explanation, "reviewRating.ratingExplanation")
        rating_words = PARTED.join(dict.fromkeys(words))
        if not rating_words and explanation and len(explanation) <= MAX_RATING_CHARACTERS:
            rating_words, explanation = explanation, None
        if not rating_words and value:
            rating_words, value = value, None
        if not rating_words:
            raise _RejectedError("reviewRating: the review gives no rating")
        if len(rating_words) > MAX_RATING_CHARACTERS:
            raise _RejectedError(f"reviewRating: more than {MAX_RATING_CHARACTERS:,} characters")
        return rating_words, value if value != rating_words else None, explanation

    def _value(self, rating: dict[str, Any]) -> str | None:
        said = texts_in(rating.get("ratingvalue"), ("value",))
        if not said or not is_number(said[0]):
            return None
        if len(said[0]) > 40:
            self._drop("reviewRating.ratingValue", "more than 40 characters")
            return None
        worst, best = (texts_in(rating.get(name)) for name in ("worstrating", "bestrating"))
        try:
            low, high = float(worst[0]) if worst else None, float(best[0]) if best else None
            number = float(said[0].replace(",", "."))
        except ValueError:
            return said[0]
        if low == high or low == -1 or high == -1:
            return said[0]
        if (low is None or high is None) or min(low, high) <= number <= max(low, high):
            scale = f" ({worst[0]} to {best[0]})" if worst and best else ""
            return said[0] + (scale or (f" of {best[0]}" if best else ""))
        outside = f"{said[0]} lies outside {worst[0]} to {best[0]}, so the scale is left out"
        self._drop("reviewRating.bestRating", outside)
        return said[0]

    def _licence(self) -> str | None:
        for name in ("sdlicense", "license", "licence"):
            if texts := texts_in(self.node.get(name), ("name", "url", "@id")):
                return self._within(texts[0], name)
        return None

    # --- Parts ---

    def _text(self, *names: str, at: dict[str, Any]) -> str | None:
        for name in names:
            texts = texts_in(at.get(name))
            if texts:
                if len(texts) > 1:
                    self._drop(name, f"{len(texts) - 1} further texts; the first is kept")
                return self._within(texts[0], name)
        return None

    def _date(self, *names: str, at: dict[str, Any]) -> str | None:
        for name in names:
            for text in texts_in(at.get(name))[:1]:
                found, why = read_date(text)
                if why:
                    self._drop(name, why)
                if found:
                    return found
        return None

    def _within(self, text: str | None, name: str) -> str | None:
        if text is not None and len(text) > MAX_TEXT_CHARACTERS:
            self._drop(name, f"more than {MAX_TEXT_CHARACTERS:,} characters")
            return None
        return text

    def _drop(self, name: str, reason: str) -> None:
        if len(self.dropped) < 100:
            self.dropped.append(Dropped(place=self.place, field=name, reason=reason))
