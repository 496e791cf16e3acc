"""Long work within one request: done in steps that are each whole, until its time is over.

What is left is done when it is asked for again; no work of the desk holds a process for longer.
"""

from __future__ import annotations

import time

__all__ = ["OutOfTimeError", "Patience"]

# Servers that watch their processes end one that takes half a minute.
SECONDS = 20.0


class OutOfTimeError(Exception):
    """The time of a request is over; ``done`` is how much of the work was done in it."""

    def __init__(self, done: int) -> None:
        super().__init__(f"out of time after {done:,}")
        self.done = done


class Patience:
    """Counts the steps of a work, and ends it between two of them when its time is over."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = time.monotonic() + seconds
        self.done = 0

    def __call__(self, steps: int) -> None:
        """Note so many steps more; raises OutOfTimeError where no more fit into the request."""
        self.done += steps
        if time.monotonic() > self._end:
            raise OutOfTimeError(self.done)
