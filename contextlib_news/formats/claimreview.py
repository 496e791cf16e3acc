"""schema.org ClaimReview in and out, also in the malformed shapes that publishers send.

What the field is called in practice differs from the vocabulary: ratings are texts, objects or
lists, ``itemReviewed`` is missing or a list, feeds hold nulls. Each review becomes a claim whose
``reviews`` keep the publisher's own words; our verdict follows from those words where they are
known, never from a number.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from contextlib_news.models import Claim, Provenance, Review, Verdict
from contextlib_news.page.metadata import plain_date, read_json_ld

__all__ = [
    "claim_to_claim_review",
    "claims_from_markup",
    "looks_like_claim_review",
    "verdict_of_rating",
]

CONTEXT = "https://schema.org"
MAX_TEXT = 5_000


def looks_like_claim_review(content: object) -> bool:
    """Say whether parsed JSON is ClaimReview, a feed of it, or a fact-check search answer."""
    if isinstance(content, list):
        return any(looks_like_claim_review(item) for item in content[:20])
    if not isinstance(content, dict):
        return False
    if "dataFeedElement" in content or "@graph" in content or "ClaimReview" in _types(content):
        return True
    claims = content.get("claims")
    return isinstance(claims, list) and any(
        isinstance(claim, dict) and "claimReview" in claim for claim in claims[:20]
    )


def claims_from_markup(source: object) -> Iterator[tuple[str, Claim | str]]:
    """Yield place and claim, or place and reason, for each ClaimReview of JSON or a saved page.

    ``source`` is parsed JSON (an object, ``@graph``, a list, a Data Commons feed, an answer of the
    Google Fact Check Tools API) or the text of an HTML page with JSON-LD in it.
    """
    if isinstance(source, str):
        soup = BeautifulSoup(source.encode("utf-8", "replace").decode("utf-8"), "lxml")
        nodes = [node for node in read_json_ld(soup) if "ClaimReview" in _types(node)]
        if not nodes:
            yield "page", "no ClaimReview markup was found in it"
        for number, node in enumerate(nodes, 1):
            yield f"review {number}", _claim(node)
        return
    number = 0
    for review in _reviews(source):
        number += 1
        yield f"review {number}", _claim(review)
    if not number:
        yield "document", "no ClaimReview was found in it"


def verdict_of_rating(rating: str) -> Verdict | None:
    """Return the verdict that a publisher's words stand for, None for words not in the table.

    Satire and "unproven" never become ``contradicted``. The table is data
    (``data/rating_words.json``); a word seen for the first time is not guessed.
    """
    words = " ".join(rating.casefold().replace("_", " ").replace("-", " ").split()).strip(
        " .!?\"'“”"
    )
    found = _rating_words().get(words)
    return Verdict(found) if found else None


def claim_to_claim_review(claim: Claim, *, publisher: str, url: str) -> dict[str, Any]:
    """Return a claim as ClaimReview: our verdict in words, without an invented number."""
    verdict = claim.verdict.value if claim.verdict else "no verdict"
    review: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "claimReviewed": claim.text,
        "datePublished": (claim.updated or claim.created or "")[:10] or None,
        "inLanguage": claim.language,
        "author": {"@type": "Organization", "name": publisher},
        "reviewRating": {
            "@type": "Rating",
            "alternateName": verdict,
            "ratingExplanation": claim.summary,
        },
        "itemReviewed": {
            "@type": "Claim",
            "text": claim.text,
            "author": {"@type": "Person", "name": claim.claimant} if claim.claimant else None,
            "datePublished": claim.date,
            "appearance": [{"@type": "CreativeWork", "url": a} for a in claim.appearances],
        },
        "expires": claim.valid_until,
        "sdLicense": claim.provenance.licence if claim.provenance else None,
        "isBasedOn": [
            {"@type": "CreativeWork", "name": r.title, "url": r.url, "datePublished": r.date}
            for r in claim.reports
            if r.url
        ],
    }
    return _without_empty(review)


def _without_empty(value: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, dict):
            item = _without_empty(item)
        elif isinstance(item, list):
            item = [_without_empty(part) if isinstance(part, dict) else part for part in item]
        if item not in (None, [], {}):
            kept[name] = item
    return kept


def _reviews(source: object) -> Iterator[dict[str, Any]]:
    """Yield the review objects of any of the known envelopes, without recursion."""
    stack = [source]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            if "ClaimReview" in _types(node):
                yield node
            elif isinstance(node.get("claimReview"), list):
                yield from _search_answer(node)
            else:
                for name in ("claims", "dataFeedElement", "item", "@graph", "mainEntity", "review"):
                    if isinstance(node.get(name), list | dict):
                        stack.append(node[name])


def _search_answer(claim: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield reviews of a Fact Check Tools answer in the shape of ClaimReview."""
    for review in claim["claimReview"]:
        if isinstance(review, dict):
            publisher = review.get("publisher")
            yield {
                "@type": "ClaimReview",
                "claimReviewed": claim.get("text"),
                "url": review.get("url"),
                "datePublished": review.get("reviewDate"),
                "inLanguage": review.get("languageCode"),
                "name": review.get("title"),
                "author": publisher if isinstance(publisher, dict) else None,
                "reviewRating": {"alternateName": review.get("textualRating")},
                "itemReviewed": {
                    "author": claim.get("claimant"),
                    "datePublished": claim.get("claimDate"),
                },
            }


def _claim(node: dict[str, Any]) -> Claim | str:
    item = _first(node.get("itemReviewed"))
    text = _text(node.get("claimReviewed")) or _text(item.get("text")) or _text(item.get("name"))
    if not text:
        return "claimReviewed: the review does not say what claim it reviews"
    url = next(iter(_addresses(node.get("url") or node.get("@id"))), None)
    rating = _rating(node.get("reviewRating"))
    publisher = _text(node.get("author")) or _text(node.get("publisher")) or _host(url)
    if not rating:
        return "reviewRating: the review gives no rating"
    if not publisher:
        return "author: the review does not say who published it"
    seed = "\x1f".join((url or "", publisher, text))
    return Claim(
        id="review-" + hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:20],
        text=text,
        title=_text(node.get("name")) or _text(node.get("headline")),
        claimant=_text(item.get("author")),
        date=plain_date(item.get("datePublished")),
        language=_language(node.get("inLanguage")),
        verdict=verdict_of_rating(rating),
        reviews=(
            Review(
                publisher=publisher,
                rating=rating,
                url=url,
                date=plain_date(node.get("datePublished")),
            ),
        ),
        appearances=tuple(
            a
            for name in ("firstAppearance", "appearance", "sameAs", "url")
            for a in _addresses(item.get(name))
            if a != url
        )[:50],
        provenance=Provenance(source=publisher, licence=_text(node.get("sdLicense")), url=url),
    )


def _rating(value: object) -> str | None:
    """Return the words of a rating; a bare number is kept as its own words."""
    rating = _first(value)
    if not rating:
        return _text(value)
    inner = rating.get("properties")
    if isinstance(inner, dict):
        rating = rating | inner
    for name in ("alternateName", "name", "ratingExplanation", "textualRating"):
        words = _text(rating.get(name))
        if words:
            return words[:300]
    value = _text(rating.get("ratingValue"))
    best = _text(rating.get("bestRating"))
    return (f"{value} of {best}" if best and best not in ("-1", "0") else value) if value else None


def _text(value: object) -> str | None:
    """Return the first text in a value that may be a text, a number, an object or a list."""
    for _ in range(4):
        if isinstance(value, list):
            value = next((item for item in value if item), None)
        elif isinstance(value, dict):
            value = next(
                (
                    value[k]
                    for k in ("@value", "name", "text", "alternateName", "url")
                    if value.get(k)
                ),
                None,
            )
        else:
            break
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join(html.unescape(str(value)).split())[:MAX_TEXT]
    return text or None


def _first(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else {}


def _addresses(value: object) -> list[str]:
    """Return the addresses in a text, an object or a list; several may share one text."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item = item.get("url") or item.get("@id") or item.get("contentUrl")
        if isinstance(item, list):
            item = " ".join(part for part in item if isinstance(part, str))
        if isinstance(item, str):
            for part in item[:20_000].replace(",http", " http").split():
                part = part.strip(",;<>\"'()")
                if part.startswith(("http://", "https://")) and _host(part) and part not in found:
                    found.append(part)
    return found


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def _language(value: object) -> str | None:
    text = _text(value)
    return text if text and len(text) <= 12 and text.replace("-", "").isalpha() else None


def _types(node: dict[str, Any]) -> list[str]:
    value = node.get("@type") or node.get("type")
    names = value if isinstance(value, list) else [value]
    return [name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)]


@cache
def _rating_words() -> dict[str, str]:
    text = (files("contextlib_news.data") / "rating_words.json").read_text(encoding="utf-8")
    table = json.loads(text)["verdicts"]
    return {word: verdict for verdict, words in table.items() for word in words}
