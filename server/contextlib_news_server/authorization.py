"""Who may ask for what: every route is in the table below, and one that is not is closed.

Without ``CONTEXTLIB_NEWS_TOKEN_REQUIRED`` anyone may ask what needs no more than a reader; a token
that is sent is held to its scopes all the same, so that a wrong one is noticed at once.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from flask import Flask, g, request

from contextlib_news_server.config import Config
from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import tokens
from contextlib_news_server.store.database import read
from contextlib_news_server.store.tokens import Scope, Token

__all__ = ["OPEN", "SCOPES", "install", "token_of_request"]

# What a token needs for a view.
SCOPES = {
    "annotate.annotate_page": Scope.ANNOTATE,
    "annotate.annotate_pages": Scope.ANNOTATE,
    "claims.list_claims": Scope.READ,
    "claims.show_claim": Scope.READ,
    "disclaimers.list_rules": Scope.READ,
    "fact_check_tools.search_claims": Scope.READ,
    "flags.add_flag": Scope.FLAG,
    "metrics.show": Scope.METRICS,
    "outlets.list_outlets": Scope.READ,
    "outlets.look_up_outlets": Scope.READ,
    "outlets.show_outlet": Scope.READ,
}

# Open to anyone, always: what people are led to and what machines ask whether all is well.
OPEN = frozenset(
    {
        "description.browse",
        "description.describe",
        "health.live",
        "health.ready",
        "public.forget_contact",
        "public.list_changes",
        "public.list_disputes",
        "public.map_claims",
        "public.map_outlets",
        "public.map_site",
        "public.send_dispute",
        "public.show_claim",
        "public.show_dispute",
        "public.show_outlet",
        "public.start",
        "public.tell_robots",
        "public.write_dispute",
        "static",
        "try.content",
        "try.messages",
        "try.show",
    }
)

# Checks its callers itself.
DESK = "admin."

# A token that was found is believed so long; a revoked one ends within it.
BELIEVED_SECONDS = 2.0
BELIEVED = 1_000


def install(app: Flask, config: Config) -> None:
    """Hold every request to the table."""
    holder = _Holder()

    @app.before_request
    def authorize() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in OPEN or endpoint.startswith(DESK):
            return  # none: the answer will be 404 or 405
        if request.method == "OPTIONS":
            return
        needed = SCOPES.get(endpoint)
        if needed is None:
            raise Problem(403)
        token = token_of_request(holder)
        if token is None:
            if config.token_required and needed is not Scope.METRICS:
                raise Problem(401, "This service asks for a token.")
            return
        if needed not in token.scopes:
            raise Problem(403, f"This token has not the scope '{needed}'.")
        g.token = token
        g.token_id = token.number


def token_of_request(holder: _Holder) -> Token | None:
    """Return the token that was sent, None without one; raises Problem for one that is none."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, secret = header.partition(" ")
    token = holder.find(secret.strip()) if kind.casefold() == "bearer" else None
    if token is None:
        raise Problem(401, "This token is not known, or it no longer holds.")
    return token


class _Holder:
    """Tokens found a moment ago, so that a busy one costs no query each time."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, Token]] = {}
        self._lock = threading.Lock()

    def find(self, secret: str) -> Token | None:
        moment = time.monotonic()
        known = self._found.get(secret)
        if known is not None and moment - known[0] < BELIEVED_SECONDS:
            return known[1]
        engine = services().engine
        with read(engine) as connection:
            token = tokens.find(connection, secret)
        with self._lock:
            if len(self._found) >= BELIEVED:
                self._found.clear()
            self._found.pop(secret, None)
            if token is not None:
                self._found[secret] = (moment, token)
        if token is not None and token.used != datetime.now(UTC).date().isoformat():
            with engine.begin() as connection:
                tokens.note_use(connection, token)
        return token
