"""Which page a process was at when it died, so that one page cannot stop a run for ever.

A page may be too much for a process: it is killed for its memory, or a library it uses crashes. The
unit is then begun anew, perhaps by another process. A page at which processes died twice is left
out and gets a row that says so. Only deaths within one run of the command count: a command that is
killed says nothing about the page it was at.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

__all__ = ["MOST_DEATHS", "Attempts"]

MOST_DEATHS = 2


class Attempts:
    """Keeps the page that is worked on in a file beside the part, until the part is there."""

    def __init__(self, path: Path, attempt: str) -> None:
        """Read what an earlier process left; ``attempt`` names this run of the command."""
        self._path = path
        self._attempt = attempt
        self._deaths: dict[int, int] = {}
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            left = json.loads(path.read_bytes().rstrip(b" \0"))
            if left["attempt"] == attempt:
                self._deaths = {int(page): int(n) for page, n in left["deaths"].items()}
                if left["at"] is not None:
                    page = int(left["at"])
                    self._deaths[page] = self._deaths.get(page, 0) + 1
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        self._length = 0

    def begin(self, page: int) -> bool:
        """Note that a page is begun; False where it is better left out."""
        out = self._deaths.get(page, 0) >= MOST_DEATHS
        self._write(None if out else page)
        return not out

    def end(self) -> None:
        """Forget it all: the part is there, or this process gives the unit up by itself."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)

    def _write(self, page: int | None) -> None:
        said = json.dumps({"attempt": self._attempt, "deaths": self._deaths, "at": page}).encode()
        self._length = max(self._length, len(said))
        # One write over the old text, so that a reader finds the one or the other.
        os.pwrite(self._file, said.ljust(self._length), 0)
