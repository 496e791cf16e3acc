"""Folding of words that keeps offsets: case, diacritics, apostrophes, number marks, scripts.

"al-Sina’a", "Al Sinaa" and "al-Sina'a" give the same folded words; "3,000" and "3000" the same
number, and so does "٣٬٠٠٠". Marks and invisible characters inside a word do not split it. Runs of
scripts without spaces are cut into overlapping groups of characters (see ``unspaced``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache, partial
from typing import NamedTuple

from contextlib_news.matching.characters import (
    ARABIC_POINTS,
    JOINERS,
    MARKS,
    fold,
)
from contextlib_news.matching.languages import (
    ELISIONS,
    SPACED_THOUSANDS,
    SUFFIXED_NAMES,
    primary_tag,
)
from contextlib_news.matching.unspaced import PARTS, cut_run, is_unspaced

__all__ = [
    "MAX_TOKENS",
    "MAX_WORD",
    "Token",
    "fold",
    "read_word",
    "strip_word",
    "tokenize",
]

# More words than a sentence cut at 2,000 characters can hold.
MAX_TOKENS = 1_000

# Nor are more characters read; a bound for text that holds no words.
MAX_CHARACTERS = 200_000

# A longer word is no word; what follows is left out of the folded form.
MAX_WORD = 256

_LETTER = r"[^\W\d_]"
_NUMBER = rf"\d+(?:[,.\u00a0\u202f{ARABIC_POINTS}]\d{{3}})*(?:[.,٫]\d+)?"
# Digits grouped by spaces or apostrophes, and in the Indian way; not read so in English, where
# "in 2019 300 people" and "1,2,3" are likelier.
_GROUPED = r"\d{1,3}(?:[ \u2009’']\d{3})+(?!\d)(?:[.,]\d+)?"
_INDIAN = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)(?:\.\d+)?"
_APOSTROPHE = "’'ʼ‘`´"

# A letter starts either initials ("U.S.") or a word.
_LATIN_WORD = rf"{_LETTER}(?:\.(?:{_LETTER}\.)+|{_LETTER}*(?:[{_APOSTROPHE}]{_LETTER}+)*)"
_ASCII_WORD = r"[A-Za-z](?:\.(?:[A-Za-z]\.)+|[A-Za-z]*(?:['`][A-Za-z]+)*)"
_REST = rf"{_LETTER}*(?:[{MARKS}]+{_LETTER}*|[{JOINERS}]+(?:{_LETTER}+|[{MARKS}]+{_LETTER}*))*"
_ANY_WORD = (
    rf"{_LETTER}(?:\.(?:{_LETTER}\.)+"
    rf"|{_REST}(?:(?:[{_APOSTROPHE}׳״]|(?<=[א-ת])\"(?=[א-ת])){_LETTER}{_REST})*)"
)
# Nearly all words are a run of plain letters that nothing goes on after: found first, and at once.
_ASCII_RUN = rf"[A-Za-z]{{2,}}+(?![{_APOSTROPHE}])"
_LATIN_RUN = rf"[A-Za-z]{{2,}}+(?![{_APOSTROPHE}]|{_LETTER})"
_ASCII = re.compile(rf"{_ASCII_RUN}|{_ASCII_WORD}|[0-9]+(?:[,.][0-9]{{3}})*(?:[.,][0-9]+)?")
_LATIN = re.compile(f"{_LATIN_RUN}|{_LATIN_WORD}|{_NUMBER}")
_ANY = re.compile(f"{_ANY_WORD}|{_NUMBER}")
# Anything but letters of Europe's Latin scripts and common punctuation.
_BEYOND_LATIN = re.compile(
    "[\u00ad\u0300-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2c00-\U0010ffff]"
)

_APOSTROPHES = re.compile(f'[{_APOSTROPHE}׳״"]')
_THOUSANDS = re.compile(rf"(?<=\d)[,.\u00a0\u202f{ARABIC_POINTS}](?=\d{{3}}(?!\d))")
_NUMBER_ENDING = re.compile(r"['’][^\W\d_]+$")
_GROUPING = re.compile(r"[ \u2009’']")


class Token(NamedTuple):
    """A folded word with the span of what was written."""

    text: str
    start: int
    end: int
    number: bool = False


# Half the cost of calling the class.
_new_token = partial(tuple.__new__, Token)


def tokenize(text: str, language: str | None = None) -> list[Token]:
    """Return the folded words of a text in order, at most :data:`MAX_TOKENS`; never raises.

    Spans are half-open, in code points of ``text``; those of an unspaced script overlap. A
    ``language`` (BCP 47 tag) only changes how numbers, elisions and name endings are read.
    """
    tag = primary_tag(language)
    tokens: list[Token] = []
    for match in word_pattern(text, tag).finditer(text, 0, MAX_CHARACTERS):
        raw = match[0]
        start, end = match.span()
        read = _read_short(raw, tag) if end - start <= 40 else read_word(raw, tag)
        if len(read) == 1 and not read[0][1]:
            tokens.append(_new_token((read[0][0], start, start + read[0][2], read[0][3])))
        else:
            for word, first, last, number in read:
                tokens.append(Token(word, start + first, start + last, number))
        if len(tokens) >= MAX_TOKENS:
            break
    return tokens[:MAX_TOKENS]


def word_pattern(text: str, tag: str) -> re.Pattern[str]:
    """Return what finds the words, numbers and unspaced runs of a text; the cheapest that can."""
    if tag != "en":
        return _foreign_pattern(tag in SPACED_THOUSANDS)
    if text.isascii():
        return _ASCII
    return _LATIN if _BEYOND_LATIN.search(text) is None else _ANY


@cache
def _foreign_pattern(grouped: bool) -> re.Pattern[str]:
    """Return the pattern of other languages; compiled when first needed."""
    if not grouped:
        return re.compile(f"{_ANY_WORD}|{_INDIAN}|{_NUMBER}")
    # "2023'te": the ending of a number is read with it and left out.
    ending = r"(?:['’][^\W\d_]{1,6}\b)?"
    return re.compile(f"{_ANY_WORD}|(?:{_GROUPED}|{_INDIAN}|{_NUMBER}){ending}")


def read_word(raw: str, tag: str) -> tuple[Token, ...]:
    """Return the tokens of one raw word, with spans inside it; none where nothing is left of it."""
    if raw[0].isdecimal():
        return (Token(_read_number(raw, tag), 0, len(raw), True),)
    if raw.isascii() or not is_unspaced(raw):
        word = _read_letters(raw[:MAX_WORD], tag)
        return (Token(word, 0, len(raw)),) if word else ()
    tokens: list[Token] = []
    for part in PARTS.finditer(raw, 0, 4 * MAX_TOKENS):
        start, end = part.span()
        if part.lastgroup == "run":
            tokens += [Token(*piece) for piece in cut_run(part[0], start)]
        elif word := _read_letters(part[0][:MAX_WORD], tag):
            tokens.append(Token(word, start, end))
    return tuple(tokens[:MAX_TOKENS])


_read_short = lru_cache(maxsize=8_192)(read_word)


def _read_letters(word: str, tag: str) -> str:
    """Return a word or initials folded."""
    if "." in word:
        return fold(word.replace(".", ""))
    return fold(strip_word(word, tag))


def strip_word(word: str, tag: str) -> str:
    """Return a word without possessive ending, elided article or a name's ending, unfolded."""
    if word.isalpha():
        return word
    parts = _APOSTROPHES.split(word)
    if len(parts) > 1:
        if tag in SUFFIXED_NAMES:
            return parts[0]
        if parts[-1].lower() == "s":
            parts = parts[:-1]
        elif parts[0].lower() in ELISIONS.get(tag, ()):
            parts = parts[1:]
    return "".join(parts)


def _read_number(raw: str, tag: str) -> str:
    """Return a number in plain digits, without marks between thousands."""
    if not raw.isascii():
        raw = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in raw)
        raw = raw.replace("٫", ".")
    if tag == "en":
        return _THOUSANDS.sub("", raw)
    if tag in SPACED_THOUSANDS:
        raw = _NUMBER_ENDING.sub("", raw)
        return _THOUSANDS.sub("", _GROUPING.sub("", raw)).replace(",", ".")
    if raw.count(",") > 1:
        return raw.replace(",", "")
    return _THOUSANDS.sub("", raw)
