"""On demand: where the time of slow requests goes, function by function, in a file for each.

A profile holds names of functions, files and lines, how often they ran and how long; nothing of
what they worked on. One request a process is profiled at a time, which makes it up to twice as
slow. From Python 3.12 on the profiler sees all threads: what the process does meanwhile for others
is then in the profile too, and slower as well.
"""

from __future__ import annotations

import cProfile
import logging
import marshal
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contextlib_news.atomic_file import atomic_file

__all__ = ["MOST_FILES", "Profiling"]

# The oldest goes when there would be more; a file has some hundred kilobytes.
MOST_FILES = 100

log = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Profiling:
    """A layer around the application that writes a profile of each request that took too long."""

    def __init__(self, application: Application, folder: Path, seconds: float) -> None:
        """Keep profiles in a folder, of requests that took so many seconds or more."""
        self._application = application
        self._folder = folder
        self._seconds = seconds
        self._busy = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does."""
        if not self._busy.acquire(blocking=False):
            return self._application(environ, start_response)
        profiled = _Profiled(self._done)
        try:
            body = profiled.run(self._application, environ, start_response)
        except BaseException:
            profiled.close()
            raise
        return profiled.of(body)

    def _done(self, profile: cProfile.Profile, seconds: float) -> None:
        self._busy.release()
        if seconds >= self._seconds:
            try:
                self._write(profile, seconds)
            except OSError as error:
                log.warning("no profile was written: %s", error.strerror)

    def _write(self, profile: cProfile.Profile, seconds: float) -> None:
        profile.create_stats()
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        name = f"profile-{now}-{round(1000 * seconds)}ms-{secrets.token_hex(3)}.pstats"
        stats: Any = profile.stats  # set by create_stats
        with atomic_file(self._folder / name) as file:
            file.write(marshal.dumps(stats))
        for old in sorted(self._folder.glob("profile-*.pstats"))[:-MOST_FILES]:
            with suppress(FileNotFoundError):
                old.unlink()


class _Profiled:
    """One request: profiled while the application works, not while its caller waits."""

    def __init__(self, done: Callable[[cProfile.Profile, float], None]) -> None:
        self._profile = cProfile.Profile()
        self._done: Callable[[cProfile.Profile, float], None] | None = done
        self._seconds = 0.0
        self._body: Iterable[bytes] = ()

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        enabled = False
        try:
            # Another profiler of the process may be at work; then this request goes without.
            with suppress(ValueError):
                self._profile.enable()
                enabled = True
            return work(*arguments)
        finally:
            if enabled:
                self._profile.disable()
            self._seconds += time.perf_counter() - began

    def of(self, body: Iterable[bytes]) -> _Profiled:
        self._body = body
        return self

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self._body)
        end = object()
        while (piece := self.run(next, pieces, end)) is not end:
            yield piece

    def close(self) -> None:
        done, self._done = self._done, None
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            if done is not None:
                done(self._profile, self._seconds)
