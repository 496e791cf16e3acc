"""The parts of an output: written aside, moved there in one step, known again by their footers.

A part that is there under its name is whole, and there is one for each unit, whoever wrote it and
however often: the same unit gives the same rows. So what is done is what is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contextlib_news.atomic_file import atomic_file
from contextlib_news.bulk.rows import SCHEMA
from contextlib_news.errors import CommandError

__all__ = ["Part", "part_path", "read_part", "sweep", "write_json", "write_part"]

# A group of rows is written when it has so many, or so many characters, whichever comes first.
ROWS_A_GROUP = 256
CHARACTERS_A_GROUP = 16 * 1024 * 1024

_RUN, _NUMBER, _COUNTS = b"contextlib_news.run", b"contextlib_news.part", b"contextlib_news.counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is in a part: pages, those with an error among them, and notes."""

    number: int
    pages: int
    errors: int
    notes: int


def part_path(folder: Path, number: int) -> Path:
    """Return where a part lies; names that begin with ``_`` or ``.`` are no parts to any reader."""
    return folder / f"part-{number:06d}.parquet"


def write_part(folder: Path, number: int, run: str, rows: Iterable[dict[str, Any]]) -> Part:
    """Write a part beside its place and move it there; ``run`` says to which output it belongs.

    Raises OSError where that cannot be done; nothing is then there under the part's name.
    """
    pages = errors = notes = 0
    with (
        atomic_file(part_path(folder, number)) as file,
        pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer,
    ):
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist(group, schema=SCHEMA))
            pages += len(group)
            errors += sum(row["error"] is not None for row in group)
            notes += sum(len(row["notes"]) for row in group)
        counts = json.dumps({"errors": errors, "notes": notes})
        said = {_RUN: run, _NUMBER: str(number), _COUNTS: counts}
        writer.add_key_value_metadata(said)
    return Part(number=number, pages=pages, errors=errors, notes=notes)


def read_part(folder: Path, number: int, run: str) -> Part | None:
    """Return what a part says of itself, None where it is not there.

    Raises CommandError for a file of that name which this output did not write.
    """
    path = part_path(folder, number)
    try:
        found = pq.read_metadata(path)
        said = found.metadata or {}
        if said[_RUN] != run.encode() or said[_NUMBER] != str(number).encode():
            raise CommandError(f"{path}: written by another run; choose another folder")
        counts = json.loads(said[_COUNTS])
        return Part(
            number=number,
            pages=int(found.num_rows),
            errors=int(counts["errors"]),
            notes=int(counts["notes"]),
        )
    except FileNotFoundError:
        return None
    except (pa.ArrowException, OSError, KeyError, ValueError):
        raise CommandError(
            f"{path}: no part of this output; take it away or copy it again"
        ) from None


def sweep(folder: Path) -> None:
    """Take away what killed processes left unfinished."""
    for left in (*folder.glob(".*.part"), *folder.glob(".part-*.at")):
        with suppress(FileNotFoundError):
            left.unlink()


def write_json(path: Path, value: Any) -> None:
    """Write a file of JSON beside its place and move it there in one step."""
    with atomic_file(path) as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")


def digest_of(path: Path) -> str:
    """Return the digest of a file's bytes (BLAKE2b, 16 bytes, hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _groups(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(note["text"]) + len(note["more"]) for note in row["notes"])
        if len(group) >= ROWS_A_GROUP or characters >= CHARACTERS_A_GROUP:
            yield group
            group, characters = [], 0
    if group:
        yield group
