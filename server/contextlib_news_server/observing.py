"""Every request seen: a name of its own, a line in the log, a place in the metrics.

Neither log nor metrics hold page text, queries, or the addresses of readers and of pages: a line
has the route that answered, not the path that was asked for.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from contextlib_news_server.metrics import Metrics

__all__ = ["JsonFormatter", "install", "request_id"]

HEADER = "X-Request-Id"

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """A log line as one JSON object.

    Of an exception it holds the type and the places it went through; its message and the source
    lines stay out, as they may hold what a page said.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        name = request_id()
        if name:
            line["request"] = name
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["stack"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
        return json.dumps(line)


def request_id() -> str | None:
    """Return the name of the request that is being answered, None outside of one."""
    return getattr(g, "request_id", None) if has_request_context() else None


def install(app: Flask, metrics: Metrics) -> None:
    """Name, time and count every request of the application."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if "began" not in g:  # another step before this one gave the answer
            return response
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule else "none"
        response.headers[HEADER] = g.request_id
        metrics.request(route, request.method, response.status_code, seconds)
        fields = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(1000 * seconds, 1),
        }
        log.info("answered", extra={"fields": fields})
        return response
