"""Claim search in the shape of the Google Fact Check Tools API, for the clients that speak it.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify, request

from contextlib_news.models import Claim
from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.presenters import PUBLISHER, claim_address
from contextlib_news_server.schemas import ClaimReviewSearchQuery, InvalidFieldsError
from contextlib_news_server.services import services
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read

__all__ = ["bp"]

# As theirs: more may be asked for and is not given.
LARGEST_PAGE = 100

# So far a ranking reaches, and so many claims are looked at where there is no query.
RANKED = 1_000
LISTED = 20_000

Json = dict[str, Any]

bp = described_blueprint("fact_check_tools", "claim search")


@bp.get(
    "/v1alpha1/claims:search",
    summary="Claim search in the shape of the Google Fact Check Tools",
    responses={"200": answers.ClaimReviews},
)
def search_claims(query: ClaimReviewSearchQuery) -> Response:
    """Return the published claims that fit a query, best first, each with its reviews.

    Our own verdict is one `claimReview`, whose publisher is this service. A claim without a
    language fits every `languageCode`. `key` and `alt` are passed over.
    """
    words, site = query.query.strip(), _site(query.reviewPublisherSiteFilter)
    if not words and not site:
        raise InvalidFieldsError([("query", "query or reviewPublisherSiteFilter must be given")])
    start = _start(query)
    size = min(query.pageSize or 10, LARGEST_PAGE)
    oldest = _oldest(query.maxAgeDays)
    language = query.languageCode or None
    found = _ranked(words, language) if words else _listed(language)
    base = request.url_root
    fitting = (
        row
        for row in (_present(claim, base, site, oldest) for claim in found)
        if row["claimReview"]
    )
    shown = list(islice(fitting, start, start + size + 1))
    answer: Json = {"claims": shown[:size]} if shown else {}
    if len(shown) > size:
        answer["nextPageToken"] = str(start + size)
    return jsonify(answer)


def _start(query: ClaimReviewSearchQuery) -> int:
    """Return where the page starts: a token goes before an offset."""
    if not query.pageToken:
        return min(query.offset, RANKED + LISTED)
    if not query.pageToken.isascii() or not query.pageToken.isdecimal():
        raise InvalidFieldsError([("pageToken", "is none that this service gave")])
    return min(int(query.pageToken[:9]), RANKED + LISTED)


def _oldest(days: int | None) -> str | None:
    if days is None:
        return None
    today = datetime.now(UTC).date()
    try:
        return (today - timedelta(days=days)).isoformat()
    except OverflowError:
        return date.min.isoformat()


def _ranked(words: str, language: str | None) -> Iterator[Claim]:
    index = services().matcher.current().index
    (matches,) = index.search([words], limit=RANKED, language=language)
    for match in matches:
        claim = index.claim(match.claim_id)
        if claim is not None:
            yield claim


def _listed(language: str | None) -> Iterator[Claim]:
    primary = (language or "").casefold().split("-")[0]
    with read(services().engine) as connection:
        for claim in islice(claims.published(connection), LISTED):
            own = (claim.language or "").casefold().split("-")[0]
            if not primary or not own or own == primary:
                yield claim


def _present(claim: Claim, base: str, site: str, oldest: str | None) -> Json:
    """Return a claim with the reviews that fit; none of them where no review does."""
    reviews: list[Json] = []
    if claim.verdict is not None:
        reviews.append(
            _review(
                claim,
                PUBLISHER,
                claim_address(base, claim.id),
                claim.verdict.value,
                (claim.updated or claim.created or "")[:10],
            )
        )
    reviews += [
        _review(claim, review.publisher, review.url, review.rating, review.date or "")
        for review in claim.reviews
    ]
    fitting = [
        review
        for review in reviews
        if (not site or _fits(review["publisher"], site))
        and (oldest is None or review.get("reviewDate", "") >= oldest)
    ]
    row: Json = {
        "text": claim.text,
        "claimant": claim.claimant,
        "claimDate": _time(claim.date),
        "claimReview": [_timed(review) for review in fitting],
    }
    return {name: value for name, value in row.items() if value is not None}


def _review(claim: Claim, publisher: str, url: str | None, rating: str, day: str) -> Json:
    host = _site(url or "")
    row: Json = {
        "publisher": {"name": publisher} | ({"site": host} if host else {}),
        "url": url,
        "title": claim.title or claim.text,
        "reviewDate": day or None,
        "textualRating": rating,
        "languageCode": claim.language,
    }
    return {name: value for name, value in row.items() if value is not None}


def _timed(review: Json) -> Json:
    when = _time(review.get("reviewDate"))
    rest = {name: value for name, value in review.items() if name != "reviewDate"}
    return rest | ({"reviewDate": when} if when else {})


def _time(day: str | None) -> str | None:
    """Return a day as they write it; a year or a month alone is no time."""
    return f"{day}T00:00:00Z" if day and len(day) == len("2022-01-20") else None


def _fits(publisher: Json, site: str) -> bool:
    host: str = publisher.get("site", "")
    named: str = publisher["name"].casefold()
    return named == site or host == site or host.endswith(f".{site}")


def _site(address: str) -> str:
    """Return the host of an address or of a bare name, without ``www``."""
    text = address.strip().casefold()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
