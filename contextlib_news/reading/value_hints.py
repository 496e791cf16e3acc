"""How many values a text may state at most, for a fraction of what reading its numbers costs."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from contextlib_news.reading.lexicon import lexicon

__all__ = ["letters_of", "most_values"]

_LETTERS = re.compile(r"[^\W\d_]+")
_ASCII_LETTERS = re.compile("[a-z]+")
_DIGIT = re.compile("[0-9]")
_FIGURE = re.compile(r"\d+|[½⅓⅔¼¾⅕⅛]")


def most_values(text: str) -> int:
    """Return a number that exact values of an English text do not exceed.

    >>> most_values("Two of 1,200 men, some said"), most_values("dozens of men")
    (3, 0)
    """
    figures = 0 if text.isascii() and not _DIGIT.search(text) else len(_FIGURE.findall(text))
    return figures + sum(map(_value_words().__contains__, letters_of(text)))


@lru_cache(maxsize=256)
def letters_of(text: str) -> tuple[str, ...]:
    """Return the runs of letters of a text, in lower case; kept, as several checks ask for them."""
    lower = text.lower()
    return tuple((_ASCII_LETTERS if lower.isascii() else _LETTERS).findall(lower))


@cache
def _value_words() -> frozenset[str]:
    """Return words, one of which stands in whatever says an exact value without a figure."""
    lex = lexicon(None)
    vague = {
        phrase[-1] for rows in lex.vague.values() for phrase, (low, high) in rows if low == high
    }
    return frozenset({*lex.numbers, *lex.parts, *lex.scales, *vague})
