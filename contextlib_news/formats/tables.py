"""Tables of claims: CSV in and out, one row a claim, and CSV files of others by a column map."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.column_maps import ColumnMap
from contextlib_news.formats.csv_records import (
    MAX_CELL_CHARACTERS,
    MAX_LINE_CHARACTERS,
    read_records,
)
from contextlib_news.formats.encodings import bad_byte, numbered_lines

__all__ = [
    "COLUMNS",
    "LISTS",
    "MAX_CELL_CHARACTERS",
    "Row",
    "read_claim_table",
    "read_table",
    "row_fields",
    "write_claim_table",
]

# Columns that hold one text, and columns that hold a JSON list or texts parted by " | ".
COLUMNS = (
    "id text title subtitle claimant date language verdict summary valid_from valid_until "
    "revision created updated"
).split()
LISTS = "variants exclusions topics appearances fingerprints reviews reports quotations".split()
OBJECTS = ["provenance"]

SEPARATOR = " | "
DELIMITERS = ",;\t|"
MAX_COLUMNS = 1_000

# A spreadsheet runs cells that start like this; a leading apostrophe stops it. The wide forms are
# taken for the plain ones by spreadsheets of East Asian languages.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its first line, its cells by column, or why it cannot be used."""

    line: int
    cells: dict[str, str]
    wrong: str = ""


def read_table(
    file: IO[str], *, delimiter: str | None = None, known: Iterable[str] = ()
) -> tuple[list[str], Iterator[Row]]:
    """Return the names of the columns, and the rows as a stream.

    Without ``delimiter`` it is the one of ``, ; tab |`` that parts the header into the most names,
    those in ``known`` before all. A line ``sep=;`` before the header is heeded. Raises
    InvalidClaimError where there is no header, or two columns have one name.
    """
    lines = numbered_lines(file, MAX_LINE_CHARACTERS)
    header = next(lines, (0, None))[1]
    if header is not None and header.lower().startswith("sep=") and len(header.strip()) == 5:
        delimiter, header = delimiter or header[4], next(lines, (0, None))[1]
    if header is None or not header.strip():
        raise InvalidClaimError("the table is empty: its first line must name the columns")
    if wrong := bad_byte(header):
        raise InvalidClaimError(f"line 1: {wrong}")
    if delimiter is None:
        wanted = set(known)
        delimiter = max(DELIMITERS, key=lambda mark: _fit(header, mark, wanted))
    records = read_records(chain([(1, header)], lines), delimiter)
    _, cells, wrong = next(records, (1, [], "it names no column"))
    if wrong:
        raise InvalidClaimError(f"line 1: {wrong}")
    names = [name.strip().lstrip("\ufeff") for name in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise InvalidClaimError(f"the first line names more than {MAX_COLUMNS:,} columns")
    doubled = sorted(name for name, count in Counter(names).items() if count > 1)
    if doubled:
        raise InvalidClaimError(f"two columns are named {doubled[0]!r}")
    return names, _rows(records, names)


def read_claim_table(
    file: IO[str], *, delimiter: str | None = None, columns: ColumnMap | None = None
) -> Iterator[Row]:
    """Yield the rows of a table of claims; with a map the caller turns cells into fields.

    Raises InvalidClaimError where, without a map, the header lacks ``id`` or ``text`` or names an
    unknown column, and where a map does not fit the header.
    """
    known = [*COLUMNS, *LISTS, *OBJECTS, *(columns.columns if columns else ())]
    names, rows = read_table(file, delimiter=delimiter, known=known)
    if columns is not None:
        columns.check(names)
    else:
        unknown = [name for name in names if name not in known]
        if not {"id", "text"} <= set(names) or unknown:
            said = (
                f"unknown column {unknown[0]!r}" if unknown else "columns 'id', 'text' are needed"
            )
            raise InvalidClaimError(
                f"{said}; known columns: {', '.join(known)}; for other tables say which column is "
                "which field with --map COLUMN=FIELD"
            )
    yield from rows


def row_fields(cells: dict[str, str]) -> dict[str, Any]:
    """Return the fields of a claim as the cells of our own columns hold them."""
    fields: dict[str, Any] = {}
    for name, cell in cells.items():
        guarded = cell[:1] == "'" and _needs_guard(cell[1:])
        value = cell[1:] if guarded else cell.strip()
        if not value and not guarded:
            continue
        if name in LISTS or name in OBJECTS:
            fields[name] = _list(value)
        elif name == "revision":
            fields[name] = int(value) if value.isdecimal() and len(value) < 20 else value
        else:
            fields[name] = value
    return fields


def write_claim_table(rows: Iterable[dict[str, Any]], stream: IO[str]) -> int:
    """Write claim objects as CSV and return how many; no cell can run as a formula.

    A cell that would, and one whose spaces a spreadsheet might take off, begins with an apostrophe,
    which :func:`row_fields` takes off again: what is written comes back letter by letter.
    """
    names = [*COLUMNS, *LISTS, *OBJECTS]
    # A line end of two characters, so that the writer puts marks around cells with either one.
    writer = csv.DictWriter(stream, names, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow({name: _cell(row.get(name)) for name in names})
        count += 1
    return count


def _rows(records: Iterable[tuple[int, list[str], str]], names: list[str]) -> Iterator[Row]:
    for line, cells, wrong in records:
        if not wrong and not any(cell.strip() for cell in cells):
            continue
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        wrong = wrong or next((found for cell in cells if (found := bad_byte(cell))), "")
        if len(cells) > len(names):
            wrong = wrong or f"{len(cells)} cells, but the header names {len(names)} columns"
        yield Row(line, dict(zip(names, cells, strict=False)), wrong)


def _fit(header: str, mark: str, wanted: set[str]) -> tuple[int, int]:
    try:
        names = [
            name.strip().lstrip("\ufeff") for name in next(csv.reader([header], delimiter=mark))
        ]
    except (csv.Error, StopIteration):
        return -1, -1
    return len(wanted & set(names)), len(names)


def _list(cell: str) -> Any:
    if cell.lstrip().startswith(("[", "{")):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            pass
    return [part.strip() for part in cell.split(SEPARATOR.strip()) if part.strip()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if _needs_guard(text) else text


def _needs_guard(text: str) -> bool:
    """Say whether a text would run, vanish or lose its spaces in a spreadsheet or in our reader."""
    return not text or text.startswith((*FORMULA_STARTS, "'")) or text != text.strip()
