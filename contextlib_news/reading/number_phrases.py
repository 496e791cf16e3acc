"""Quantities said without a plain number: shares, ratios, ordinals, vague plurals.

"a third of voters", "one in five", "doubled", "the second bridge", "dozens", "half an hour".
"""

from __future__ import annotations

import math

from contextlib_news.reading.lexicon import Word, phrase_at
from contextlib_news.reading.numerals import VULGAR
from contextlib_news.reading.passages import NO_NOUN, Passage, factors, skip_phrase
from contextlib_news.reading.quantity import Quantity
from contextlib_news.reading.units import COUNT, Unit, currency_at, unit_at

__all__ = ["read_phrase"]

_ONE_PART = frozenset({"a", "one", "un", "una", "une", "ein", "eine", "la", "die"})


def read_phrase(
    passage: Passage, start: int, place: int, kind: str
) -> tuple[list[Quantity], int] | None:
    """Return what is no plain number: ordinals, shares in words, ratios, vague plurals."""
    if place >= len(passage.words):
        return None
    return (
        _half_unit(passage, start, place)
        or _vague(passage, start, place, kind)
        or _ratio(passage, start, place)
        or _ordinal(passage, start, place)
        or _share(passage, start, place, kind)
    )


def _half_unit(passage: Passage, start: int, place: int) -> tuple[list[Quantity], int] | None:
    """Return "half an hour", "half a mile"."""
    if passage.words[place].text != "half" or place + 2 >= len(passage.words):
        return None
    article = passage.words[place + 1].text in passage.lex.articles
    found = unit_at(passage.words, place + 2, digits=False) if article else None
    if found is None:
        return None
    unit, end = found
    low, high = 0.5 * unit.low, 0.5 * unit.high
    return [passage.quantity(low, high, unit, start, end, exact=True, said=0.5)], end


def _vague(
    passage: Passage, start: int, place: int, kind: str
) -> tuple[list[Quantity], int] | None:
    if found := phrase_at(passage.words, place, passage.lex.vague_shares):
        (low, high), end = found
        return [passage.quantity(low, high, Unit("%", "share"), start, end, exact=False)], end
    found = phrase_at(passage.words, place, passage.lex.vague)
    if found is None:
        return None
    (low, high), end = found
    if place and passage.words[place - 1].is_number:
        return None
    behind = skip_phrase(passage.words, end, passage.lex.of)
    unit = unit_at(passage.words, behind, digits=False)
    currency = currency_at(passage.words, behind)
    measure = COUNT
    if currency is not None:
        measure, end = Unit(currency[0], "money"), currency[1]
    elif unit is not None and unit[0].dimension != "share":
        measure, end = unit
    if kind == "above":
        high = math.inf
    return [passage.quantity(low, high, measure, start, end, exact=low == high)], end


def _ratio(passage: Passage, start: int, place: int) -> tuple[list[Quantity], int] | None:
    if found := phrase_at(passage.words, place, passage.lex.ratios):
        value, end = found
        return [_ratio_of(passage, float(value), start, end)], end
    if not (passage.words[place].is_number or passage.words[place].text in passage.lex.numbers):
        return None
    number = passage.numeral(place)
    if number is None or (found := phrase_at(passage.words, number.end, passage.lex.times)) is None:
        return None
    return [_ratio_of(passage, number.value, start, found[1])], found[1]


def _ratio_of(passage: Passage, value: float, start: int, end: int) -> Quantity:
    low, high = factors("fraction")
    unit = Unit("times", "ratio")
    return passage.quantity(value * low, value * high, unit, start, end, exact=False)


def _ordinal(passage: Passage, start: int, place: int) -> tuple[list[Quantity], int] | None:
    word = passage.words[place]
    following = passage.words[place + 1] if place + 1 < len(passage.words) else None
    if word.is_number and word.text.isdecimal() and following is not None:
        glued = following.start == word.end and following.text in ("st", "nd", "rd", "th")
        if not glued or len(word.text) > 4 or passage.part_of_word(place):
            return None
        end = place + 2
        if passage.month_at(end) or passage.month_at(end + 1) or passage.month_at(place - 1):
            return [], end
        value = float(word.text)
    elif word.text in passage.lex.ordinals and place:
        if passage.words[place - 1].text not in passage.lex.ordinal_after or following is None:
            return None
        if following.kind != "word" or following.text in NO_NOUN:
            return None
        value, end = float(passage.lex.ordinals[word.text]), place + 1
    else:
        return None
    unit = Unit("th", "ordinal")
    return [passage.quantity(value, value, unit, place, end, exact=True)], end


def _share(
    passage: Passage, start: int, place: int, kind: str
) -> tuple[list[Quantity], int] | None:
    """Return a share said in words: "a third of", "two-thirds", "half the", "one in five"."""
    word = passage.words[place]
    if word.text in VULGAR:
        end = phrase_at(passage.words, place + 1, passage.lex.of)
        return _share_of(passage, VULGAR[word.text], start, place + 1, kind) if end else None
    if not (word.is_number or word.text in passage.lex.numbers or word.text in _ONE_PART):
        if word.text not in passage.lex.parts:
            return None
        return _part(passage, start, place, place, 1.0, kind)
    if word.text in passage.lex.articles or (word.text in _ONE_PART and word.text != "one"):
        return _part(passage, start, place, place + 1, 1.0, kind)
    number = passage.numeral(place)
    if number is None:
        number_end, value = place + 1, 1.0 if word.text == "one" else None
    else:
        number_end, value = number.end, number.value
    if value is None or value > 20:
        return None
    among = phrase_at(passage.words, number_end, passage.lex.among)
    if among is not None:
        whole = passage.numeral(among[1]) if among[1] < len(passage.words) else None
        if whole is not None and value < whole.value <= 100 and not passage.month_at(whole.end):
            return _share_of(passage, value / whole.value, start, whole.end, kind)
        return None
    at = number_end + 1 if _dash(passage.words, number_end) else number_end
    return _part(passage, start, place, at, value, kind)


def _part(
    passage: Passage, start: int, place: int, at: int, value: float, kind: str
) -> tuple[list[Quantity], int] | None:
    part = passage.lex.parts.get(passage.words[at].text) if at < len(passage.words) else None
    if part is None or value >= part:
        return None
    end = at + 1
    if place and passage.words[place - 1].text in passage.lex.ordinals:
        return None
    of = phrase_at(passage.words, end, passage.lex.of)
    whole = passage.words[of[1] : of[1] + 2] if of else []
    if (
        len(whole) == 2
        and whole[0].text in passage.lex.articles
        and whole[1].text in passage.lex.scales
    ):
        # "a quarter of a million"
        number = value / part * passage.lex.scales[whole[1].text]
        end = of[1] + 2 if of else end
        return [passage.quantity(number, number, COUNT, start, end, exact=True, said=number)], end
    if of is None and not (value > 1 and place != at):
        return None
    # "the third of March", "a second of silence"
    if passage.words[at].text in ("second", "quarter") and of is None:
        return None
    bare = at == place and (passage.words[at].text != "half" or passage.month_at(end + 1))
    if bare and passage.lex.language == "en":
        return None
    return _share_of(passage, value / part, start, end, kind)


def _share_of(
    passage: Passage, share: float, start: int, end: int, kind: str
) -> tuple[list[Quantity], int]:
    low, high = factors("fraction")
    low, high = 100 * share * low, 100 * share * high
    if kind in ("above", "below", "up_to", "nearly", "just_over", "about"):
        a, b = factors(kind)
        low, high = low * min(a, 1.0), high * max(b, 1.0) if b else 100.0
        high = 100 * share if kind in ("below", "nearly", "up_to") else high
        low = 0.0 if kind == "below" else low
    unit = Unit("%", "share")
    return [passage.quantity(low, high, unit, start, end, exact=False)], end


def _dash(words: list[Word], place: int) -> bool:
    return place < len(words) and words[place].text in "-‑"
