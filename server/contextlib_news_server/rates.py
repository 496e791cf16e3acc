"""How often one caller may ask: a token where one is sent, else an address.

Several processes share their counts where ``CONTEXTLIB_NEWS_RATE_STORAGE`` names a Redis or Valkey;
while that is away, each counts for itself.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import Any

from flask import Flask, g, request
from flask_limiter import Limiter
from limits import RateLimitItemPerDay

from contextlib_news.errors import CommandError
from contextlib_news_server.config import PREFIX, Config
from contextlib_news_server.errors import Problem
from contextlib_news_server.store.tokens import Token

__all__ = ["caller", "install"]

# Forms that anyone may send: enough for a reader, too few for a flood.
PUBLIC_FORM = "20 per hour; 60 per day"
FORMS = ("flags.add_flag", "public.send_dispute")

# A large question counts as several.
COUNTED_BYTES = 100_000

# What is asked by machines beside it, and what a page is made of.
FREE = ("health.", "metrics.", "static", "try.")


def caller() -> str:
    """Return who asks, as the counts know them."""
    token = getattr(g, "token_id", None)
    return f"token:{token}" if token else f"address:{request.remote_addr or 'unknown'}"


def install(app: Flask, config: Config) -> None:
    """Count the requests of an application whose views are all there; a limit of "" is none."""
    if not config.rate_limit:
        return
    shared = not config.rate_storage.startswith("memory:")
    if shared and find_spec("redis") is None:
        raise CommandError(f"{PREFIX}RATE_STORAGE needs contextlib-news[redis]")
    limiter = Limiter(
        caller,
        app=app,
        application_limits=[config.rate_limit],
        application_limits_cost=lambda: 1 + (request.content_length or 0) // COUNTED_BYTES,
        application_limits_exempt_when=lambda: (request.endpoint or "").startswith(FREE),
        headers_enabled=True,
        in_memory_fallback_enabled=shared,
        storage_uri=config.rate_storage,
        storage_options={"socket_timeout": 1, "socket_connect_timeout": 1} if shared else {},
        strategy="moving-window",
        swallow_errors=True,
    )
    for name in FORMS:
        limited: Any = limiter.limit(PUBLIC_FORM)(app.view_functions[name])
        app.view_functions[name] = limited

    @app.before_request
    def hold_to_quota() -> None:
        token: Token | None = getattr(g, "token", None)
        if token is None or token.quota is None:
            return
        a_day = RateLimitItemPerDay(token.quota)
        who = ("quota", str(token.number))
        if not limiter.limiter.hit(a_day, *who):
            reset = limiter.limiter.get_window_stats(a_day, *who).reset_time
            wait = max(1, round(reset - time.time()))
            raise Problem(429, "This token has used up its quota.", retry_after=wait)
