"""Counts of the notes that were shown, in memory until they are written down every minute.

What is kept is a number for each claim and day: no text, no address, nobody's name.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.models import Annotation
from contextlib_news_server.store import shown

__all__ = ["ShownCounts"]

# So many claims and days wait at most while the database is away; the rest goes uncounted.
MOST = 100_000

log = logging.getLogger(__name__)


class ShownCounts:
    """Counts by claim and day; may be used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def count(self, annotation: Annotation) -> None:
        """Count each claim that an answer has a note on, once."""
        shown_now = {note.claim.id for note in annotation.notes if note.claim is not None}
        if not shown_now:
            return
        day = datetime.now(UTC).date().isoformat()
        with self._lock:
            for claim_id in shown_now:
                if (day, claim_id) in self._counts or len(self._counts) < MOST:
                    self._counts[day, claim_id] += 1

    def flush(self, engine: Engine) -> None:
        """Write the counts down; where that fails they wait for the next time."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        if not taken:
            return
        days: dict[str, dict[str, int]] = {}
        for (day, claim_id), number in taken.items():
            days.setdefault(day, {})[claim_id] = number
        try:
            with engine.begin() as connection:
                for day, counts in days.items():
                    shown.add(connection, day, counts)
        except SQLAlchemyError as error:
            log.warning("counts could not be written: %s", type(error).__name__)
            with self._lock:
                self._counts.update(taken)
