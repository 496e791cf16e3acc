"""What the views work with: settings, database and matcher of the running application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Engine

from contextlib_news.context.disclaimer_rules import DisclaimerRules
from contextlib_news_server.config import Config
from contextlib_news_server.desk_rules import DeskRules
from contextlib_news_server.matcher import Matcher, Snapshot
from contextlib_news_server.metrics import Metrics
from contextlib_news_server.shown_counts import ShownCounts

if TYPE_CHECKING:
    from contextlib_news_server.tracing import Tracing

__all__ = ["Services", "services"]

KEY = "contextlib-news"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that are made once when the application starts.

    ``disclaimers`` are the rules that ship and those of the settings' file.
    """

    config: Config
    engine: Engine
    matcher: Matcher
    metrics: Metrics
    disclaimers: DisclaimerRules
    desk_rules: DeskRules
    shown: ShownCounts = field(default_factory=ShownCounts)
    tracing: Tracing | None = None

    def rules(self, snapshot: Snapshot | None = None) -> DisclaimerRules:
        """Return the rules for disclaimers as of a snapshot, those of the desk among them."""
        at = snapshot or self.matcher.current()
        return self.desk_rules.after(self.disclaimers, (at.content, at.change))


def services() -> Services:
    """Return the parts of the application that answers this request."""
    found: Services = current_app.extensions[KEY]
    return found
