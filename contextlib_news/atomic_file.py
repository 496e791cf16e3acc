"""A file that is there whole or not at all: written beside its place, moved there in one step."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

__all__ = ["atomic_file"]


@contextmanager
def atomic_file(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Yield a file open for writing that takes the place of ``path`` when the block ends well.

    Its ``name`` is where it lies meanwhile, which begins with ``.`` and ends with ``.part``;
    ``mode`` is cut by the process's mask, as always. Raises OSError where it cannot be written or
    moved. After any error the old file is still there and the new one gone; after a kill the old
    one is there too, beside what was left unfinished.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with open(aside, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
        _sync(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """Make the move itself last where the system can (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
