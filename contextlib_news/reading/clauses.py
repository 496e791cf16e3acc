"""Where the clauses of a sentence end: what is said in one is not said in the next. English."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from itertools import pairwise

from contextlib_news.reading.cue_words import JOINING_WORDS

__all__ = ["answering_clauses", "clause_end", "clause_start", "find_borders"]

# A comma before "that" or before the year of a date ends no clause, nor does "until 3 May".
_MARKS = r"[;:](?=\s)|,(?=\s)(?!\sthat\b|\s\d{4}\b)|\s[—–-](?=\s)|—|[()]"
_MARK = re.compile(_MARKS, re.IGNORECASE)
_MAY_MARK = re.compile("[-;:,—–()]")
_BORDER = re.compile(
    rf"{_MARKS}|"
    r"\s(?=(?:but|while|whereas|although|though|because|since|after|until)\s"
    r"(?!(?:[\w-]+ ){0,3}\d))",
    re.IGNORECASE,
)

# The clauses that answer a claim hold this share of the words that the two have in common.
ANSWERING_SHARE = 0.75
MAX_CLAUSES = 40
MAX_RUN = 8


def find_borders(text: str, words: frozenset[str]) -> tuple[int, ...]:
    """Return where clauses begin, 0 first and the length of the text last.

    ``words`` are the words of the text, in lower case.
    """
    pattern = _MARK if words.isdisjoint(JOINING_WORDS) else _BORDER
    if pattern is _MARK and _MAY_MARK.search(text) is None:
        return (0, len(text))
    inner = [match.end() for match in pattern.finditer(text)][:MAX_CLAUSES]
    return (0, *inner, len(text))


def clause_end(borders: tuple[int, ...], place: int) -> int:
    """Return the end of the clause that holds a place."""
    return borders[min(bisect_right(borders, place), len(borders) - 1)]


def clause_start(borders: tuple[int, ...], place: int) -> int:
    """Return the start of the clause that holds a place."""
    return borders[max(0, bisect_right(borders, place) - 1)]


def answering_clauses(
    borders: tuple[int, ...], places: Collection[tuple[int, str]]
) -> tuple[int, int]:
    """Return the span of the shortest run of clauses that holds most of the shared words.

    ``places`` are the shared words and where they stand. A long sentence makes several statements,
    and a hedge or a denial in one of them is none of the others.
    """
    clauses = list(pairwise(borders))
    if len(clauses) == 1 or not places:
        return 0, borders[-1]
    held = [{word for place, word in places if a <= place < b} for a, b in clauses]
    every = set().union(*held)
    best, length = (0, len(clauses) - 1), len(clauses) + 1
    for first in range(len(clauses)):
        words: set[str] = set()
        for last in range(first, min(first + MAX_RUN, len(clauses))):
            words |= held[last]
            if len(words) >= ANSWERING_SHARE * len(every):
                if last - first < length:
                    best, length = (first, last), last - first
                break
    return clauses[best[0]][0], clauses[best[1]][1]
