"""The current claim index and outlets, one step behind the store.

A thread-safe holder: readers take the pair that is current, a check every second looks whether the
store's change number moved, and then only the changed claims are indexed.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from sqlalchemy import Engine

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news_server.store import claims, outlets
from contextlib_news_server.store.database import read

__all__ = ["Matcher", "Snapshot"]

# Deltas slow every search a little; beyond this many the index is built anew.
MAX_SEGMENTS = 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one request works with: the index, the outlets, and the change they stand at."""

    index: ClaimIndex
    outlets: OutletDirectory
    change: int


class Matcher:
    """Holds the snapshot and brings it up to date when it is asked for.

    With an ``encoder`` claims are found by meaning as well; each new claim is encoded once.
    """

    def __init__(
        self, engine: Engine, poll_seconds: float = 1.0, encoder: Encoder | None = None
    ) -> None:
        self._engine = engine
        self._encoder = encoder
        self._poll_seconds = poll_seconds
        self._lock = threading.Lock()
        self._checked = 0.0
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """Return the snapshot, at most a poll behind the store."""
        snapshot = self._snapshot
        if snapshot is not None and time.monotonic() - self._checked < self._poll_seconds:
            return snapshot
        with self._lock:
            if self._snapshot is None:
                self._snapshot = self._load()
            elif time.monotonic() - self._checked >= self._poll_seconds:
                self._snapshot = self._follow(self._snapshot)
            self._checked = time.monotonic()
            return self._snapshot

    def _load(self) -> Snapshot:
        with read(self._engine) as connection:
            change = claims.current_change(connection)
            index = ClaimIndex.build(claims.published(connection), encoder=self._encoder)
            return Snapshot(index, outlets.directory(connection), change)

    def _follow(self, held: Snapshot) -> Snapshot:
        with read(self._engine) as connection:
            change = claims.current_change(connection)
            if change == held.change:
                return held
            upserts, deletes = claims.changed_since(connection, held.change)
            index = held.index.with_changes(upserts=upserts, deletes=deletes)
            if index.info().segments > MAX_SEGMENTS:
                index = index.merged()
            return Snapshot(index, outlets.directory(connection), change)
