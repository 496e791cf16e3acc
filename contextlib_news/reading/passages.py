"""A text being read for its numbers: its words, the language's table, and what is made of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from contextlib_news.reading.lexicon import Lexicon, Phrases, Word, phrase_at, read_table
from contextlib_news.reading.numerals import Numeral, read_numeral
from contextlib_news.reading.quantity import Quantity
from contextlib_news.reading.units import Unit

__all__ = ["MONTHS", "NO_NOUN", "Passage", "factors", "skip_phrase"]

# Words behind a number that say what it counts.
COUNTED_WORDS = 5

MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july "
    "august september october november december enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre janvier février mars avril mai juin juillet "
    "août septembre octobre novembre décembre januar februar märz juni juli oktober "
    "dezember".split()
)
# Words before a number that its words are told without: "from 280".
_LEFT_OUT = frozenset("from ranging de von".split())

# Words that end what a number counts.
NO_NOUN = frozenset(
    "a an and are as at be been before but by can could did do does during for from had has have "
    "he her his if in into is it its last later of off on or out over per said since so than "
    "that the their then there they this to until up was we were when where which while who whom "
    "whose will with would after against among between under about because not no más de la el "
    "los las y en que por con del se le les des du et dans pour par sur qui que est ont und der "
    "die das in von mit im für auf bei ist sind wurden".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its words; each step of reading takes the place of a word and gives the next."""

    text: str
    words: list[Word]
    lex: Lexicon
    numerals: dict[int, Numeral | None] = field(default_factory=dict)

    def numeral(self, place: int) -> Numeral | None:
        """Return the number that begins at a place, None where none does; read once."""
        if place not in self.numerals:
            self.numerals[place] = read_numeral(self.words, place, self.text, self.lex)
        return self.numerals[place]

    def part_of_word(self, place: int) -> bool:
        """Say whether a number belongs to what stands before it: "B-52", "#3", "[1]", "3:2"."""
        start = self.words[place].start
        before = self.text[max(0, start - 2) : start]
        if not before:
            return False
        if before[-1] in "[#/:@_=&" or before[-1].isalnum():
            return before[-1] != ":" or (len(before) > 1 and before[0].isdigit())
        return before[-1] in "-–." and len(before) > 1 and before[0].isalnum()

    def digits_at(self, place: int, end: int) -> bool:
        """Say whether digits stand right behind the character at ``end``."""
        if place >= len(self.words):
            return False
        return self.words[place].is_number and self.words[place].start == end

    def mark_at(self, place: int, mark: str) -> bool:
        """Say whether a word or mark stands at a place."""
        return place < len(self.words) and self.words[place].text == mark

    def month_at(self, place: int) -> bool:
        """Say whether the name of a month stands at a place."""
        return place < len(self.words) and self.words[place].text in MONTHS

    def make(
        self,
        kind: str,
        first: Numeral,
        second: Numeral | None,
        unit: Unit,
        code: str,
        start: int,
        end: int,
    ) -> Quantity:
        """Return the quantity of a number or range, after the words before it (``kind``)."""
        low, high = first.value, second.value if second else first.value
        if unit.dimension == "temperature" and self._negative(start):
            low, high = -high, -low
        exact = low == high and kind in ("", "exactly", "between", "from")
        said = first.value if second is None else None
        if kind in ("about", "nearly", "just_over", "above", "below", "up_to"):
            a, b = factors(kind)
            low, high = low * a, high * b if b is not None else math.inf
        half = _rounded_half(first, second) * unit.high
        measure = Unit(code, "money") if code else unit
        low, high = low * measure.low + measure.zero, high * measure.high + measure.zero
        rounded = first.scaled or bool(second and second.scaled)
        return self.quantity(
            low, high, measure, start, end, exact=exact, said=said, half=half, rounded=rounded
        )

    def _negative(self, place: int) -> bool:
        start = self.words[place].start
        return start > 0 and self.text[start - 1] in "-−" and self.text[:start][-2:-1] in ("", " ")

    def quantity(
        self,
        low: float,
        high: float,
        unit: Unit,
        start: int,
        end: int,
        *,
        exact: bool,
        said: float | None = None,
        half: float = 0.0,
        rounded: bool = False,
    ) -> Quantity:
        """Return the quantity said by the words from one place up to another."""
        while start + 1 < end and self.words[start].text in _LEFT_OUT:
            start += 1
        begin, stop = self.words[start].start, self.words[end - 1].end
        if low < 0 and self._negative(start):
            begin -= 1
        return Quantity(
            low,
            high,
            unit.dimension,
            self.text[begin:stop],
            begin,
            stop,
            exact,
            unit=unit.name,
            said=said,
            half_step=half,
            rounded=rounded,
            counted=self._counted(end),
        )

    def _counted(self, place: int) -> tuple[str, ...]:
        """Return the words behind a number up to a small word or a mark: what it is a number of."""
        place = skip_phrase(self.words, place, self.lex.of)
        counted: list[str] = []
        for word in self.words[place : place + COUNTED_WORDS]:
            if word.text in ("-", "'") or (word.text in ("other", "more", "of") and not counted):
                continue
            if word.kind != "word" or word.text in NO_NOUN:
                break
            counted.append(word.text)
        return tuple(counted)


def skip_phrase(words: list[Word], place: int, phrases: Phrases) -> int:
    """Return the place behind a phrase, the place itself where none of them stands."""
    found = phrase_at(words, place, phrases)
    return found[1] if found else place


def _rounded_half(first: Numeral, second: Numeral | None) -> float:
    """Return half a unit of the last figure that counts, of zeros at most all but two figures."""
    number = second or first
    if number.value and number.value == int(number.value) and not number.scaled:
        digits = f"{int(number.value)}"
        zeros = min(len(digits) - len(digits.rstrip("0")), max(0, len(digits) - 2))
        return 0.5 * 10.0**zeros
    return number.half_step


def factors(kind: str) -> tuple[float, float]:
    """Return what an approximation makes of a number: times what at least, and at most."""
    table = read_table("quantities.json")
    row = table["fraction"] if kind == "fraction" else table["approximations"][kind]
    return row["low"], row["high"]
