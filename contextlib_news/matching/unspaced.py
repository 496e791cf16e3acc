"""Scripts written without spaces: overlapping groups of characters stand in for words.

Chinese, Japanese and Korean give pairs; Thai and Lao, whose letters say less, give triples; Khmer
and Burmese give pairs of stacked consonants with their vowels. No dictionary is asked: a word is
found in any text that holds it, at the price of groups that cross the borders of words.
"""

from __future__ import annotations

import re
import unicodedata

from contextlib_news.matching.characters import fold

__all__ = ["PARTS", "cut_run", "is_unspaced"]

_EAST = (
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_ALPHABETS = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf"  # Thai and Lao
_STACKED = "\u1000-\u103f\u1050-\u109f\u1780-\u17d3\u17dd\uaa60-\uaa7f"  # Burmese and Khmer
_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff"

_UNSPACED = re.compile(f"[{_EAST}{_ALPHABETS}{_STACKED}]")
PARTS = re.compile(
    f"(?P<run>[{_EAST}{_ALPHABETS}{_STACKED}][{_EAST}{_ALPHABETS}{_STACKED}{_INVISIBLE}]*)"
    f"|(?P<word>[^{_EAST}{_ALPHABETS}{_STACKED}]+)"
)
_KIND = re.compile(f"(?P<triple>[{_ALPHABETS}])|(?P<pair>.)", re.DOTALL)

# The next consonant is written below the one before: Burmese virama, Khmer coeng.
_STACKERS = "\u1039\u17d2"
_VOICING = "\u3099\u309a\uff9e\uff9f"


def is_unspaced(text: str) -> bool:
    """Say whether a text holds a character of a script without spaces."""
    return _UNSPACED.search(text) is not None


def cut_run(run: str, offset: int) -> list[tuple[str, int, int]]:
    """Return the groups of a run as folded text, start and end; spans are moved by ``offset``.

    A run shorter than a group is one group; overlapping groups share all but one unit.
    """
    units = _units(run)
    size = 3 if units and _KIND.match(units[0][0]).lastgroup == "triple" else 2  # type: ignore[union-attr]  # matches any character
    return [
        (
            "".join(unit[0] for unit in units[i : i + size]),
            offset + units[i][1],
            offset + units[min(i + size, len(units)) - 1][2],
        )
        for i in range(max(1, len(units) - size + 1))
        if units
    ]


def _units(run: str) -> list[tuple[str, int, int]]:
    """Return the letters of a run with their marks, folded, with their spans."""
    units: list[tuple[str, int, int]] = []
    start = 0
    while start < len(run):
        end = start + 1
        while end < len(run) and (
            run[end] in _VOICING
            or "\u1160" <= run[end] <= "\u11ff"  # vowels and endings of decomposed Hangul
            or run[end - 1] in _STACKERS
            or unicodedata.category(run[end])[0] == "M"
        ):
            end += 1
        written = run[start:end]
        if end > start + 1 and written[-1] in _VOICING:
            written = unicodedata.normalize("NFKC", written)
        if folded := fold(written):
            units.append((folded, start, end))
        start = end
    return units
