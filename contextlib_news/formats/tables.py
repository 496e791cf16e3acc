"""Claims as CSV: one row a claim, the scalar fields and the lists a cell can hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from contextlib_news.errors import InvalidClaimError

__all__ = ["COLUMNS", "LISTS", "MAX_CELL_CHARACTERS", "read_claim_table", "write_claim_table"]

# Columns that hold one text, and columns that hold a JSON list or texts parted by " | ".
COLUMNS = (
    "id text title subtitle claimant date language verdict summary valid_from valid_until "
    "revision created updated"
).split()
LISTS = "variants exclusions topics appearances reviews reports quotations".split()
OBJECTS = ["provenance"]

SEPARATOR = " | "
MAX_CELL_CHARACTERS = 1_000_000

# A spreadsheet runs cells that start like this; a leading apostrophe stops it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def read_claim_table(file: IO[str], *, tabs: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and fields of each row; the header names the columns.

    Raises InvalidClaimError where the header lacks ``id`` or ``text`` or names an unknown column.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.DictReader(file, delimiter="\t" if tabs else ",")
    names = [name.strip() for name in reader.fieldnames or []]
    unknown = sorted(set(names) - set(COLUMNS) - set(LISTS) - set(OBJECTS))
    if not {"id", "text"} <= set(names) or unknown:
        said = f"unknown column '{unknown[0]}'" if unknown else "columns 'id' and 'text' are needed"
        raise InvalidClaimError(f"{said}; known columns: {', '.join(COLUMNS + LISTS)}")
    try:
        for row in reader:
            yield reader.line_num, _fields({k.strip(): v for k, v in row.items() if k})
    except csv.Error as error:
        raise InvalidClaimError(f"line {reader.line_num}: {error}") from None


def write_claim_table(rows: Iterable[dict[str, Any]], stream: IO[str]) -> int:
    """Write claim objects as CSV and return how many; no cell can run as a formula."""
    names = [*COLUMNS, *LISTS, *OBJECTS]
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow({name: _cell(row.get(name)) for name in names})
        count += 1
    return count


def _fields(row: dict[str, str | None]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, cell in row.items():
        value = _unguard(cell) if isinstance(cell, str) else ""
        if not value.strip():
            continue
        if name in LISTS or name in OBJECTS:
            fields[name] = _list(value)
        elif name == "revision":
            fields[name] = int(value) if value.isdecimal() else value
        else:
            fields[name] = value
    return fields


def _list(cell: str) -> Any:
    if cell.lstrip().startswith(("[", "{")):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return [part.strip() for part in cell.split(SEPARATOR.strip()) if part.strip()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def _unguard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in (*FORMULA_STARTS, "'") else cell
