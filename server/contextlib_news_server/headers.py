"""What every answer carries, and which hosts and origins are answered at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_cors import CORS

from contextlib_news_server.config import Config
from contextlib_news_server.errors import Problem

__all__ = ["install"]

# Extensions name themselves by 32 letters (Chromium) or a UUID (Firefox).
EXTENSION_ORIGIN = (
    r"^(?:chrome-extension://[a-p]{32}|moz-extension://"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\Z"
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# For a year: a host that answered over TLS is not asked without it again.
TRANSPORT = "max-age=31536000"


def install(app: Flask, config: Config) -> None:
    """Set the headers, the origins and the hosts of the application."""
    origins: list[str | re.Pattern[str]] = [*config.extension_origins, *config.origins]
    if not config.extension_origins:
        origins.append(re.compile(EXTENSION_ORIGIN))
    CORS(
        app,
        resources={r"/api/.*": {"origins": origins}},
        methods=["GET", "POST"],
        allow_headers=["Content-Type", "Authorization"],
        expose_headers=["Retry-After"],
        max_age=600,
        send_wildcard=False,
        allow_private_network=True,
    )
    hosts = LOOPBACK | {host.lower().strip("[]") for host in (config.host, *config.allowed_hosts)}
    hosts -= {"0.0.0.0", "::"}  # noqa: S104  # taken out: they name no host

    @app.before_request
    def check_host() -> None:
        # A page that has its own name resolve to this machine would reach the service otherwise.
        try:
            name = urlsplit(f"//{request.host}").hostname or ""
        except ValueError:
            name = ""
        if name not in hosts:
            raise Problem(403, "The host of this request is not one that is served.")

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", TRANSPORT)
        return response
