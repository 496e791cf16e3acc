"""The JSON API under ``/api/v1``: parse, call, present."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from contextlib_news.annotate import annotate
from contextlib_news_server.errors import FieldProblem, Problem
from contextlib_news_server.limits import PageTooLargeError, check_size
from contextlib_news_server.presenters import present_annotation, present_claim, present_outlet
from contextlib_news_server.schemas import (
    InvalidFieldsError,
    parse_annotate,
    parse_domains,
    parse_flag,
    parse_json,
)
from contextlib_news_server.services import services
from contextlib_news_server.store import claims, flags
from contextlib_news_server.store.database import read

__all__ = ["bp"]

bp = Blueprint("api", __name__, url_prefix="/api/v1")

CLAIMS_A_PAGE = 50


@bp.post("/annotate")
def annotate_page() -> Response:
    """Return the notes on a page."""
    found = services()
    page, language = _checked(lambda: parse_annotate(_body(), found.config))
    try:
        check_size(page, found.config)
    except PageTooLargeError as error:
        raise Problem(413, str(error)) from None
    snapshot = found.matcher.current()
    annotation = annotate(
        page, index=snapshot.index, outlets=snapshot.outlets, reader_language=language
    )
    return jsonify(present_annotation(annotation, request.url_root))


@bp.post("/outlets")
def look_up_outlets() -> Response:
    """Return the outlets of up to 500 domains, null for those that no rater held here lists."""
    domains = _checked(lambda: parse_domains(_body()))
    directory = services().matcher.current().outlets
    answer: dict[str, Any] = {}
    for domain in domains:
        outlet = directory.find(domain)
        known = outlet is not None and outlet.relation.value != "unrated"
        answer[domain] = present_outlet(outlet) if outlet is not None and known else None
    return jsonify({"outlets": answer})


@bp.get("/outlets/<path:domain>")
def show_outlet(domain: str) -> Response:
    """Return one outlet with its ratings."""
    outlet = services().matcher.current().outlets.find(domain)
    if outlet is None or outlet.relation.value == "unrated":
        raise Problem(404, "No rater held here lists this domain.")
    return jsonify(present_outlet(outlet))


@bp.get("/claims")
def list_claims() -> Response:
    """Return published claims, those that fit ``query`` best first, or all by id from ``after``."""
    found = services()
    query = request.args.get("query", "").strip()
    limit = min(CLAIMS_A_PAGE, max(1, request.args.get("limit", CLAIMS_A_PAGE, type=int)))
    if query:
        index = found.matcher.current().index
        (matches,) = index.search([query], limit=limit)
        rows = [(index.claim(match.claim_id), match.score) for match in matches]
        shown = [
            present_claim(claim, request.url_root) | {"score": round(score, 4)}
            for claim, score in rows
            if claim is not None
        ]
        return jsonify({"claims": shown, "next": None})
    with read(found.engine) as connection:
        page = claims.page(connection, after=request.args.get("after", ""), limit=limit)
    following = page[-1].id if len(page) == limit else None
    shown = [present_claim(claim, request.url_root) for claim in page]
    return jsonify({"claims": shown, "next": following})


@bp.get("/claims/<path:claim_id>")
def show_claim(claim_id: str) -> Response:
    """Return one published claim."""
    with read(services().engine) as connection:
        claim = claims.get(connection, claim_id)
    if claim is None:
        raise Problem(404, "No published claim has this id.")
    return jsonify(present_claim(claim, request.url_root))


@bp.post("/flags")
def add_flag() -> tuple[Response, int]:
    """Keep what a reader disputes or asks for."""
    flag = _checked(lambda: parse_flag(_body()))
    reason = flag.pop("reason") or ""
    with services().engine.begin() as connection:
        number = flags.add(connection, reason=reason, **flag)
    return jsonify({"id": number}), 201


def _body() -> Any:
    """Return the JSON body of the request, or the problem that it is none."""
    if not request.mimetype:
        raise Problem(400, "The body is empty or has no content type.")
    if request.mimetype != "application/json":
        raise Problem(415)
    data = request.get_data(cache=False)
    try:
        return parse_json(data)
    except (ValueError, UnicodeDecodeError) as error:
        reason = "invalid UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        current_app.logger.debug("refused a body: %s", reason)
        raise Problem(400, f"The body is not JSON: {reason[:120]}.") from None


def _checked(parse: Any) -> Any:
    try:
        return parse()
    except InvalidFieldsError as error:
        raise FieldProblem(error.errors) from None
