"""Wiring: the application from its parts."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from contextlib_news_server import api, errors, headers, health, public, try_page
from contextlib_news_server.config import Config
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.services import KEY, Services
from contextlib_news_server.store.database import open_database

__all__ = ["build_application"]

HERE = Path(__file__).parent


def build_application(config: Config) -> Flask:
    """Return the application over an open, upgraded database."""
    app = Flask(__name__, template_folder=HERE / "templates", static_folder=HERE / "static")
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.max_body_bytes,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.json.ensure_ascii = True  # type: ignore[attr-defined]  # of the default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider
    engine = open_database(config.database)
    matcher = Matcher(engine, config.poll_seconds)
    app.extensions[KEY] = Services(config, engine, matcher)
    errors.install(app)
    headers.install(app, config)
    for blueprint in (api.bp, health.bp, public.bp, try_page.bp):
        app.register_blueprint(blueprint)
    return app
