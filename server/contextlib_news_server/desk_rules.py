"""The rules for disclaimers that hold: those that ship, those of the file, those of the desk.

Asked with the change that a request's snapshot stands at; only where that moved is the database
asked whether a rule of the desk changed, so that one publishes in every process as a claim does.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.context.disclaimer_rules import DisclaimerRules, read_disclaimer_rules
from contextlib_news.errors import InvalidDisclaimerRuleError
from contextlib_news_server.store import disclaimer_rules
from contextlib_news_server.store.database import read
from contextlib_news_server.store.disclaimer_rules import DeskRule

__all__ = ["DeskRules", "Mark", "joined"]

# The name of the database's content, and the number of its last change.
Mark = tuple[str, int]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    base: DisclaimerRules
    mark: Mark
    content: str
    version: tuple[int, int]
    rules: DisclaimerRules


class DeskRules:
    """Holds the rules, the same object until one changes, as what is compiled of them is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._held: _Held | None = None

    def after(self, base: DisclaimerRules, mark: Mark) -> DisclaimerRules:
        """Return ``base`` followed by the rules of the desk that are on as of a change.

        While one request reads them anew the others go on with what there was.
        """
        held = self._held
        if held is not None and held.base is base and held.mark == mark:
            return held.rules
        if not self._lock.acquire(blocking=held is None or held.base is not base):
            return base if held is None else held.rules
        try:
            self._held = held = self._read(base, mark, self._held)
        except SQLAlchemyError as error:
            log.warning("the rules of the desk cannot be read: %s", type(error).__name__)
            return held.rules if held is not None and held.base is base else base
        finally:
            self._lock.release()
        return held.rules

    def _read(self, base: DisclaimerRules, mark: Mark, held: _Held | None) -> _Held:
        content = mark[0]
        with read(self._engine) as connection:
            version = disclaimer_rules.version(connection)
            if held is not None and (held.base, held.content, held.version) == (
                base,
                content,
                version,
            ):
                return _Held(base, mark, content, version, held.rules)
            rows = disclaimer_rules.listed(connection, only_on=True)
        return _Held(base, mark, content, version, joined(base, rows))


def joined(base: DisclaimerRules, rows: list[DeskRule]) -> DisclaimerRules:
    """Return rules followed by those of the desk; one that holds no more is left out and logged."""
    rules = base
    for row in rows:
        try:
            rules = rules.followed_by(read_disclaimer_rules({"rules": [row.document]}, "the desk"))
        except InvalidDisclaimerRuleError as error:
            log.error("rule %d of the desk is left out: %s", row.number, error)
    return rules
