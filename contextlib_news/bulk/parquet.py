"""Pages as rows of Parquet files: ``html`` (text or bytes) or ``text``, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contextlib_news.bulk.found import FIELDS, Columns, Cut, Found, cut_evenly, page_of
from contextlib_news.errors import CommandError

__all__ = ["Parquet"]

# Rows decoded at once: pages may have megabytes each.
ROWS_AT_ONCE = 32


class Parquet:
    """Reads rows, a few at a time; ``Cut.start`` and ``Found.place`` are rows, counted from 0."""

    def cut(self, path: Path, pages: int, columns: Columns) -> list[Cut]:
        """Return units that begin at every so many rows; a file that is none is one error."""
        try:
            with pq.ParquetFile(path) as file:
                _wanted(path, file.schema_arrow.names, columns)
                return cut_evenly(file.metadata.num_rows, pages)
        except (pa.ArrowException, OSError):
            if not path.is_file():
                raise
            return [Cut(start=0, skip=0, pages=1)]

    def read(self, path: Path, cut: Cut, columns: Columns) -> Iterator[Found]:
        """Yield the rows of a unit; of rows that cannot be decoded, the reason, once for each."""
        place, end = cut.start, cut.start + cut.pages
        try:
            with pq.ParquetFile(path) as file:
                wanted = _wanted(path, file.schema_arrow.names, columns)
                for values in _rows(file, wanted, cut.start, cut.pages):
                    if isinstance(values, str):
                        yield Found(place=place, error=values)
                    else:
                        yield page_of(values, place, columns)
                    place += 1
        except (pa.ArrowException, OSError) as error:
            reason = " ".join(str(error).split())[:300]
            for left in range(place, end):
                yield Found(place=left, error=f"the row cannot be decoded: {reason}")


def _wanted(path: Path, names: list[str], columns: Columns) -> list[str]:
    wanted = [name for name in names if columns.get(name, name) in FIELDS]
    if not {columns.get(name, name) for name in wanted} & {"html", "text"}:
        raise CommandError(
            f"{path}: no column 'html' or 'text'; name yours: --map COLUMN=html "
            f"(there are: {', '.join(names[:20])})"
        )
    return wanted


def _rows(file: Any, columns: list[str], start: int, count: int) -> Iterator[dict[str, Any] | str]:
    """Yield rows from ``start`` on, or why one is none; reads only the groups that hold them."""
    first = 0
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        skip, first = max(0, start - first), first + rows
        if skip >= rows:
            continue
        for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=columns):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            for row in range(skip, min(batch.num_rows, skip + count)):
                try:
                    yield from batch.slice(row, 1).to_pylist()
                except UnicodeDecodeError as error:
                    yield f"the row holds text that is not UTF-8: {error.reason}"
                count -= 1
            skip = 0
            if not count:
                return
