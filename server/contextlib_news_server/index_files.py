"""The index on disk: one file in the data folder, so that a start opens it instead of building.

The file is derived from the database and never the truth. Its name says of which content it is
(the database's own name, the encoder) and at which change it stands, so that it cannot be taken
for another, and it comes to be in one step: a killed process leaves the file before it or none.

Several machines may have a folder in common (a network file system, a mounted object store). The
one that builds an index puts a copy there; the others copy it to their own folder, read all of it
against its checksums, and open that: what is mapped into memory never lies on a network.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from contextlib_news.errors import IndexFileError
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex

try:
    import fcntl
except ImportError:  # Windows: each process then builds for itself
    fcntl = None  # type: ignore[assignment]

__all__ = ["IndexFiles"]

# Files of other content are kept this long after they were last opened.
STALE_SECONDS = 30 * 24 * 3600

_NAME = re.compile(r"index-([0-9a-f]+)-([0-9a-z]+)-(\d+)\.idx")

log = logging.getLogger(__name__)


class IndexFiles:
    """The index files of one data folder, for one encoder or none, and of a common folder."""

    def __init__(self, folder: Path, encoder: Encoder | None, share: Path | None = None) -> None:
        self._folder = folder
        self._share = share
        self._encoder = encoder
        self._mapped: tuple[Path, int, int] | None = None
        self._kind = "words" if encoder is None else encoder.digest[:12]

    def open(self, content: str, change: int) -> tuple[ClaimIndex, int] | None:
        """Return the newest index of this content up to a change, and the change it stands at.

        None where there is no file, or none that can be read: it is then built anew.
        """
        self._fetch(content, change)
        for number, path in self._held(self._folder, content):
            if number > change:
                continue
            try:
                index = ClaimIndex.open(path, encoder=self._encoder)
            except (IndexFileError, OSError) as error:
                log.warning("the index file %s is passed over: %s", path.name, error)
                continue
            with contextlib.suppress(OSError):
                os.utime(path)
                self._remember(path)
            return index, number
        return None

    def save(self, index: ClaimIndex, content: str, change: int) -> ClaimIndex:
        """Write an index and return it as it is opened from the file, mapped into memory.

        Where it cannot be written the index itself comes back; it is only built anew next time.
        """
        path = self._folder / f"index-{content}-{self._kind}-{change}.idx"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            index.save(path)
            opened = ClaimIndex.open(path, encoder=self._encoder)
            self._remember(path)
        except (IndexFileError, OSError) as error:
            log.warning("the index cannot be kept in %s: %s", self._folder, error)
            return index
        self._clean(self._folder, content, change)
        self._publish(path, content, change)
        return opened

    def is_cut(self) -> bool:
        """Say whether the file that is mapped was cut short or added to in its place.

        One that was replaced or removed stays as it was for whoever has it mapped.
        """
        if self._mapped is None:
            return False
        path, inode, size = self._mapped
        try:
            now = path.stat()
        except OSError:
            return False
        return now.st_ino == inode and now.st_size != size

    def _remember(self, path: Path) -> None:
        now = path.stat()
        self._mapped = path, now.st_ino, now.st_size

    def _fetch(self, content: str, change: int) -> None:
        """Copy the newest index that others built, where the own one is older or there is none."""
        if self._share is None:
            return
        own = max((n for n, _ in self._held(self._folder, content) if n <= change), default=-1)
        for number, path in self._held(self._share, content):
            if number > change:
                continue
            if number <= own:
                return
            try:
                copied = _copy(path, self._folder)
            except OSError as error:
                log.warning("the common index %s cannot be copied: %s", path.name, error)
                continue
            try:
                ClaimIndex.open(copied, encoder=self._encoder, verify=True)
            except (IndexFileError, OSError) as error:
                log.warning("the common index %s is passed over: %s", path.name, error)
                copied.unlink(missing_ok=True)
                continue
            return

    def _publish(self, path: Path, content: str, change: int) -> None:
        """Give others a copy of an index, where they have none as new."""
        if self._share is None:
            return
        try:
            if any(number >= change for number, _ in self._held(self._share, content)):
                return
            _copy(path, self._share)
        except OSError as error:
            log.warning("the index cannot be given to others in %s: %s", self._share, error)
            return
        self._clean(self._share, content, change)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other process builds the index of this folder, or of the common one."""
        if fcntl is None:
            yield
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            place = self._share or self._folder
            handle = os.open(place / "index.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _held(self, folder: Path, content: str) -> list[tuple[int, Path]]:
        """Return the files of this content with the changes they stand at, newest first."""
        found = []
        for path in folder.glob("index-*.idx"):
            name = _NAME.fullmatch(path.name)
            if name and name[1] == content and name[2] == self._kind:
                found.append((int(name[3]), path))
        return sorted(found, reverse=True)

    def _clean(self, folder: Path, content: str, change: int) -> None:
        """Remove what this file replaces, and what nobody opened for long.

        Whoever has an older one mapped keeps it: a file goes when its last reader is gone.
        """
        for number, path in self._held(folder, content):
            if number < change:
                path.unlink(missing_ok=True)
        for path in folder.glob("index-*.idx"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink()


def _copy(path: Path, folder: Path) -> Path:
    """Copy a file into a folder; it has its name there only when it is whole."""
    aside = folder / f".{path.name}.{secrets.token_hex(8)}.part"
    try:
        shutil.copyfile(path, aside)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        return aside.replace(folder / path.name)
    finally:
        aside.unlink(missing_ok=True)
