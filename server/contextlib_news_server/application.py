"""Wiring: the application from its parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_openapi3 import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from contextlib_news.context.disclaimer_rules import DisclaimerRules, load_disclaimer_rules
from contextlib_news.errors import CommandError, EncoderMissingError, InvalidDisclaimerRuleError
from contextlib_news.matching.encoder import Encoder
from contextlib_news_server import (
    admission,
    api,
    authorization,
    caching,
    description,
    desk,
    errors,
    headers,
    health,
    metrics_page,
    observing,
    public,
    rates,
    try_page,
)
from contextlib_news_server.config import INSTALLED, PREFIX, Config
from contextlib_news_server.desk_rules import DeskRules
from contextlib_news_server.json_request import JsonRequest
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.metrics import Metrics
from contextlib_news_server.profiling import Profiling
from contextlib_news_server.services import KEY, Services
from contextlib_news_server.store.database import bound_waiting, open_database

if TYPE_CHECKING:
    from contextlib_news_server.tracing import Tracing

__all__ = ["build_application"]

HERE = Path(__file__).parent


def build_application(config: Config) -> Flask:
    """Return the application over an open, upgraded database.

    Raises CommandError where database, encoder or rules of the settings cannot be used.
    """
    encoder = _open_encoder(config)
    disclaimers = _open_disclaimers(config)
    app = OpenAPI(
        __name__,
        **description.options(),
        template_folder=HERE / "templates",
        static_folder=HERE / "static",
    )
    app.request_class = JsonRequest
    app.session_interface = _Cookie()
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.max_body_bytes,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.json.ensure_ascii = True  # type: ignore[attr-defined]  # of the default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of the default provider
    engine = open_database(config.database)
    bound_waiting(engine, config.max_seconds)
    matcher = Matcher(
        engine, config.poll_seconds, encoder, config.data_folder, share=config.index_share
    )
    metrics = Metrics()
    tracing = _open_tracing(config)
    app.extensions[KEY] = Services(
        config, engine, matcher, metrics, disclaimers, DeskRules(engine), tracing=tracing
    )
    errors.install(app)
    headers.install(app, config)
    caching.install(app)
    observing.install(app, metrics)
    if tracing is not None:
        tracing.install(app)
    authorization.install(app, config)
    for described in (*api.blueprints, health.bp):
        app.register_api(described)
    for blueprint in (description.bp, desk.bp, metrics_page.bp, public.bp, try_page.bp):
        app.register_blueprint(blueprint)
    rates.install(app, config)
    admission.install(app, config)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as its documentation does
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    if config.profile_folder is not None:
        app.wsgi_app = Profiling(  # type: ignore[method-assign]  # a layer like the one above
            app.wsgi_app, config.profile_folder, config.profile_milliseconds / 1000
        )
    return app


def _open_tracing(config: Config) -> Tracing | None:
    """Return what traces requests, where the settings name a collector."""
    if config.traces is None:
        return None
    try:
        from contextlib_news_server.tracing import Tracing, provider_for
    except ModuleNotFoundError as error:
        raise CommandError(
            f"{PREFIX}TRACES needs more ({error.name} is missing): install contextlib-news[otel]"
        ) from None
    return Tracing(provider_for(config.traces), joins=config.proxies > 0)


def _open_disclaimers(config: Config) -> DisclaimerRules:
    """Return the rules for disclaimers: those that ship, and those of the settings' file."""
    try:
        return load_disclaimer_rules(config.disclaimers)
    except (InvalidDisclaimerRuleError, OSError) as error:
        said = getattr(error, "strerror", None) or error
        raise CommandError(f"{PREFIX}DISCLAIMERS: {config.disclaimers}: {said}") from None


class _Cookie(SecureCookieSessionInterface):
    """Keeps the cookie to TLS wherever the request came by it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def _open_encoder(config: Config) -> Encoder | None:
    """Return the encoder of the settings; its finished graph is kept in the data folder."""
    if config.encoder is None:
        return None
    folder = None if config.encoder == INSTALLED else Path(config.encoder)
    try:
        return Encoder.open(folder, cache=config.data_folder)
    except EncoderMissingError as error:
        raise CommandError(f"{PREFIX}ENCODER: {error}") from None
