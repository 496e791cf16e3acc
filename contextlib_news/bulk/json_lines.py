"""Pages as JSONL, one object a line, plain or packed with gzip."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from contextlib_news.bulk.found import MAX_PAGE_BYTES, Columns, Cut, Found, page_of

__all__ = ["JsonLines"]

# A line is a page and little more; JSON writes some letters with six.
MAX_LINE_BYTES = 2 * MAX_PAGE_BYTES


class JsonLines:
    """Reads lines; those that hold nothing but spaces are no pages.

    ``Cut.start`` is a byte of the unpacked file, ``Found.place`` a line, counted from 1.
    """

    def cut(self, path: Path, pages: int, columns: Columns) -> list[Cut]:
        """Return units that begin at every so many pages, counted by reading the lines."""
        cuts: list[Cut] = []
        starts: list[tuple[int, int]] = []
        count = 0
        with _open(path) as file:
            for number, at, _, _ in _lines(file, 0, 0):
                if count % pages == 0:
                    starts.append((at, number))
                count += 1
        for which, (at, number) in enumerate(starts):
            held = min(pages, count - which * pages)
            # The line before the unit is told by skip: nothing is skipped by it.
            cuts.append(Cut(start=at, skip=number - 1, pages=held))
        return cuts

    def read(self, path: Path, cut: Cut, columns: Columns) -> Iterator[Found]:
        """Yield the pages of a unit; ``cut.skip`` is the number of the line before it."""
        with _open(path) as file:
            file.seek(cut.start)
            lines = _lines(file, cut.start, cut.skip)
            for _, (number, _, line, error) in zip(range(cut.pages), lines, strict=False):
                if line is None:
                    yield Found(place=number, error=error)
                else:
                    yield _found(line, number, columns)


def _open(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rb")
    return path.open("rb")


def _lines(
    file: IO[bytes] | gzip.GzipFile, at: int, number: int
) -> Iterator[tuple[int, int, bytes | None, str | None]]:
    """Yield number, first byte and content of each line that holds something.

    In place of the content of a line that is too long, and of what stands behind damage, there is
    the reason.
    """
    while True:
        start = at
        number += 1
        try:
            line = file.readline(MAX_LINE_BYTES + 1)
            at += len(line)
            long = len(line) > MAX_LINE_BYTES
            while long and line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
                at += len(line)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            yield number, start, None, f"the file is damaged from here on: {error}"
            return
        if long:
            yield number, start, None, f"the line is longer than {MAX_LINE_BYTES:,} bytes"
        elif not line:
            return
        elif not line.isspace():
            yield number, start, line, None


def _found(line: bytes, number: int, columns: Columns) -> Found:
    try:
        values = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return Found(place=number, error=f"the line is not UTF-8: {error.reason}")
    except (ValueError, RecursionError) as error:
        return Found(place=number, error=f"the line is not JSON: {error}")
    if not isinstance(values, dict):
        return Found(place=number, error="the line must hold a JSON object")
    return page_of(values, number, columns)
