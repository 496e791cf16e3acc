"""Wiring: the application from its parts."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from contextlib_news.errors import CommandError, EncoderMissingError
from contextlib_news.matching.encoder import Encoder
from contextlib_news_server import api, errors, headers, health, public, try_page
from contextlib_news_server.config import INSTALLED, PREFIX, Config
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.services import KEY, Services
from contextlib_news_server.store.database import open_database

__all__ = ["build_application"]

HERE = Path(__file__).parent


def build_application(config: Config) -> Flask:
    """Return the application over an open, upgraded database.

    Raises CommandError where the database or the encoder of the settings cannot be used.
    """
    encoder = _open_encoder(config)
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
    matcher = Matcher(engine, config.poll_seconds, encoder)
    app.extensions[KEY] = Services(config, engine, matcher)
    errors.install(app)
    headers.install(app, config)
    for blueprint in (api.bp, health.bp, public.bp, try_page.bp):
        app.register_blueprint(blueprint)
    return app


def _open_encoder(config: Config) -> Encoder | None:
    """Return the encoder of the settings; its finished graph is kept in the data folder."""
    if config.encoder is None:
        return None
    folder = None if config.encoder == INSTALLED else Path(config.encoder)
    try:
        return Encoder.open(folder, cache=config.data_folder)
    except EncoderMissingError as error:
        raise CommandError(f"{PREFIX}ENCODER: {error}") from None
