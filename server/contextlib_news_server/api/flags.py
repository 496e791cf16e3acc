"""What readers dispute or ask for."""

from __future__ import annotations

from flask import Response, jsonify

from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.schemas import FlagBody
from contextlib_news_server.services import services
from contextlib_news_server.store import flags

__all__ = ["bp"]

bp = described_blueprint("flags", "flags", "/api/v1")


@bp.post("/flags", summary="Dispute a note or ask for one", responses={"201": answers.Flagged})
def add_flag(body: FlagBody) -> tuple[Response, int]:
    """Keep what a reader disputes or asks for."""
    with services().engine.begin() as connection:
        number = flags.add(
            connection,
            reason=body.reason,
            note_id=body.note_id,
            claim_id=body.claim_id,
            url=body.url,
            exact=body.exact,
        )
    return jsonify({"id": number}), 201
