"""How long a request may work, so that a slow one is cut off and the others go on.

Python cannot stop a thread from outside: the work itself looks at the clock between its pieces,
each of which is bounded by the limits on a page.
"""

from __future__ import annotations

import time

from contextlib_news_server.errors import Problem

__all__ = ["Deadline"]


class Deadline:
    """A point in time after which work is given up."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise Problem 503 where the time is over."""
        if time.monotonic() > self._end:
            raise Problem(503, "The page took longer than one request may; send less of it.")
