"""Whether the service lives, whether it is ready, and why not; the description of the API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.version import __version__
from contextlib_news_server.openapi import describe
from contextlib_news_server.services import services
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read

__all__ = ["bp"]

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def live() -> Response:
    """Say that the process answers."""
    return jsonify({"status": "alive", "version": __version__})


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether requests can be answered: the database can be read and the index is loaded."""
    found = services()
    try:
        with read(found.engine) as connection:
            change = claims.current_change(connection)
        snapshot = found.matcher.current()
    except SQLAlchemyError:
        return jsonify({"status": "not ready", "reason": "the database cannot be read"}), 503
    behind = change - snapshot.change
    answer = {"status": "ready", "claims": len(snapshot.index), "outlets": len(snapshot.outlets)}
    return jsonify(answer | {"change": snapshot.change, "behind": max(0, behind)}), 200


@bp.get("/openapi.json")
def description() -> Response:
    """Return the OpenAPI description of the API."""
    return jsonify(describe())
