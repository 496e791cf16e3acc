"""What the service does beside the requests by the clock: writing counts, filling the queue."""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy import Engine

from contextlib_news_server.shown_counts import ShownCounts
from contextlib_news_server.store.queue_filling import fill_queue

__all__ = ["Chores"]

A_MINUTE = 60.0
A_DAY = 24 * 3600.0

log = logging.getLogger(__name__)


class Chores:
    """Does its work in a thread of its own; several processes may each have one."""

    def __init__(self, engine: Engine, counts: ShownCounts, *, every: float = A_MINUTE) -> None:
        self._engine = engine
        self._counts = counts
        self._every = every
        self._fill_next = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and write down what was counted last."""
        self._ended.set()
        self._thread.join(timeout=5)
        self._counts.flush(self._engine)

    def do(self) -> None:
        """Do what is due now."""
        self._counts.flush(self._engine)
        if time.monotonic() >= self._fill_next:
            fill_queue(self._engine)
            self._fill_next = time.monotonic() + A_DAY

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self.do()
            except Exception:
                # A database that is away for a while; the next time may find it again.
                log.exception("a chore failed")
