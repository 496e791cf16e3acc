"""What the views work with: settings, database and matcher of the running application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Engine

from contextlib_news.context.disclaimer_rules import DisclaimerRules
from contextlib_news_server.config import Config
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.metrics import Metrics
from contextlib_news_server.shown_counts import ShownCounts

if TYPE_CHECKING:
    from contextlib_news_server.tracing import Tracing

__all__ = ["Services", "services"]

KEY = "contextlib-news"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that are made once when the application starts."""

    config: Config
    engine: Engine
    matcher: Matcher
    metrics: Metrics
    disclaimers: DisclaimerRules
    shown: ShownCounts = field(default_factory=ShownCounts)
    tracing: Tracing | None = None


def services() -> Services:
    """Return the parts of the application that answers this request."""
    found: Services = current_app.extensions[KEY]
    return found
