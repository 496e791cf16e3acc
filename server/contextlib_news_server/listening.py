"""Hearing of changes from PostgreSQL the moment they are committed, in a thread of its own.

Polling stays as the fall-back: while the connection is away the matcher looks as often as it does
on SQLite, and while it is there still every few seconds, as a server that froze tells nobody.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news_server.matcher import Matcher
from contextlib_news_server.store.claim_rows import CHANNEL

__all__ = ["Listener"]

# How long one wait for news is, in seconds: after it the number is looked at all the same, which
# also finds out that a connection has died.
WAIT_SECONDS = 2.0
AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


class Listener:
    """Brings a matcher up to date on every change that PostgreSQL tells of; idle on SQLite."""

    def __init__(self, engine: Engine, matcher: Matcher) -> None:
        self._engine = engine
        self._matcher = matcher
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen, where the database can tell."""
        if self._engine.dialect.name == "postgresql":
            self._thread.start()

    def stop(self) -> None:
        """Stop, at most a wait later."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * WAIT_SECONDS)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._listen()
            except SQLAlchemyError as error:
                log.warning("no longer listening: %s", type(error).__name__)
            except Exception as error:
                # Of the driver, as the connection is used without SQLAlchemy while it waits.
                log.warning("no longer listening: %s", type(error).__name__)
            finally:
                self._matcher.told = False
            self._ended.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        import psycopg

        # A connection of its own, so that requests lack none.
        connection = self._engine.raw_connection()
        driver = connection.driver_connection
        connection.detach()
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(f"listening needs psycopg, not {type(driver).__name__}")
        with driver:
            driver.rollback()
            driver.autocommit = True
            driver.execute(f'LISTEN "{CHANNEL}"')
            # What was committed before the first word is found by looking once.
            self._matcher.look()
            self._matcher.told = True
            log.info("listening for changes")
            while not self._ended.is_set():
                for _ in driver.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    pass
                self._matcher.look()
