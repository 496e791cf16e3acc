"""Claims as schema.org ClaimReview and as a Data Commons feed, written as a stream.

Our verdict is one review, in words and without an invented number; each publisher's review keeps
its own words, publisher and address beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from contextlib_news.models import Claim, Report, Review

__all__ = ["claim_to_claim_review", "claim_to_claim_reviews", "write_claim_reviews", "write_feed"]

CONTEXT = "https://schema.org"
NO_VERDICT = "no verdict"

Address = Callable[[Claim], str]


def claim_to_claim_review(claim: Claim, *, publisher: str, url: str) -> dict[str, Any]:
    """Return our own review of a claim as ClaimReview: the verdict in words, without a number."""
    return _without_empty(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": url,
            "url": url,
            "claimReviewed": claim.text,
            "name": claim.title,
            "alternativeHeadline": claim.subtitle,
            "datePublished": (claim.updated or claim.created or "")[:10] or None,
            "inLanguage": claim.language,
            "author": {"@type": "Organization", "name": publisher},
            "reviewRating": {
                "@type": "Rating",
                "alternateName": claim.verdict.value if claim.verdict else NO_VERDICT,
                "ratingExplanation": claim.summary,
            },
            "itemReviewed": _item(claim),
            "keywords": list(claim.topics),
            "expires": claim.valid_until,
            "sdLicense": claim.provenance.licence if claim.provenance else None,
            "isBasedOn": [_work(report) for report in claim.reports],
        }
    )


def claim_to_claim_reviews(claim: Claim, *, publisher: str, url: str) -> Iterator[dict[str, Any]]:
    """Yield our own review of a claim, where it has a verdict or no other, then all others."""
    others = [r for r in claim.reviews if (r.publisher, r.url) != (publisher, url)]
    if claim.verdict or not others:
        yield claim_to_claim_review(claim, publisher=publisher, url=url)
    for review in others:
        yield _without_empty(
            {
                "@context": CONTEXT,
                "@type": "ClaimReview",
                "url": review.url,
                "claimReviewed": claim.text,
                "name": review.title,
                "datePublished": review.date,
                "inLanguage": claim.language,
                "author": {"@type": "Organization", "name": review.publisher},
                "reviewRating": _rating(review),
                "itemReviewed": _item(claim),
                "keywords": list(claim.topics),
                "sdLicense": review.licence,
            }
        )


def write_claim_reviews(
    claims: Iterable[Claim], stream: IO[str], *, publisher: str, address: Address
) -> int:
    """Write a JSON list of ClaimReviews, one a line, and return how many.

    ``address`` gives the address at which the publisher shows a claim. The same claims give the
    same bytes; one claim at a time is held.
    """
    reviews = (
        review
        for claim in claims
        for review in claim_to_claim_reviews(claim, publisher=publisher, url=address(claim))
    )
    return _write_list(reviews, stream, before="[", after="]\n")


def write_feed(
    claims: Iterable[Claim], stream: IO[str], *, publisher: str, address: Address
) -> int:
    """Write a Data Commons feed, one item a claim and a line, and return how many.

    As :func:`write_claim_reviews`; ``dateModified`` is the date of the last change among the
    claims, not the time of writing, and stands at the end for that reason.
    """
    last = ""

    def items() -> Iterator[dict[str, Any]]:
        nonlocal last
        for claim in claims:
            url = address(claim)
            last = max(last, claim.updated or "", claim.created or "")
            reviews = list(claim_to_claim_reviews(claim, publisher=publisher, url=url))
            item = {
                "@type": "DataFeedItem",
                "url": url,
                "dateCreated": claim.created,
                "dateModified": claim.updated,
                "item": reviews,
            }
            yield _without_empty(item)

    head = {"@context": CONTEXT, "@type": "DataFeed", "name": f"Claim reviews of {publisher}"}
    before = _dumps(head)[:-1] + ', "dataFeedElement": ['
    count = _write_list(items(), stream, before=before, after="]")
    stream.write((f', "dateModified": {_dumps(last)}' if last else "") + "}\n")
    return count


def _write_list(
    objects: Iterable[dict[str, Any]], stream: IO[str], *, before: str, after: str
) -> int:
    stream.write(before)
    count = 0
    for one in objects:
        stream.write((",\n" if count else "\n") + _dumps(one))
        count += 1
    stream.write(("\n" if count else "") + after)
    return count


def _dumps(value: object) -> str:
    """Return JSON that may stand in a page's script element and holds no half characters."""
    text = json.dumps(value, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "\\u003c!--")
    return text.encode("utf-8", "replace").decode("utf-8")


def _item(claim: Claim) -> dict[str, Any]:
    since, until = claim.valid_from, claim.valid_until
    return {
        "@type": "Claim",
        "text": claim.text,
        "alternateName": list(claim.variants),
        "author": {"@type": "Person", "name": claim.claimant} if claim.claimant else None,
        "datePublished": claim.date,
        "appearance": [{"@type": "CreativeWork", "url": address} for address in claim.appearances],
        # ISO 8601-2 writes an open end of an interval as "..".
        "temporalCoverage": f"{since or '..'}/{until or '..'}" if since or until else None,
    }


def _rating(review: Review) -> dict[str, Any]:
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": review.rating}
    if review.value:
        number, _, scale = review.value.partition(" ")
        rating["ratingValue"] = number
        if scale.startswith("of "):
            rating["bestRating"] = scale[3:]
        elif " to " in scale:
            worst, _, best = scale.strip("()").partition(" to ")
            rating |= {"worstRating": worst, "bestRating": best}
    rating["ratingExplanation"] = review.explanation
    return rating


def _work(report: Report) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": report.title,
        "url": report.url,
        "datePublished": report.date,
        "publisher": {"@type": "Organization", "name": report.outlet},
    }


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
