"""The schedule by which the links that claims rest on are looked at, some at a time.

Every process of the service runs this; each link is taken by one of them.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine

from contextlib_news_server.config import Config
from contextlib_news_server.evidence import build_checker

__all__ = ["Upkeep"]

# Between two rounds.
ROUND_SECONDS = 600.0

# The first round comes soon after the start, but not before those who wait for it to answer.
FIRST_SECONDS = 30.0

# Links looked at in one round: with the pause between two, each host some few a minute.
LINKS = 30

log = logging.getLogger(__name__)


class Upkeep:
    """Does the rounds in a thread of its own."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        *,
        first_seconds: float = FIRST_SECONDS,
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._waits = (first_seconds, round_seconds)
        self._looks = bool(config.fetch_hosts) and config.evidence_days > 0
        self._ended = threading.Event()
        self._checker = build_checker(config, engine, self._ended)
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin with the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the step that is on its way, at most a few seconds later."""
        self._ended.set()
        self._thread.join(timeout=5)

    def run_once(self) -> None:
        """Do one round."""
        if self._looks and (found := self._checker.run(LINKS)):
            counts = {state.value: count for state, count in found.items()}
            log.info("links looked at", extra={"fields": counts})

    def _run(self) -> None:
        wait, then = self._waits
        while not self._ended.wait(wait):
            wait = then
            try:
                self.run_once()
            except Exception:
                # A database that is away for a while; the next round may find it again.
                log.exception("upkeep failed")
