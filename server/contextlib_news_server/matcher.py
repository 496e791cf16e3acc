"""The current claim index and outlets, one step behind the store.

A thread-safe holder: readers take the snapshot that is current. A check every second looks whether
the store's change number moved; a few changed claims are indexed at once, many of them, and the
merging of segments, in a thread beside the requests. The index is kept as a file that a start opens
instead of building it; what changed since is caught up with.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.errors import ContextError
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news_server.index_files import IndexFiles
from contextlib_news_server.store import claims, outlets
from contextlib_news_server.store.database import content_name, read

__all__ = ["Matcher", "Snapshot", "StaleIndexError"]

# Changes indexed while a request waits: a few tens of milliseconds. More are left to the thread.
AT_ONCE = 100

# Claims that one step of the thread takes in, so that what is published meanwhile waits for one.
STEP = 2_000

# Beyond this many segments the last ones are joined; each slows every search a little.
MAX_SEGMENTS = 6

# An index of no more claims than this is built anew in less time than a request may take.
SMALL = 500

# Changes since the file was written, from which on it is written again.
UNSAVED = 5_000

# Outlets that are read again while a request waits.
FEW_OUTLETS = 2_000

# How often to look where the database tells of changes by itself, in seconds.
TOLD_SECONDS = 5.0

# For so many seconds notes are given while the database does not answer; a restart takes less.
# Later a claim may have been taken back elsewhere, and a clear error is better than its note.
STALE_SECONDS = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one request works with: the index, the outlets, and the change they stand at.

    ``outlets_change`` is the number of the newest change of an outlet among them; ``made`` is when
    it came to be, in seconds since 1970; ``content`` is the name of the database's
    content, which is another one after a restore; ``filed`` the change that the file stands at.
    """

    index: ClaimIndex
    outlets: OutletDirectory
    change: int
    outlets_change: int = 0
    made: float = field(default_factory=time.time)
    content: str = ""
    filed: int = -1


class StaleIndexError(ContextError):
    """The database has not answered for so long that the index may be out of date."""


class Matcher:
    """Holds the snapshot and brings it up to date when it is asked for.

    With an ``encoder`` claims are found by meaning as well; each new claim is encoded once. With a
    ``folder`` the index is kept there as a file; ``share`` is a folder of several machines.
    ``told`` is set by whoever calls :meth:`look` on every change.
    """

    def __init__(
        self,
        engine: Engine,
        poll_seconds: float = 1.0,
        encoder: Encoder | None = None,
        folder: Path | None = None,
        *,
        share: Path | None = None,
    ) -> None:
        self._engine = engine
        self._encoder = encoder
        self._files = None if folder is None else IndexFiles(folder, encoder, share)
        self._poll_seconds = poll_seconds
        self._lock = threading.Lock()
        self._checked = 0.0
        self._unanswered: float | None = None
        self.told = False
        self._snapshot: Snapshot | None = None
        self._thread: threading.Thread | None = None

    def current(self) -> Snapshot:
        """Return the snapshot, at most a poll behind the store, or behind what is being indexed."""
        snapshot = self._snapshot
        if snapshot is None:
            # The first one loads or builds; others do not wait for minutes.
            if not self._lock.acquire(timeout=STALE_SECONDS):
                raise StaleIndexError("the index is being built")
            try:
                if self._snapshot is None:
                    self._snapshot = self._load()
                    self._checked = time.monotonic()
                return self._snapshot
            finally:
                self._lock.release()
        if time.monotonic() - self._checked >= self._interval():
            # One request looks; the others go on with what there is.
            self._look(blocking=False)
        since = self._unanswered
        if since is not None and time.monotonic() - since > STALE_SECONDS:
            raise StaleIndexError(f"the database has not answered for {STALE_SECONDS:.0f} seconds")
        return self._snapshot or snapshot

    def mend(self) -> bool:
        """Say whether the index file was damaged under us; the next request then loads anew."""
        if self._files is None or not self._files.is_cut():
            return False
        log.error("the index file was cut short while it was in use")
        self._snapshot = None
        return True

    def look(self) -> None:
        """Take in what changed now; nothing is raised where the database does not answer."""
        if self._snapshot is not None:
            self._look(blocking=True)

    def _interval(self) -> float:
        return max(TOLD_SECONDS, self._poll_seconds) if self.told else self._poll_seconds

    def _look(self, *, blocking: bool) -> None:
        asked = time.monotonic()
        if not self._lock.acquire(blocking):
            return
        try:
            held = self._snapshot
            if held is None or (not blocking and self._checked > asked):
                return
            if self._unanswered is None:
                self._unanswered = asked
            try:
                self._snapshot = self._follow(held)
            except SQLAlchemyError as error:
                log.warning("the database cannot be read: %s", type(error).__name__)
            else:
                self._unanswered = None
            self._checked = time.monotonic()
        finally:
            self._lock.release()

    def wait(self, timeout_seconds: float | None = None) -> None:
        """Wait until the thread has indexed what it was started for; for commands and tests."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_seconds)

    # --- At once, while a request waits -----------------------------------------------------------

    def _load(self) -> Snapshot:
        if self._files is None:
            return self._build()
        with self._files.turn():
            with read(self._engine) as connection:
                content, change = content_name(connection), claims.current_change(connection)
                found = self._files.open(content, change)
                if found is not None:
                    index, filed = found
                    waiting = claims.count_since(connection, filed)
                    if waiting <= max(STEP, len(index) // 2):
                        held = Snapshot(
                            index,
                            outlets.directory(connection),
                            filed,
                            outlets.version(connection),
                            content=content,
                            filed=filed,
                        )
                        return self._all_changes(connection, held)
            return self._file(self._build())

    def _build(self) -> Snapshot:
        with read(self._engine) as connection:
            content, change = content_name(connection), claims.current_change(connection)
            index = ClaimIndex.build(
                claims.published(connection), encoder=self._encoder, presorted=True
            )
            directory, moved = outlets.directory(connection), outlets.version(connection)
            return Snapshot(index, directory, change, moved, content=content)

    def _follow(self, held: Snapshot) -> Snapshot:
        with read(self._engine) as connection:
            change = claims.current_change(connection)
            restored = content_name(connection) != held.content or change < held.change
            if change == held.change and not restored:
                return held
            few = not restored and claims.count_since(connection, held.change) <= AT_ONCE
            moved = outlets.changed_since(connection, held.change)
            if not few or (moved and len(held.outlets) > FEW_OUTLETS):
                self._start()
                return held
            caught_up = self._all_changes(connection, held)
        if len(caught_up.index) <= SMALL and len(caught_up.index.sizes) > MAX_SEGMENTS:
            caught_up = replace(caught_up, index=caught_up.index.merged())
        if _unsettled(caught_up):
            self._start()
        return caught_up

    def _all_changes(self, connection: Connection, held: Snapshot) -> Snapshot:
        """Return a snapshot with all that changed since."""
        change = claims.current_change(connection)
        upserts, deletes = claims.changed_since(connection, held.change)
        index = held.index
        if upserts or deletes:
            index = index.with_changes(upserts=upserts, deletes=deletes)
        return self._with_outlets(connection, replace(held, index=index), change)

    def _with_outlets(self, connection: Connection, held: Snapshot, change: int) -> Snapshot:
        """Return a snapshot at another change, with the outlets read again where one moved."""
        new = replace(held, change=change, made=time.time())
        if not outlets.changed_since(connection, held.change):
            return new
        directory, moved = outlets.directory(connection), outlets.version(connection)
        return replace(new, outlets=directory, outlets_change=moved)

    # --- In the thread ----------------------------------------------------------------------------

    def _start(self) -> None:
        """Start the thread where none is running."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="indexing", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            while self._step():
                pass
        except Exception:
            # The next check starts it again; requests go on with the snapshot there is.
            log.exception("indexing failed")

    def _step(self) -> bool:
        """Do one piece of work; say whether there may be more."""
        held = self._snapshot
        if held is None:
            return False
        with read(self._engine) as connection:
            content, change = content_name(connection), claims.current_change(connection)
            if content != held.content or change < held.change:
                return self._swap(held, self._file(self._build()))
            if change > held.change:
                upto = min(change, claims.change_after(connection, held.change, STEP) or change)
                upserts, deletes = claims.changed_since(connection, held.change, upto)
                index = held.index.with_changes(upserts=upserts, deletes=deletes)
                if len(index.sizes) > 1:
                    index = index.merged(_tail(index.sizes))
                new = self._with_outlets(connection, replace(held, index=index), upto)
                return self._swap(held, new)
        if _lopsided(held.index):
            return self._swap(held, self._file(replace(held, index=held.index.merged())))
        if len(held.index.sizes) > MAX_SEGMENTS:
            joined = held.index.merged(min(_tail(held.index.sizes), MAX_SEGMENTS - 1))
            return self._swap(held, replace(held, index=joined))
        if self._files is not None and held.change - held.filed > UNSAVED:
            return self._swap(held, self._file(held))
        return False

    def _swap(self, held: Snapshot, new: Snapshot) -> bool:
        """Put a snapshot in the place of the one that it was made from; False where there is none.

        Where requests brought that one further meanwhile, the new one takes in the same changes
        before it is shown, so that nobody sees the index go back.
        """
        with self._lock:
            now = self._snapshot
            if now is None:  # the file under it was damaged; the next request loads anew
                return False
            if now is not held and now.content == new.content:
                with read(self._engine) as connection:
                    new = self._all_changes(connection, new)
            self._snapshot = new
        return True

    def _file(self, snapshot: Snapshot) -> Snapshot:
        if self._files is None:
            return snapshot
        index = self._files.save(snapshot.index, snapshot.content, snapshot.change)
        return replace(snapshot, index=index, filed=snapshot.change)


def _lopsided(index: ClaimIndex) -> bool:
    """Say whether the first segment no longer stands for the whole: its words weigh all others."""
    first, *others = index.sizes
    gone = index.info().deleted
    return sum(others) > max(SMALL, first // 2) or gone > max(SMALL, len(index) // 2)


def _unsettled(snapshot: Snapshot) -> bool:
    return len(snapshot.index.sizes) > MAX_SEGMENTS or _lopsided(snapshot.index)


def _tail(sizes: tuple[int, ...]) -> int:
    """Return from which segment on joining is cheap: each is at most twice what follows it.

    So a claim is joined a logarithmic number of times, however many changes come one by one.
    """
    first, total = len(sizes) - 1, sizes[-1]
    while first > 1 and sizes[first - 1] <= 2 * total:
        first -= 1
        total += sizes[first]
    return first
