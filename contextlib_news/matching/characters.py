"""Single characters: which ones belong to a word without being letters, and what each folds to."""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from importlib.resources import files

__all__ = ["ARABIC_POINTS", "JOINERS", "MARKS", "fold", "fold_character"]

# Characters whose folded form is kept; hostile text holds more kinds than real text does.
MAX_FOLDS = 16_384

# Arabic thousands separator, beside the usual ones.
ARABIC_POINTS = "٬"

# Invisible inside a word: soft hyphen, zero-width characters, marks of direction. For a class.
JOINERS = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"


def _mark_ranges() -> str:
    """Return the combining marks of living scripts, as ranges for a character class."""
    ranges: list[str] = []
    first = None
    for code in range(0x300, 0x1E01):
        if unicodedata.category(chr(code))[0] == "M":
            first = code if first is None else first
        elif first is not None:
            ranges.append(f"{chr(first)}-{chr(code - 1)}")
            first = None
    return "".join(ranges)


MARKS = _mark_ranges() + "\u20d0-\u20f0\u3099-\u309a\ua8e0-\ua8f1\ua980-\ua983\ufb1e\ufe00-\ufe0f"

# Letters that no decomposition joins with their plain form, and what some write instead of them.
_LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "ё": "е", "ѐ": "е", "ѝ": "и",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ـ": "",
}  # fmt: skip

# Letters that only look like others with a mark.
_OWN_LETTERS = frozenset("йїўќѓ")

# Letters used as apostrophes, hamza and ayin in romanised names.
_APOSTROPHE_LETTERS = range(0x2B9, 0x2C9)

_KANA = range(0x3041, 0x3100)
_HANGUL = range(0xAC00, 0xD7B0)
_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x30000))


def fold(word: str) -> str:
    """Return a word without case, diacritics and compatibility forms; of any length, any script."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word).casefold().translate(_FOLDS)


class _Folds(dict[int, str]):
    """The folded form of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if len(self) < MAX_FOLDS:
            self[code] = folded
        return folded


_FOLDS = _Folds()


def fold_character(character: str) -> str:
    """Return what one character (already lower case) is compared as; empty where it is left out."""
    if character in _LETTERS:
        return _LETTERS[character]
    code = ord(character)
    if character in _OWN_LETTERS or code in _KANA or code in _HANGUL:
        return character
    if unicodedata.category(character) == "Cf" or code in _APOSTROPHE_LETTERS:
        return ""
    plain = unicodedata.normalize("NFKD", character)
    if len(plain) == 1 and any(ord(plain) in block for block in _HAN):
        return _simplified().get(ord(plain), plain)
    if plain == character:
        return "" if _is_dropped(character) else character
    kept = "".join(c for c in plain if not _is_dropped(c)).casefold()
    kept = "".join(_LETTERS.get(c, c) for c in kept)
    return unicodedata.normalize("NFC", kept)


def _is_dropped(character: str) -> bool:
    """Say whether a mark is a diacritic, not a vowel sign, tone or virama that words need.

    The classes are Unicode's: overlays and nukta, Hebrew and Arabic points, marks above and below.
    """
    position = unicodedata.combining(character)
    if position in (1, 7) or 10 <= position <= 36 or position >= 200:
        return True
    return "\ufe00" <= character <= "\ufe0f" or character == "\u034f"


@cache
def _simplified() -> dict[int, str]:
    """Return traditional Chinese characters with their simplified form, from ``wordfreq``'s data.

    Empty where a release of it does not bring them: then each form only finds itself.
    """
    import msgpack  # type: ignore[import-untyped]  # ships no types

    try:
        packed = (files("wordfreq") / "data" / "_chinese_mapping.msgpack.gz").read_bytes()
        table: dict[int, str] = msgpack.unpackb(
            gzip.decompress(packed), raw=False, strict_map_key=False
        )
    except (OSError, ValueError):
        return {}
    return {code: text for code, text in table.items() if len(text) == 1}
