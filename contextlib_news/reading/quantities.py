"""Numbers in running text as intervals: figures, words, ranges, approximations, units.

"about 3,000" and "three thousand" meet, "3,000" and "3,500" do not, "hundreds" holds 374. English
number words; figures of any language that writes them with western digits.

Number-word libraries were looked at and left: they turn words into digits in place, lose offsets,
and know neither ranges nor approximations, which is most of the work here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["APPROXIMATION", "Quantity", "find_quantities"]

# "About 3,000" is taken to mean 2,700 to 3,300.
APPROXIMATION = 0.10

# What vague plurals are taken to mean; the tens begin at two dozen.
VAGUE = {
    "dozens": (24.0, 99.0),
    "scores": (40.0, 199.0),
    "hundreds": (100.0, 999.0),
    "thousands": (1_000.0, 999_999.0),
    "tens of thousands": (10_000.0, 99_999.0),
    "hundreds of thousands": (100_000.0, 999_999.0),
    "millions": (1e6, 999e6),
    "several hundred": (200.0, 999.0),
    "several thousand": (2_000.0, 9_999.0),
    "several dozen": (24.0, 99.0),
    "a few hundred": (200.0, 999.0),
    "a few thousand": (2_000.0, 9_999.0),
    "a few dozen": (24.0, 99.0),
    "a dozen": (11.0, 13.0),
    "half a dozen": (5.0, 7.0),
    "a handful": (2.0, 9.0),
    "a couple": (2.0, 2.0),
}

_UNITS_OF_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

# Unit to its dimension and how many of the dimension's base unit it is. Conversions by definition
# (international yard and pound, 1959).
UNITS: dict[str, tuple[str, float]] = {}
_TABLE: dict[str, dict[str, float]] = {
    "length": {
        "km kilometer kilometers kilometre kilometres": 1000,
        "m meter meters metre metres": 1,
        "cm centimeter centimeters centimetre centimetres": 0.01,
        "mile miles": 1609.344,
        "foot feet ft": 0.3048,
        "yard yards": 0.9144,
        "inch inches": 0.0254,
    },
    "mass": {
        "kg kilogram kilograms kilo kilos": 1,
        "g gram grams": 0.001,
        "pound pounds lb lbs": 0.45359237,
        "ton tons tonne tonnes": 1000,
    },
    "share": {"% percent pct": 1},
    "time": {
        "second seconds": 1 / 86400,
        "minute minutes": 1 / 1440,
        "hour hours": 1 / 24,
        "day days": 1,
        "week weeks": 7,
        "fortnight fortnights": 14,
        "month months": 30.44,
        "year years": 365.25,
        "decade decades": 3652.5,
    },
    "area": {"hectare hectares": 1, "acre acres": 0.404686},
}
for _kind, _rows in _TABLE.items():
    for _names, _factor in _rows.items():
        UNITS |= dict.fromkeys(_names.split(), (_kind, float(_factor)))

_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million|billion|trillion)"
)
_NUMBER_WORDS = (
    rf"(?:an? (?=hundred|thousand|million|billion))?{_WORD}(?:[ -](?:and )?{_WORD}){{0,7}}"
)
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,5}(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?"
_ONE = (
    rf"(?:(?:{_DIGITS})(?: (?:hundred|thousand|million|billion|trillion|m|bn)\b)?|{_NUMBER_WORDS})"
)
_UNIT = "|".join(sorted((re.escape(name) for name in UNITS if name != "%"), key=len, reverse=True))
_VAGUE = "|".join(sorted(map(re.escape, VAGUE), key=len, reverse=True))

_BEFORE = (
    r"about|some|around|roughly|nearly|almost|approximately|an estimated|estimated|close to|"
    r"more than|over|at least|upwards of|no fewer than|fewer than|less than|under|up to|at most|"
    r"as many as|no more than|only|just|exactly|between"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,-])(?P<before>(?:{_BEFORE}) )?(?P<money>[$€£])?"
    rf"(?:(?P<vague>{_VAGUE})\b|(?P<low>{_ONE})(?:(?: to | or |–|-| and )(?P<high>{_ONE}))?)"
    rf"(?:(?P<percent> ?%)|[ -](?P<unit>{_UNIT})\b)?(?![\d])",
    re.IGNORECASE,
)

OPEN_ABOVE = frozenset({"more than", "over", "at least", "upwards of", "no fewer than"})
OPEN_BELOW = frozenset({"fewer than", "less than", "under", "at most", "no more than"})
UP_TO = frozenset({"up to", "as many as"})
ABOUT = frozenset(
    "about|some|around|roughly|nearly|almost|approximately|an estimated|estimated|close to".split(
        "|"
    )
)
MAX_CHARACTERS = 4_000
MAX_QUANTITIES = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval ``low`` to ``high`` of a dimension's base unit, with the words that say it.

    ``dimension`` is ``count``, ``length`` (m), ``mass`` (kg), ``share`` (percent), ``time`` (days),
    ``area`` (ha) or ``money``; ``exact`` is False for approximations, ranges and vague words.
    """

    low: float
    high: float
    dimension: str
    text: str
    start: int
    end: int
    exact: bool

    def meets(self, other: Quantity) -> bool:
        """Say whether both can be true together: same dimension, intervals that overlap.

        Converted units are rounded when written, so values of one dimension meet within 1 %.
        """
        if self.dimension != other.dimension:
            return False
        slack = 0.0 if self.dimension == "count" else 0.01
        return self.low <= other.high * (1 + slack) and other.low <= self.high * (1 + slack)


@lru_cache(maxsize=4_096)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; names that hold a figure (B-52) are none."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text[:MAX_CHARACTERS]):
        quantity = _read(text, match)
        if quantity is not None:
            found.append(quantity)
            if len(found) >= MAX_QUANTITIES:
                break
    return tuple(found)


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    after = text[end : end + 1]
    if (after and after in "'’") or text[end : end + 2].lower() in ("st", "nd", "rd", "th"):
        return None
    # "500: 121 dead" holds two figures; "[1]", "3:2" and "1/2" hold none that is compared.
    if text[start - 1 : start] in ("[", "#", "/", ":") or after in ("]", "/"):
        return None
    before = (match["before"] or "").strip().lower()
    dimension, factor = _dimension(match)
    if match["vague"]:
        low, high = VAGUE[" ".join(match["vague"].lower().split())]
        exact = False
    else:
        value = _value(match["low"])
        upper = _value(match["high"]) if match["high"] else value
        if value is None or upper is None or not math.isfinite(value + upper):
            return None
        joined = match[0][len(match[0]) - len(match[0].lstrip()) :]
        if match["high"] and " and " in joined.lower() and before != "between":
            return None
        low, high = min(value, upper), max(value, upper)
        exact = low == high
        if dimension == "count" and exact and _names_something(text, match):
            return None
    low, high, exact = _approximate(before, low * factor, high * factor, exact)
    return Quantity(low, high, dimension, text[start:end].strip(), start, end, exact)


def _approximate(before: str, low: float, high: float, exact: bool) -> tuple[float, float, bool]:
    if before in ABOUT:
        return low * (1 - APPROXIMATION), high * (1 + APPROXIMATION), False
    if before in OPEN_ABOVE:
        return low, math.inf, False
    if before in OPEN_BELOW:
        return 0.0, high, False
    if before in UP_TO:
        return low * (1 - APPROXIMATION), high, False
    return low, high, exact


def _dimension(match: re.Match[str]) -> tuple[str, float]:
    if match["money"]:
        return "money", 1.0
    if match["percent"]:
        return "share", 1.0
    unit = (match["unit"] or "").lower()
    # One letter is a unit only right after digits ("5 m"), never after a word.
    if unit in ("m", "g") and not (match["low"] or "")[-1:].isdigit():
        return "count", 1.0
    return UNITS.get(unit, ("count", 1.0))


def _names_something(text: str, match: re.Match[str]) -> bool:
    """Say whether the figure is part of a name or date: a year, "Task Force 9", "Article 5"."""
    said = match["low"]
    year = said.isdigit() and len(said) == 4 and said[:2] in ("19", "20")
    if year and not match["before"]:
        return True
    word = re.search(
        r"([A-Z][\w.]*)[ \u00a0]$", text[max(0, match.start("low") - 20) : match.start("low")]
    )
    if word and said.isdigit() and len(said) <= 2 and not match["before"]:
        return word.start() > 0 or match.start("low") > 20 or word[1][:3].lower() in _MONTHS
    following = text[match.end() : match.end() + 12].lstrip(" \u00a0")
    return said.isdigit() and len(said) <= 2 and following[:3].lower() in _MONTHS


_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())


def _value(said: str | None) -> float | None:
    """Return what a number says, as digits, words or both ("3 million")."""
    if not said:
        return None
    words = re.sub(r"[,\u00a0\u202f](?=\d{3})", "", said.lower()).replace("-", " ").split()
    total = current = 0.0
    seen = False
    for word in words:
        if word[0].isdigit():
            current, seen = current + float(word), True
        elif word in _UNITS_OF_WORDS:
            current, seen = current + _UNITS_OF_WORDS[word], True
        elif word in _TENS:
            current, seen = current + _TENS[word], True
        elif word in ("m", "bn"):
            current *= 1e6 if word == "m" else 1e9
        elif word == "hundred":
            current, seen = (current or 1.0) * 100, True
        elif word in _SCALES:
            total, current, seen = total + (current or 1.0) * _SCALES[word], 0.0, True
    return total + current if seen else None
