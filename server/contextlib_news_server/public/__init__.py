"""The public pages: where a note leads to, and where the people it is about come to ask why."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.formats.claimreview import claim_to_claim_review
from contextlib_news.wording import describe_rating, spell_date
from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read

__all__ = ["bp"]

bp = Blueprint("public", __name__)

PUBLISHER = "Contextlib News"


@bp.get("/")
def start() -> BaseResponse:
    """Lead a newcomer to the page where they can try it."""
    return redirect(url_for("try.show"))


@bp.get("/claims/<path:claim_id>")
def show_claim(claim_id: str) -> Response:
    """Show a claim with its reports for and against, readable and printable."""
    with read(services().engine) as connection:
        claim = claims.get(connection, claim_id)
    if claim is None:
        raise Problem(404, "No published claim has this id.")
    review = claim_to_claim_review(claim, publisher=PUBLISHER, url=request.base_url)
    outlets = services().matcher.current().outlets
    rated = {r.url: outlets.find(r.url) for r in claim.reports if r.url}
    html = render_template(
        "claim.html",
        claim=claim,
        rated=rated,
        claim_review=review,
        spell_date=spell_date,
        describe_rating=describe_rating,
    )
    return Response(html, content_type="text/html; charset=utf-8")


@bp.get("/outlets/<path:domain>")
def show_outlet(domain: str) -> Response:
    """Show an outlet with every rating, its rater, date and link."""
    outlet = services().matcher.current().outlets.find(domain)
    if outlet is None:
        raise Problem(404, "This is no public domain.")
    html = render_template("outlet.html", outlet=outlet, spell_date=spell_date)
    return Response(html, content_type="text/html; charset=utf-8")
