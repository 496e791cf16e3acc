"""What the readers of input files give: pages, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from contextlib_news.models import Page

__all__ = ["FIELDS", "MAX_PAGE_BYTES", "Columns", "Cut", "Found", "Reader", "cut_evenly", "page_of"]

# No article comes near it; the reader of pages refuses what has more than five million characters.
MAX_PAGE_BYTES = 32 * 1024 * 1024

FIELDS = ("id", "url", "title", "language", "html", "text")

Columns = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of an input, or the reason why what stands there cannot be read as one.

    ``place`` is the row of a Parquet file, the line of a JSONL file or the byte of a WARC file.
    """

    place: int
    page: Page | None = None
    id: str | None = None
    url: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a unit begins and how many pages it holds.

    ``start`` is a place to read from and ``skip`` how many pages from there belong to others.
    """

    start: int
    skip: int
    pages: int


class Reader(Protocol):
    """How a format is cut into units and read; both see the same pages in the same order."""

    def cut(self, path: Path, pages: int, columns: Columns) -> list[Cut]:
        """Return the units of a file, each of at most so many pages; none for an empty file."""
        ...

    def read(self, path: Path, cut: Cut, columns: Columns) -> Iterator[Found]:
        """Yield the pages of a unit, or in place of a page why there is none."""
        ...


def page_of(values: dict[str, Any], place: int, columns: Columns) -> Found:
    """Return the page of a record; ``columns`` says which of its columns are which field.

    What is None or no field of ours is passed over. A value of a wrong type is an error.
    """
    given: dict[str, Any] = {}
    for name, value in values.items():
        field = columns.get(name, name)
        if field in FIELDS and value is not None:
            given[field] = value
    known = given.pop("id", None)
    own = str(known) if isinstance(known, (str, int)) else None
    url = given.get("url") if isinstance(given.get("url"), str) else None
    for field, value in given.items():
        kinds = (str, bytes) if field == "html" else (str,)
        if not isinstance(value, kinds):
            wrong = f"{field} must be {' or '.join(kind.__name__ for kind in kinds)}"
            return Found(place=place, id=own, url=url, error=f"{wrong}, not {type(value).__name__}")
    return Found(place=place, page=Page(**given), id=own, url=url)


def cut_evenly(total: int, pages: int) -> list[Cut]:
    """Return units of so many pages for a format whose pages are numbered."""
    return [
        Cut(start=start, skip=0, pages=min(pages, total - start))
        for start in range(0, total, pages)
    ]
