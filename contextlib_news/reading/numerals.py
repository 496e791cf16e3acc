"""Numbers of a text, as figures and as words, with their place; how they are written by language.

``1,234.5`` and ``1.234,5``, "three thousand" and "dreitausend", "two and a half million". What a
number is of, and how exact it is meant, is read in ``quantities``. Runs of number words are read by
``text2num``; the tables of ``data/quantities.json`` say which words may begin one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from text_to_num import text2num

from contextlib_news.reading.lexicon import COMMA_DECIMALS, SPACES, Lexicon, Word, phrase_at

__all__ = ["VULGAR", "Numeral", "is_german_number", "read_digits", "read_numeral"]

# Longest run of number words: "nine hundred and ninety-nine thousand nine hundred and ...".
MAX_NUMBER_WORDS = 12

# A longer run of digits is the number of an account or a page.
MAX_DIGITS = 12

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
_SPELT_GERMAN = re.compile(
    "(?:ein|eine?n?|zwei|zwo|drei(?:ß|ss)ig|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|"
    "sech|sieb|zwan|zig|und|hundert|tausend){2,14}"
)
VULGAR = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅕": 0.2, "⅛": 0.125}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number: its value, half a unit of its last digit, and the words it takes up.

    ``end`` is the place behind its last word. ``scaled`` says that it holds a word such as million
    (``before_scale`` is the number before it), ``spelt`` that it is written in words, ``raw`` are
    its digits as written.
    """

    value: float
    half_step: float
    end: int
    scaled: bool = False
    spelt: bool = False
    raw: str = ""
    before_scale: float = 1.0


def is_german_number(word: str) -> bool:
    """Say whether a word is made of German number words: "dreihundertvierundsiebzig"."""
    return len(word) > 5 and _SPELT_GERMAN.fullmatch(word) is not None


def read_numeral(words: list[Word], place: int, text: str, lex: Lexicon) -> Numeral | None:
    """Return the number that begins at a word, None where none does."""
    word = words[place]
    if word.kind == "number":
        return _read_figures(words, place, text, lex)
    if word.kind == "mark":
        value = VULGAR.get(word.text)
        return None if value is None else _scaled(words, place + 1, value, 0.0, lex, spelt=True)
    return _read_spelt(words, place, lex)


def _read_figures(words: list[Word], place: int, text: str, lex: Lexicon) -> Numeral | None:
    raw = words[place].text
    if len(raw) > MAX_DIGITS and raw.isdecimal():
        return None
    read = read_digits(raw, lex.language)
    if read is None:
        return None
    value, decimals = read
    half = 0.5 * 10.0**-decimals
    place += 1
    if place < len(words) and words[place].text in VULGAR:
        value, half, place = value + VULGAR[words[place].text], 0.0, place + 1
    elif _fraction(words, place):
        value += float(words[place].text) / float(words[place + 2].text)
        half, place = 0.0, place + 3
    return _scaled(words, place, value, half, lex, raw=raw)


def _fraction(words: list[Word], place: int) -> bool:
    """Say whether "1/2" stands here, behind a whole number."""
    return (
        place + 2 < len(words)
        and words[place + 1].text == "/"
        and words[place].start > words[place - 1].end
        and words[place].text in ("1", "2", "3")
        and words[place + 2].text in ("2", "3", "4", "5", "8")
    )


def _read_spelt(words: list[Word], place: int, lex: Lexicon) -> Numeral | None:
    first = words[place].text
    if first in lex.articles:
        # "a hundred", "a million", but not "a man".
        following = words[place + 1].text if place + 1 < len(words) else ""
        if following not in lex.scales or len(following) < 3:
            return None
    elif first == "half" and lex.language == "en":
        return _half_a(words, place, lex)
    elif first not in lex.numbers and not (lex.language == "de" and is_german_number(first)):
        return None
    run, end = _run(words, place, lex)
    while run:
        value = _value_of(" ".join(run), lex.language)
        if value is not None:
            if len(run) == 1 and run[0] in lex.no_number and not _scale_follows(words, end, lex):
                return None
            found = _scaled(words, end, value, 0.0, lex, spelt=True, half_words=True)
            scale = lex.scales.get(run[-1], 1.0)
            if not found.scaled and len(run) > 1 and value % scale == 0:
                found = replace(found, before_scale=value / scale)
            return found
        run.pop()
        end -= 1
        while run and words[end - 1].text in ("-", *lex.joining) and end > place:
            end -= 1
            if run[-1] in lex.joining:
                run.pop()
    return None


def _run(words: list[Word], place: int, lex: Lexicon) -> tuple[list[str], int]:
    """Return the number words from here on, joined by hyphens and "and", and their end."""
    run: list[str] = []
    end = place
    while end < len(words) and len(run) < MAX_NUMBER_WORDS:
        word = words[end]
        known = word.text in lex.numbers or (lex.language == "de" and is_german_number(word.text))
        if known or (end == place and word.text in lex.articles):
            # "three, four": what a comma parts is another number; so is what does not go on.
            run.append("one" if word.text in lex.articles else word.text)
            end += 1
        elif word.text == "-" and run and _known(words, end + 1, lex):
            end += 1
            run[-1] += "-" + words[end].text
            end += 1
        elif word.text in lex.joining and run and _known(words, end + 1, lex):
            if run[-1].split("-")[-1] not in _JOINABLE and lex.language == "en":
                break
            run.append(word.text)
            end += 1
        else:
            break
    return run, end


_JOINABLE = frozenset({"hundred", "thousand", "million", "billion"})


def _known(words: list[Word], place: int, lex: Lexicon) -> bool:
    return place < len(words) and words[place].text in lex.numbers


def _scale_follows(words: list[Word], place: int, lex: Lexicon) -> bool:
    return place < len(words) and words[place].text in lex.scales


@lru_cache(maxsize=8_192)
def _value_of(spelt: str, language: str) -> float | None:
    """Return what a run of number words says, None where it is no one number."""
    if language == "en":
        spelt = spelt.replace(" and ", " ")
    try:
        return float(text2num(spelt, language))
    except (ValueError, OverflowError):
        return None


def _half_a(words: list[Word], place: int, lex: Lexicon) -> Numeral | None:
    """Return "half a million"; half an hour and half of it are read elsewhere."""
    if place + 2 < len(words) and words[place + 1].text in lex.articles:
        scale = lex.scales.get(words[place + 2].text)
        if scale and len(words[place + 2].text) > 2:
            return Numeral(0.5 * scale, 0.0, place + 3, scaled=True, spelt=True)
    return None


def _scaled(
    words: list[Word],
    place: int,
    value: float,
    half: float,
    lex: Lexicon,
    *,
    spelt: bool = False,
    half_words: bool = False,
    raw: str = "",
) -> Numeral:
    """Return a number with the words of scale behind it: "1.5 million", "two and a half bn"."""
    scaled = False
    if found := phrase_at(words, place, lex.half):
        value, half, place = value + 0.5, 0.0, found[1]
    before = value or 1.0
    for _ in range(2):
        at = place + 1 if _hyphen(words, place) else place
        scale = lex.scales.get(words[at].text) if at < len(words) else None
        if scale is None or (len(words[at].text) <= 2 and not _glued(words, at, raw)):
            break
        value, half, scaled, place = value * scale, half * scale, True, at + 1
        if half == 0.0 and half_words and value == scale * round(value / scale):
            half = 0.5 * scale
    return Numeral(value, half, place, scaled, spelt, raw, before)


def _hyphen(words: list[Word], place: int) -> bool:
    return place < len(words) and words[place].text == "-"


def _glued(words: list[Word], place: int, raw: str) -> bool:
    """Say whether a letter of scale stands by digits: "5m", "5 bn", never "5 m" (metres)."""
    if not raw:
        return False
    apart = words[place].start - words[place - 1].end
    return apart == 0 or (len(words[place].text) == 2 and apart == 1)


def read_digits(raw: str, language: str) -> tuple[float, int] | None:
    """Return the value of a number in digits and how many of them are decimals.

    >>> read_digits("1.234,5", "de"), read_digits("1,234.5", "en"), read_digits("1 234", "fr")
    ((1234.5, 1), (1234.5, 1), (1234.0, 0))
    """
    plain = raw.replace("٬", ",").replace("٫", ".")
    for mark in (" ", *SPACES, "'", "’"):
        plain = plain.replace(mark, "")
    if len(plain) > 30:
        return None
    comma = language in COMMA_DECIMALS
    if comma and _is_local(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(plain.partition(".")[0]):
        plain = plain.replace(",", "")
    elif plain.count(".") > 1:
        if not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
            return None
        plain = plain.replace(".", "")
    elif "," in plain:
        # "1,23": a decimal comma in a text that else knows none, or a list; no number to compare.
        return None
    try:
        return float(plain), len(plain.partition(".")[2])
    except ValueError:
        return None


def _is_local(plain: str) -> bool:
    """Say whether a number of a comma-decimal language is written that language's own way."""
    if "," in plain and "." in plain:
        return plain.rindex(",") > plain.rindex(".")
    if "," in plain:
        # Spanish of America writes 3,000.
        return plain.count(",") == 1 and not plain.endswith(",000")
    return "." not in plain or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain) is not None
