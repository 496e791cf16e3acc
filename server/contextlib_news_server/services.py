"""What the views work with: settings, database and matcher of the running application."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine

from contextlib_news_server.config import Config
from contextlib_news_server.matcher import Matcher

__all__ = ["Services", "services"]

KEY = "contextlib-news"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that are made once when the application starts."""

    config: Config
    engine: Engine
    matcher: Matcher


def services() -> Services:
    """Return the parts of the application that answers this request."""
    found: Services = current_app.extensions[KEY]
    return found
