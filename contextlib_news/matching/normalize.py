"""Folding of words that keeps offsets: case, diacritics, apostrophes, number marks, scripts.

"al-Sina’a", "Al Sinaa" and "al-Sina'a" give the same folded words; "3,000" and "3000" the same
number. Scripts without spaces are cut into overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["MAX_TOKENS", "Token", "fold", "tokenize"]

# More words than a sentence cut at 2,000 characters can hold.
MAX_TOKENS = 1_000

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[,.\u00a0\u202f]\d{3})*(?:[.,]\d+)?)"
    r"|(?P<cjk>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+)"
    r"|(?P<initials>(?:[^\W\d_]\.){2,})"
    r"|(?P<word>[^\W\d_]+(?:[’'ʼ‘`´][^\W\d_]+)*)"
)
_APOSTROPHES = re.compile("[’'ʼ‘`´]")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u00a0\u202f](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word with the span of what was written."""

    text: str
    start: int
    end: int
    number: bool = False


def tokenize(text: str) -> list[Token]:
    """Return the folded words of a text in order, at most :data:`MAX_TOKENS`; never raises."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "number":
            tokens.append(Token(_THOUSANDS.sub("", match[0]), start, end, True))
        elif kind == "cjk":
            run = match[0]
            if len(run) == 1:
                tokens.append(Token(run, start, end))
            tokens += [Token(run[i : i + 2], start + i, start + i + 2) for i in range(len(run) - 1)]
        elif kind == "initials":
            tokens.append(Token(fold(match[0].replace(".", "")), start, end))
        else:
            tokens.append(Token(_fold_word(match[0]), start, end))
        if len(tokens) >= MAX_TOKENS:
            break
    return tokens[:MAX_TOKENS]


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word without case, diacritics and compatibility forms."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def _fold_word(word: str) -> str:
    """Return a folded word; a possessive ending is dropped, an apostrophe inside closed up."""
    parts = _APOSTROPHES.split(word)
    if len(parts) > 1 and parts[-1].lower() == "s":
        parts = parts[:-1]
    return fold("".join(parts))
