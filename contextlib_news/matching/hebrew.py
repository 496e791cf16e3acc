"""Hebrew words without the particles and plural endings that are written onto them.

No stemmer that this library uses knows Hebrew. "And", "the", "in", "to", "that" are letters put
before a word; one is taken off where what is left is a known word, not much rarer than the whole.
The same goes for the plural. It is right often enough to find a claim, and not meant to be more.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["strip_hebrew"]

# What is left must have so many letters.
LEAST_LETTERS = 3

# How rare what is left may be beside the whole: "הממשלה" (the government) is commoner than the bare
# word. "מ" starts many words of its own.
_PREFIXES = {"ו": 0.1, "ה": 0.1, "ש": 0.1, "ב": 0.1, "ל": 0.1, "כ": 0.3, "מ": 1.0}
_ENDINGS = {"ים": 0.1, "ות": 0.1, "י": 0.5}
_FINAL = str.maketrans("כמנפצ", "ךםןףץ")
MAX_PREFIXES = 3


class Frequencies(Protocol):
    """How likely each word of general text is."""

    def get(self, word: str, default: float, /) -> float:
        """Return the probability of a word, ``default`` where it is not known."""


def strip_hebrew(word: str, frequencies: Frequencies) -> str:
    """Return a folded word without particles and plural ending, by the frequencies of words."""
    for _ in range(MAX_PREFIXES):
        rest = word[1:]
        share = _PREFIXES.get(word[0])
        if share is None or not _is_word(rest, share * frequencies.get(word, 0.0), frequencies):
            break
        word = rest
    for ending, share in _ENDINGS.items():
        if word.endswith(ending):
            rest = word[: -len(ending)]
            rest = rest[:-1] + rest[-1:].translate(_FINAL)
            if _is_word(rest, share * frequencies.get(word, 0.0), frequencies):
                return rest
    return word


def _is_word(rest: str, least: float, frequencies: Frequencies) -> bool:
    return len(rest) >= LEAST_LETTERS and frequencies.get(rest, 0.0) > least
