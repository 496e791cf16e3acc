"""The service: a small Flask application over the library and a claim database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from contextlib_news_server.config import Config

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """Return the application; without a configuration it is read from the environment.

    Creates, upgrades and (when it is new) seeds the database. Raises
    :class:`~contextlib_news.errors.ContextError` where a setting or the database is unusable.
    """
    from contextlib_news_server.application import build_application
    from contextlib_news_server.config import Config

    return build_application(config or Config.from_env())
