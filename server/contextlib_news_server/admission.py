"""How many costly requests are worked on at once, and how many more may wait for their turn.

Beyond both a request is refused at once, before its body is read: an overloaded service then does
useful work at full speed, and is itself again a moment after the crowd has gone. Without this all
of them would be worked on together, and none would be done before its reader had left.
"""

from __future__ import annotations

import random
import threading
import time

from flask import Flask, g, request

from contextlib_news_server.config import Config
from contextlib_news_server.errors import Problem

__all__ = ["Turnstile", "install"]

# Views that search the index.
COSTLY = frozenset(
    {
        "annotate.annotate_page",
        "annotate.annotate_pages",
        "claims.list_claims",
        "fact_check_tools.search_claims",
    }
)

# A page takes some 30 ms of one core, so that this many wait about half a second for their turn;
# each waits in a thread of the server, which has more of them (``serving.THREADS``).
WAITING = 16
WAIT_SECONDS = 2.0

# Whoever was refused comes back at one of these, so that not all come back at once.
RETRY_SECONDS = (1, 3)


class Turnstile:
    """Lets so many in at once and so many more wait; the rest is turned away."""

    def __init__(self, at_once: int, waiting: int, wait_seconds: float) -> None:
        self._free = at_once
        self._seats = waiting
        self._wait_seconds = wait_seconds
        self._changed = threading.Condition()

    def enter(self) -> bool:
        """Take a turn, waiting for it where there is room to; False is a refusal."""
        with self._changed:
            if self._free:
                self._free -= 1
                return True
            if not self._seats:
                return False
            self._seats -= 1
            try:
                until = time.monotonic() + self._wait_seconds
                while not self._free:
                    left = until - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        break
                if not self._free:
                    return False
                self._free -= 1
                return True
            finally:
                self._seats += 1

    def leave(self) -> None:
        """Give a turn back."""
        with self._changed:
            self._free += 1
            self._changed.notify()


def install(app: Flask, config: Config) -> None:
    """Hold the costly views of an application to the number of the settings."""
    turnstile = Turnstile(config.max_at_once, WAITING, WAIT_SECONDS)

    @app.before_request
    def enter() -> None:
        if request.endpoint not in COSTLY:
            return
        if not turnstile.enter():
            wait = random.randint(*RETRY_SECONDS)  # noqa: S311  # spreads callers, hides nothing
            raise Problem(503, "Too many pages are being read at once.", retry_after=wait)
        g.admitted = True

    # Runs when all of an answer was sent, also of one that is sent as it is found.
    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("admitted", False):
            turnstile.leave()
