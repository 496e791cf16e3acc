"""``/metrics`` for Prometheus: to this machine, or to a token that may read it."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, g, request

from contextlib_news_server.errors import Problem
from contextlib_news_server.metrics import CONTENT_TYPE
from contextlib_news_server.services import services
from contextlib_news_server.store import claims, flags, queue
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import FlagState

__all__ = ["bp"]

bp = Blueprint("metrics", __name__)

# A proxy that the settings do not know makes every reader look like this machine.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@bp.get("/metrics")
def show() -> Response:
    """Return the metrics."""
    if "token" not in g and not _is_here():
        raise Problem(403, "Metrics are told to this machine, or to a token that may read them.")
    found = services()
    with read(found.engine) as connection:
        change = claims.current_change(connection)
        waiting = sum(queue.count(connection).values()) + flags.count(connection, FlagState.OPEN)
    content = found.metrics.write(found.matcher.current(), change, waiting)
    response = Response(content, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_here() -> bool:
    """Say whether the caller is on this machine itself."""
    try:
        loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    proxied = not services().config.proxies and any(name in request.headers for name in _FORWARDED)
    return loopback and not proxied
