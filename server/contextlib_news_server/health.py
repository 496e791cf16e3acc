"""Whether the service lives, whether it is ready, and why not."""

from __future__ import annotations

from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.version import __version__
from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.services import services
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read

__all__ = ["bp"]

bp = described_blueprint("health", "health")


@bp.get("/healthz", summary="Whether the process answers", responses={"200": answers.Status})
def live() -> Response:
    """Say that the process answers."""
    return jsonify({"status": "alive", "version": __version__})


@bp.get(
    "/readyz",
    summary="Whether it is ready, and why not",
    responses={"200": answers.Status, "503": answers.Status},
)
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
