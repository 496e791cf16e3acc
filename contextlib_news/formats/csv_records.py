"""The records of a CSV file one by one, so that a broken one costs itself and not what follows.

A quotation mark that is never closed would otherwise swallow the file up to the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

__all__ = ["MAX_CELL_CHARACTERS", "MAX_LINE_CHARACTERS", "read_records"]

MAX_CELL_CHARACTERS = 1_000_000
MAX_LINE_CHARACTERS = 4_000_000

# How far the end of a cell is looked for in the lines below, and how often in one file in vain:
# hostile files would make each line look through all others.
MAX_SPAN_LINES = 1_000
MAX_SPAN_CHARACTERS = 200_000
MAX_TRIES = 50
MAX_IN_VAIN = 1_000

_OPEN = "unexpected end of data"

Line = tuple[int, str | None]


def read_records(lines: Iterator[Line], delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield the first line of each record, its cells, and what is wrong with it.

    ``lines`` are numbered; None stands for one that was too long. Blank lines are passed over.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    waiting: deque[Line] = deque()
    in_vain = 0
    while line := waiting.popleft() if waiting else next(lines, None):
        number, text = line
        if text is None:
            yield number, [], f"the line has more than {MAX_LINE_CHARACTERS:,} characters"
            continue
        if not text.strip():
            continue
        cells, wrong = _cells(text, delimiter)
        if wrong == _OPEN:
            below: list[Line] = []
            if in_vain < MAX_IN_VAIN:
                cells, below = _spanning(text, waiting, lines, delimiter)
            if not cells:
                in_vain += 1
                waiting.extendleft(reversed(below))
                wrong = "a quotation mark opens a cell that is never closed"
            else:
                wrong = ""
        yield number, cells, wrong


def _spanning(
    text: str, waiting: deque[Line], lines: Iterator[Line], delimiter: str
) -> tuple[list[str], list[Line]]:
    """Return the cells of a record that goes on in the lines below, and the lines that it took.

    No cells where its end is not found.
    """
    parts, length, tries = [text], len(text), 0
    taken: list[Line] = []
    while len(taken) < MAX_SPAN_LINES and length < MAX_SPAN_CHARACTERS and tries < MAX_TRIES:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            break
        taken.append(line)
        more = line[1]
        if more is None:
            break
        parts.append(more)
        length += len(more)
        if '"' in more:
            tries += 1
            cells, wrong = _strict("".join(parts), delimiter)
            if not wrong:
                return cells, taken
            if wrong != _OPEN:
                break  # Another cell's mark: the one that was looked for is missing.
    return [], taken


def _cells(text: str, delimiter: str) -> tuple[list[str], str]:
    """Return the cells of a line, or why it is no record."""
    cells, wrong = _strict(text, delimiter)
    if not wrong or wrong == _OPEN or "field larger" in wrong:
        return cells, wrong
    # A mark inside a cell, as in 5" pipe: taken as it stands where the record is one line.
    try:
        return next(csv.reader([text], delimiter=delimiter), []), ""
    except csv.Error as error:
        return [], str(error)


def _strict(text: str, delimiter: str) -> tuple[list[str], str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), []), ""
    except csv.Error as error:
        return [], str(error)
