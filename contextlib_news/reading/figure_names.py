"""Figures that are no quantities: parts of names, years, days of a month, times of day, scores."""

from __future__ import annotations

from contextlib_news.reading.lexicon import Word
from contextlib_news.reading.numerals import Numeral
from contextlib_news.reading.passages import MONTHS, NO_NOUN, Passage

__all__ = ["is_part_of_name"]

_NUMBERED = frozenset(
    "flight article section chapter room route highway channel page no number unit phase level "
    "grade type model version interstate boeing airbus apollo formula season episode round part "
    "volume figure table case resolution task group covid act title rule gate platform exit line "
    "building bus".split()
)
_CLOSING = frozenset('.,;:!?()[]"“”„«»—–|/')
_TIME_WORDS = frozenset("in since by during from of until year late early mid and between".split())
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today".split())
_PEOPLE = frozenset(
    "people persons men women children soldiers troops fighters militants migrants refugees jobs "
    "homes houses cases deaths victims prisoners detainees residents voters students workers "
    "personas hombres mujeres personnes hommes femmes menschen männer frauen".split()
)


def is_part_of_name(passage: Passage, place: int, number: Numeral, kind: str) -> bool:
    """Say whether a figure is part of a name, date, time or score."""
    if number.spelt:
        return False
    raw = passage.words[place].text
    following = passage.words[number.end] if number.end < len(passage.words) else None
    if following is not None:
        glued = following.start == passage.words[number.end - 1].end
        if glued and (following.kind == "word" or following.text in "]/'’:@_#"):
            # "500: 121 dead" holds two figures, "3:2" is a score.
            apart = following.text == ":" and not passage.digits_at(number.end + 1, following.end)
            return not apart
        if following.text in ("ad", "bc", "bce", "ce"):
            return True
        if following.text in ("am", "pm", "a", "p", "gmt", "bst", "est") and number.value < 25:
            return following.text not in ("a", "p") or passage.mark_at(number.end + 1, ".")
        if raw.isdecimal() and len(raw) <= 2 and following.text in MONTHS:
            return True
        if following.text in ("of", "st", "nd", "rd", "th") and passage.month_at(number.end + 1):
            return True
    previous = _previous(passage, place)
    year = raw.isdecimal() and len(raw) == 4 and raw[:2] in ("17", "18", "19", "20")
    if year and not (kind and kind not in ("about", "exactly", "from", "between")):
        plain = following is not None and following.text in _PEOPLE
        return not (plain and (previous is None or previous.text not in _TIME_WORDS))
    if previous is None or not raw.isdecimal() or kind not in ("", "exactly"):
        return False
    if previous.text in MONTHS and len(raw) <= 2:
        written = passage.text[previous.start].isupper()
        return written or previous.text not in ("mar", "may", "march", "mars", "mai")
    if previous.text in _NUMBERED:
        return True
    capital = passage.text[previous.start].isupper() and previous.start > 0
    opens = place >= 2 and passage.words[place - 2].text in _CLOSING - {"-"}
    alone = following is None or following.kind == "mark" or following.text in NO_NOUN
    known = previous.text in _WEEKDAYS or previous.text in passage.lex.before
    return capital and not known and (len(raw) <= 2 or alone) and not (opens and not alone)


def _previous(passage: Passage, place: int) -> Word | None:
    """Return the word before a number; none where a mark other than a full stop parts them."""
    if place == 0:
        return None
    word = passage.words[place - 1]
    if word.text == "." and place > 1 and passage.words[place - 2].text in {*MONTHS, "no"}:
        return passage.words[place - 2]
    return word if word.kind == "word" else None
