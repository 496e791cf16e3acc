"""Numbers in running text as intervals: figures, words, ranges, approximations, units, money.

"about 3,000" and "three thousand" meet, "3,000" and "3,500" do not, "hundreds" holds 374, "2,000
pounds" is 907 kg. A small grammar over the words of a text, one pass from left to right: words
before a number ("more than"), a currency, the number, a second one ("to 4,000"), a unit, words
behind it ("or more"), and what it counts. What approximations mean stands in
``data/quantities.json``, units in ``data/units.json``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from contextlib_news.reading.figure_names import is_part_of_name
from contextlib_news.reading.lexicon import Lexicon, Phrases, Word, lexicon, phrase_at, split_words
from contextlib_news.reading.number_phrases import read_phrase
from contextlib_news.reading.numerals import Numeral, is_german_number
from contextlib_news.reading.passages import NO_NOUN, Passage
from contextlib_news.reading.quantity import Quantity
from contextlib_news.reading.units import COUNT, Unit, currency_at, unit_at

__all__ = ["Quantity", "find_quantities"]

MAX_CHARACTERS = 4_000
MAX_QUANTITIES = 60

_TRIGGER = re.compile(r"[\d½⅓⅔¼¾⅕⅛]")
_PIECE = re.compile(r"\w+")
_DASHES = frozenset("-–—‑")
_AGED = frozenset({"aged", "age"})
_NOT_ONE = frozenset("the this that no any some every which each only".split())
_ONE_ELSE = frozenset("another else day way thing time side hand such can could should may".split())
_OLD: Phrases = {
    "old": [(("old",), True)],
    "-": [(("-", "old"), True)],
}


@lru_cache(maxsize=4_096)
def find_quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; names that hold a figure (B-52) are none.

    ``language`` (BCP 47 tag) says how figures are grouped and which number words there are; English
    where none is given or no table is held.
    """
    lex = lexicon(language)
    text = text[:MAX_CHARACTERS]
    if not _TRIGGER.search(text) and not _may_spell(text, lex):
        return ()
    words = split_words(text, language)
    if lex.language == "de" and not _spells_german(text, words, lex):
        return ()
    passage = Passage(text, words, lex)
    found: list[Quantity] = []
    behind = 0
    for place in _candidates(words, lex):
        if place < behind or not _may_begin(words, place, lex):
            continue
        read = _read(passage, place)
        if read is None:
            continue
        quantities, behind = read
        found += quantities
        if len(found) >= MAX_QUANTITIES:
            break
    return tuple(found)


def _candidates(words: list[Word], lex: Lexicon) -> list[int]:
    """Return the places of the words that may begin a number, by themselves or with others."""
    if lex.language == "de":
        return list(range(len(words)))
    starts = lex.starts
    return [n for n, word in enumerate(words) if word[3] == "number" or word[0] in starts]


def _may_begin(words: list[Word], place: int, lex: Lexicon) -> bool:
    """Say whether a number can begin here, perhaps behind "about" and its like."""
    if _opens(words, place, lex):
        return True
    if words[place].text not in lex.before:
        return False
    _, behind = _before(words, place, lex)
    return place < behind < len(words) and _opens(words, behind, lex)


def _opens(words: list[Word], place: int, lex: Lexicon) -> bool:
    """Say whether a number can begin with a word, given the one behind it."""
    text, _, _, kind = words[place]
    if kind == "number" or text in lex.single:
        return True
    behind = lex.opening.get(text)
    if behind is not None:
        return place + 1 < len(words) and words[place + 1].text in behind
    return lex.language == "de" and is_german_number(text)


def _may_spell(text: str, lex: Lexicon) -> bool:
    """Say whether a text may spell a number, for a fraction of what reading its words costs."""
    if lex.language == "de":
        return True
    return not _trigger_pieces(lex.triggers).isdisjoint(_PIECE.findall(text.lower()))


def _spells_german(text: str, words: list[Word], lex: Lexicon) -> bool:
    """Say whether a German text has figures or a word that spells a number."""
    if _TRIGGER.search(text):
        return True
    return any(word.text in lex.triggers or is_german_number(word.text) for word in words)


@lru_cache(maxsize=16)
def _trigger_pieces(triggers: frozenset[str]) -> frozenset[str]:
    return frozenset(piece for trigger in triggers for piece in _PIECE.findall(trigger))


def _read(passage: Passage, start: int) -> tuple[list[Quantity], int] | None:
    kind, place = _before(passage.words, start, passage.lex)
    special = read_phrase(passage, start, place, kind)
    if special is not None:
        return special
    currency = currency_at(passage.words, place)
    if currency is not None:
        place = currency[1]
    if place >= len(passage.words) or passage.part_of_word(place):
        return None
    first = _number(passage, place)
    if first is None:
        return None
    first, second, behind = _range(passage, first, kind)
    last = second or first
    unit, code, end = _unit(passage, place, last, currency[0] if currency else "")
    if unit is COUNT and not code and is_part_of_name(passage, place, first, kind):
        return [], end
    kind_after, end = _after(passage, end)
    kind = kind_after or kind
    if second is not None and _apart(passage, start, kind, first, second):
        if first.value >= second.value and passage.words[first.end].text in _DASHES:
            return [], end
        values = [(first, place, _past_unit(passage, first.end)), (second, behind, end)]
        return [passage.make("", n, None, unit, code, a, b) for n, a, b in values], end
    return [passage.make(kind, first, second, unit, code, start, end)], end


def _before(words: list[Word], place: int, lex: Lexicon) -> tuple[str, int]:
    kind = ""
    for _ in range(2):
        found = phrase_at(words, place, lex.before)
        if found is None:
            break
        value, place = found
        kind = kind if kind and value in ("about", "exactly") else value
    return kind, place


def _after(passage: Passage, place: int) -> tuple[str, int]:
    found = phrase_at(passage.words, place, passage.lex.after)
    if found is None:
        return "", place
    # "121 at least" says so; "121 at least three times" is two things.
    following = passage.words[found[1]] if found[1] < len(passage.words) else None
    if following is not None and (following.is_number or following.text in passage.lex.numbers):
        return "", place
    if found[1] == place + 1 and passage.words[place].start > passage.words[place - 1].end:
        return "", place
    return found


def _number(passage: Passage, place: int) -> Numeral | None:
    number = passage.numeral(place)
    if number is None and passage.words[place].text == "one" and _one_thing(passage, place):
        return Numeral(1.0, 0.0, place + 1, spelt=True)
    return number


def _one_thing(passage: Passage, place: int) -> bool:
    """Say whether "one" is a number here: "one man", not "one of them" or "one day"."""
    if place + 1 >= len(passage.words) or (place and passage.words[place - 1].text in _NOT_ONE):
        return False
    following = passage.words[place + 1]
    return following.kind == "word" and following.text not in NO_NOUN | _ONE_ELSE


def _range(passage: Passage, first: Numeral, kind: str) -> tuple[Numeral, Numeral | None, int]:
    """Return a number, the upper end of a range that it begins, and the place of that end."""
    at = _past_unit(passage, first.end)
    if at + 1 >= len(passage.words):
        return first, None, at
    link = passage.words[at].text
    joins = passage.lex.connectors
    dash = link in _DASHES
    if link == "±" and (off := passage.numeral(at + 1)):
        low = replace(first, value=max(0.0, first.value - off.value))
        return low, replace(off, value=first.value + off.value), at + 1
    allowed = dash or link in joins["to"] or link in joins["or"]
    if not allowed and not (kind == "between" and link in joins["and"]):
        return first, None, at
    currency = currency_at(passage.words, at + 1)
    behind = currency[1] if currency else at + 1
    if behind >= len(passage.words) or (
        dash and passage.words[at].end < passage.words[at + 1].start
    ):
        return first, None, at
    second = passage.numeral(behind)
    if second is None:
        return first, None, at
    if second.before_scale < second.value and not first.scaled and first.value < 1_000:
        scaled = first.value * (second.value / second.before_scale)
        # "25 to 20 million years" are millions too.
        if scaled < 10 * second.value:
            first = replace(first, value=scaled)
    near = first.value < second.value <= 3 * first.value + 3
    if link in joins["or"] and not near:
        return first, None, at
    return first, second, behind


def _past_unit(passage: Passage, place: int) -> int:
    """Return the place behind the unit of a range's lower end: "between 36% and 66%"."""
    found = unit_at(passage.words, place, digits=True)
    if found is None or found[1] + 1 >= len(passage.words):
        return place
    link = passage.words[found[1]].text
    joins = passage.lex.connectors
    following = passage.words[found[1] + 1]
    joined = link in joins["to"] or link in joins["and"] or link in _DASHES
    if not joined or not (following.is_number or following.text in passage.lex.numbers):
        return place
    number = passage.numeral(found[1] + 1)
    other = unit_at(passage.words, number.end, digits=True) if number else None
    return found[1] if other is not None and other[0] == found[0] else place


def _apart(passage: Passage, start: int, kind: str, first: Numeral, second: Numeral) -> bool:
    """Say whether two numbers are two values: "from 10 to 15", "52-48"."""
    if first.value >= second.value:
        return True
    return kind == "from" and _rises(passage, start)


def _rises(passage: Passage, start: int) -> bool:
    before = passage.text[
        max(0, passage.words[start].start - 60) : passage.words[start].start
    ].lower()
    return re.search(r"\b(?:rang\w*|estimat\w*|var\w+|betw\w+)\W*$", before) is None


def _unit(passage: Passage, start: int, number: Numeral, code: str) -> tuple[Unit, str, int]:
    """Return the unit and currency behind a number and the place behind them."""
    place = number.end
    if code:
        return COUNT, code, place
    behind = place + 1 if place < len(passage.words) and passage.words[place].text == "-" else place
    money = behind
    if money < len(passage.words) and passage.words[money].text in ("d'", "de") and number.scaled:
        money += 1
    if (currency := currency_at(passage.words, money)) is not None:
        return COUNT, currency[0], currency[1]
    digits = bool(number.raw)
    found = unit_at(passage.words, place, digits=digits)
    if found is None:
        aged = start and passage.words[start - 1].text in _AGED and number.value < 120
        return (Unit("year old", "age") if aged else COUNT), "", place
    unit, end = found
    if unit.name == "pound" and number.scaled and number.value >= 1e6:
        return COUNT, "GBP", end
    if unit.name == "second" and passage.words[end - 1].text == "second" and digits is False:
        return (unit, "", end) if passage.words[place].text == "-" else (COUNT, "", place)
    if unit.dimension == "time":
        old = phrase_at(passage.words, end, _OLD)
        if old is not None and unit.name == "year":
            return Unit("year old", "age"), "", old[1]
    return unit, "", end
