"""Outlets with their ratings."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from flask import Response, jsonify, request

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.formats.outlet_list import outlets_to_list
from contextlib_news.models import Outlet, OutletRelation
from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.errors import Problem
from contextlib_news_server.presenters import present_outlet
from contextlib_news_server.schemas import DomainPath, DomainsBody, OutletListQuery
from contextlib_news_server.services import services
from contextlib_news_server.store import outlets
from contextlib_news_server.store.database import read

__all__ = ["bp"]

# Ratings change by the month; an hour in a cache is soon enough.
KEPT_SECONDS = 3_600

bp = described_blueprint("outlets", "outlets", "/api/v1")


@bp.post("/outlets", summary="Outlets of up to 500 domains", responses={"200": answers.Outlets})
def look_up_outlets(body: DomainsBody) -> Response:
    """Return the outlets of up to 500 domains, null for those that no rater held here lists."""
    directory = services().matcher.current().outlets
    answer: dict[str, Any] = {}
    for domain in body.domains:
        outlet = directory.find(domain)
        answer[domain] = present_outlet(outlet) if outlet is not None and _known(outlet) else None
    response = jsonify({"outlets": answer})
    # Addresses that a reader sees are nobody else's business: the reader's own cache alone.
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


@bp.get("/outlet-list", summary="All outlets, for local use", responses={"200": answers.OutletList})
def list_outlets(query: OutletListQuery) -> Response:
    """Return all outlets as one compact list, or what changed since a version of it.

    A version that is none of this service's answers with the whole list (`since` is null).
    """
    snapshot = services().matcher.current()
    version = str(snapshot.outlets_change)
    since = _number(query.since)
    if request.if_none_match.contains_weak(_tag(version, since)):
        response = Response(status=304)
    elif since is None or not 0 < since <= snapshot.outlets_change:
        response = Response(_whole(snapshot.outlets, version), content_type="application/json")
    else:
        with read(services().engine) as connection:
            changed, gone = outlets.changes(connection, since)
            version = str(outlets.version(connection))
        delta = outlets_to_list(
            changed,
            version=version,
            since=query.since,
            removed=gone,
            impersonated=snapshot.outlets.impersonated,
        )
        response = jsonify(delta)
    response.set_etag(_tag(version, since), weak=True)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


@bp.get("/outlets/<path:domain>", summary="One outlet", responses={"200": answers.Outlet})
def show_outlet(path: DomainPath) -> Response:
    """Return one outlet with its ratings."""
    outlet = services().matcher.current().outlets.find(path.domain)
    if outlet is None or not _known(outlet):
        raise Problem(404, "Nothing is known here of this domain, and no rater lists it.")
    return jsonify(present_outlet(outlet))


def _known(outlet: Outlet) -> bool:
    """Say whether anything is known: a rating, a fact, a category, or that it resembles another."""
    rated = outlet.relation is not OutletRelation.UNRATED
    return rated or bool(outlet.facts or outlet.categories)


def _number(since: str | None) -> int | None:
    return int(since) if since and since.isdecimal() and len(since) < 18 else None


def _tag(version: str, since: int | None) -> str:
    return f"outlets-{version}" if since is None else f"outlets-{since}-{version}"


@lru_cache(maxsize=2)
def _whole(directory: OutletDirectory, version: str) -> bytes:
    """Return the whole list as JSON, written once for each state of the outlets."""
    whole = outlets_to_list(directory, version=version, impersonated=directory.impersonated)
    return json.dumps(whole, separators=(",", ":")).encode("ascii")
