"""The word pieces of the sentence encoder: a text in, the numbers its model was trained on out.

Lower case, no accents, punctuation and CJK characters apart, then the longest pieces of the
vocabulary from left to right. Written here since the usual package brings a client for a model
hub and a dozen more packages with it, for what are fifty lines.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

__all__ = ["MAX_CHARACTERS", "WordPiece"]

# No sentence is longer. It bounds the time for a page that sends megabytes as one sentence.
MAX_CHARACTERS = 4_000

# A longer "word" is unknown: the rule of the model's own tokenizer.
MAX_WORD = 100

# Accents, controls, formats, surrogates, private use; what is not assigned yet is kept.
_DROPPED = frozenset(("Mn", "Cc", "Cf", "Cs", "Co"))

_CJK = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)


class WordPiece:
    """A vocabulary of ``size`` pieces that cuts texts into them. Safe to share between threads.

    ``vocabulary`` has one piece a line, its number is the number of the line, from 0; pieces
    that go on inside a word begin with ``##``. Raises KeyError where ``[CLS]``, ``[SEP]`` or
    ``[UNK]`` is missing, OSError and UnicodeDecodeError where the file cannot be read.
    """

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").rstrip("\n").split("\n")
        self._numbers = {piece: number for number, piece in enumerate(lines)}
        self.size = len(lines)
        self._first, self._last = self._numbers["[CLS]"], self._numbers["[SEP]"]
        self._unknown = (self._numbers["[UNK]"],)
        self._cached = lru_cache(maxsize=32_768)(self._word)

    def numbers(self, text: str, limit: int) -> list[int]:
        """Return the numbers of a text, first and last marker included, at most ``limit`` (≥ 2).

        Empty for a text without anything to read: no text, only spaces or control characters.
        Reads the first :data:`MAX_CHARACTERS` characters; never raises.
        """
        pieces: list[int] = []
        for word in _words(text[:MAX_CHARACTERS]):
            pieces += self._cached(word)
            if len(pieces) >= limit - 2:
                break
        return [self._first, *pieces[: limit - 2], self._last] if pieces else []

    def _word(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD:
            return self._unknown
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                return self._unknown
            pieces.append(number)
            start = end
        return tuple(pieces)


def _words(text: str) -> list[str]:
    decomposed = text if text.isascii() else unicodedata.normalize("NFD", text)
    return "".join(map(_character, decomposed)).split()


@lru_cache(maxsize=8_192)
def _character(character: str) -> str:
    """Return what stands for one character: itself in lower case, with spaces around, or none."""
    if character in "\t\n\r":
        return " "
    kind = unicodedata.category(character)
    if kind in _DROPPED or character == "\ufffd":
        return ""
    if kind[0] == "Z":
        return " "
    code = ord(character)
    symbol = code < 128 and not character.isalnum()
    if symbol or kind[0] == "P" or any(low <= code <= high for low, high in _CJK):
        return f" {character} "
    return character.lower()
