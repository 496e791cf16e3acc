"""Labelled sentences: each with the ids of the claims that it is about, or with none."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TextIO

from contextlib_news.errors import InvalidPairsError
from contextlib_news.formats.tables import MAX_CELL_CHARACTERS

__all__ = ["LabelledSentence", "read_pairs"]

# Longer lines are refused before they are read whole.
MAX_LINE_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSentence:
    """A sentence and the ids of the claims that it is about; none where it matches nothing."""

    text: str
    claims: frozenset[str]


def read_pairs(path: str | Path) -> list[LabelledSentence]:
    r"""Return the labelled sentences of a file.

    JSONL with ``text`` and ``claims`` (a list of ids, empty for none) a line, or CSV with the
    columns ``text`` and ``claim`` (an id, empty for none); lines of one text are joined. Raises
    :class:`~contextlib_news.errors.InvalidPairsError` naming file and line, OSError where the file
    cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pairs.csv"
    ...     _ = path.write_text("text,claim\nThe mill burned.,mill\nGood morning.,\n")
    ...     [(pair.text, sorted(pair.claims)) for pair in read_pairs(path)]
    [('The mill burned.', ['mill']), ('Good morning.', [])]
    """
    path = Path(path)
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _lines(file)
        rows = _csv_rows(lines) if path.suffix.lower() == ".csv" else _json_rows(lines)
        try:
            for line, text, claims in rows:
                if not isinstance(text, str) or not text.strip():
                    raise InvalidPairsError(f"line {line}: 'text' must be a sentence")
                if not isinstance(claims, list) or not all(isinstance(c, str) for c in claims):
                    raise InvalidPairsError(f"line {line}: 'claims' must be a list of ids")
                found.setdefault(text, set()).update(claims)
        except InvalidPairsError as error:
            raise InvalidPairsError(f"{path}: {error}") from None
    if not found:
        raise InvalidPairsError(f"{path}: no labelled sentence in it")
    return [LabelledSentence(text=text, claims=frozenset(ids)) for text, ids in found.items()]


def _lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a file; none is read further than it may be long."""
    for number in count(1):
        line = file.readline(MAX_LINE_CHARACTERS + 1)
        if not line:
            return
        if len(line) > MAX_LINE_CHARACTERS:
            raise InvalidPairsError(
                f"line {number}: longer than {MAX_LINE_CHARACTERS:,} characters; a line holds one "
                "sentence"
            )
        yield line


def _json_rows(lines: Iterable[str]) -> Iterator[tuple[int, object, object]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InvalidPairsError(
                f"line {number}: not a JSON object such as "
                '{"text": "a sentence", "claims": ["an-id"]}'
            )
        yield number, row.get("text"), row.get("claims", row.get("gold"))


def _csv_rows(lines: Iterable[str]) -> Iterator[tuple[int, object, object]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.DictReader(lines)
    try:
        if not {"text", "claim"} <= set(reader.fieldnames or ()):
            raise InvalidPairsError("line 1: must name the columns 'text' and 'claim'")
        for row in reader:
            claim = (row.get("claim") or "").strip()
            yield reader.line_num, row.get("text"), [claim] if claim else []
    except csv.Error as error:
        raise InvalidPairsError(f"line {reader.reader.line_num}: not CSV: {error}") from None
