"""Published claims: searched, listed, and one at a time."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, jsonify, request

from contextlib_news.formats.claimreview import claim_to_claim_review
from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.errors import Problem
from contextlib_news_server.presenters import PUBLISHER, claim_address, present_claim
from contextlib_news_server.schemas import ClaimPath, ClaimsQuery, is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read

__all__ = ["bp"]

JSON = "application/json"
CLAIM_REVIEW = "application/ld+json"

bp = described_blueprint("claims", "claims", "/api/v1")

_ANSWERS: dict[Any, Any] = {
    "200": {
        "description": "The claim, in the form that Accept asks for",
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/ShownClaim"}},
            CLAIM_REVIEW: {"schema": {"type": "object"}},
        },
    }
}


@bp.get("/claims", summary="Published claims", responses={"200": answers.ListedClaims})
def list_claims(query: ClaimsQuery) -> Response:
    """Return published claims, those that fit `query` best first, or all by id from `after`."""
    found = services()
    words = query.query.strip()
    if words:
        index = found.matcher.current().index
        (matches,) = index.search([words], limit=query.limit)
        rows = [(index.claim(match.claim_id), match.score) for match in matches]
        shown = [
            present_claim(claim, request.url_root) | {"score": round(score, 4)}
            for claim, score in rows
            if claim is not None
        ]
        return jsonify({"claims": shown, "next": None, "threshold": index.threshold})
    with read(found.engine) as connection:
        page = claims.page(connection, after=query.after, limit=query.limit)
    following = page[-1].id if len(page) == query.limit else None
    shown = [present_claim(claim, request.url_root) for claim in page]
    return jsonify({"claims": shown, "next": following})


@bp.get("/claims/<path:id>", summary="One published claim", responses=_ANSWERS)
def show_claim(path: ClaimPath) -> Response:
    """Return one published claim, or with `Accept: application/ld+json` its ClaimReview."""
    claim = None
    if is_keepable(path.id):
        with read(services().engine) as connection:
            claim = claims.get(connection, path.id)
    if claim is None:
        raise Problem(404, "No published claim has this id.")
    if request.accept_mimetypes.best_match([JSON, CLAIM_REVIEW], default=JSON) == CLAIM_REVIEW:
        review = claim_to_claim_review(
            claim, publisher=PUBLISHER, url=claim_address(request.url_root, claim.id)
        )
        return Response(json.dumps(review), content_type=CLAIM_REVIEW)
    return jsonify(present_claim(claim, request.url_root))
