"""What finds the dates of a language: patterns, each with the reader of its match."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from contextlib_news.reading import calendar
from contextlib_news.reading.lexicon import read_table
from contextlib_news.reading.partial_date import PartialDate, complete

__all__ = ["Rules", "rules_of"]

_Read = Callable[["re.Match[str]", "Rules"], PartialDate | None]


_DIGIT = re.compile(r"\d")

# Letters without which some patterns of English are not tried, nor things looked for.
_LETTERS_OF = (("decade", "0s"), ("century", "entury"), ("fraction", " of "))
_ENGLISH_HINTS = {
    "month": ("J", "F", "M", "A", "S", "O", "N", "D"),
    "weekday": ("day",),
    "named": ("day", "night", "tomorrow", "this "),
    "near": ("ago", "ast ", "his ", "ext "),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What finds the dates of one language: patterns with their readers and what they need.

    A pattern that needs the name of a month is not tried on a text that holds none.
    """

    year: re.Pattern[str]
    month: re.Pattern[str]
    weekday: re.Pattern[str]
    named: re.Pattern[str]
    near: re.Pattern[str] | None
    patterns: tuple[tuple[re.Pattern[str], _Read, frozenset[str]], ...]
    months: tuple[re.Pattern[str], ...]
    weekdays: tuple[re.Pattern[str], ...]
    days: dict[str, int]
    hints: dict[str, tuple[str, ...]]

    def month_of(self, name: str | None) -> int | None:
        """Return the number of a month by its name, 1..12."""
        return _number_of(name, self.months)

    def held(self, text: str) -> set[str]:
        """Return what a text holds of the things that a pattern may need."""
        held = {"digit"} if _DIGIT.search(text) else set()
        if held:
            if self.year.search(text):
                held.add("year")
            held.update([thing for thing, letters in _LETTERS_OF if letters in text])
        for thing, pattern in (
            ("month", self.month),
            ("weekday", self.weekday),
            ("named", self.named),
            ("near", self.near),
        ):
            if self.hints and not any([letters in text for letters in self.hints[thing]]):
                continue
            if pattern is not None and pattern.search(text):
                held.add(thing)
        return held


def _number_of(name: str | None, patterns: tuple[re.Pattern[str], ...]) -> int | None:
    for number, pattern in enumerate(patterns, start=1):
        if name and pattern.fullmatch(name):
            return number
    return None


@lru_cache(maxsize=64)  # tags come from callers
def rules_of(tag: str) -> Rules:
    """Return the patterns of a language, the fullest first; those of English for an unknown one."""
    tables = read_table("calendar.json")["languages"]
    table = tables.get(tag, tables["en"])
    english = table is tables["en"]
    flags = re.IGNORECASE if table["ignore_case"] else re.NOFLAG
    month = rf"(?P<month>{'|'.join(table['months'])})"
    weekday = rf"(?P<weekday>{'|'.join(table['weekdays'])})"
    day = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.|er|º)?"
    last_day = r"(?P<last_day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?"
    year = r"(?P<year>(?:1[6-9]|20)\d\d)"
    gap, of = "[ \u00a0]", table["of"]
    to = "(?:[ \u00a0]?[-–—][ \u00a0]?|[ \u00a0](?:to|and|until|through|al?|au|bis)[ \u00a0])"
    no_number = r"(?![,.:]\d|[ \u00a0]?(?:percent|%)|\d)"
    part = r"(?:(?P<part>[Ee]arly|[Mm]id(?:dle of)?|[Ll]ate)[ -](?:in )?)?"
    days = "|".join(sorted(map(re.escape, table["days"]), key=len, reverse=True))
    near = r"\bago\b|[Ll]ast |[Tt]his |[Nn]ext |[Pp]ast "
    absolute: list[tuple[str, _Read, str]] = [
        (r"\b(?P<year>(?:1[6-9]|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b", _read_iso, "year"),
        (
            r"\b(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<year>(?:19|20)\d\d)\b",
            _read_numbers,
            "year",
        ),
        (
            rf"\b{day}{to}{last_day}{gap}{of}{month}(?:,?{gap}{of}{year})?\b",
            _read_day_span,
            "month digit",
        ),
        (
            rf"\b{month}{gap}{day}{to}{last_day}\b(?:,?{gap}{year}\b)?{no_number}",
            _read_day_span,
            "month digit",
        ),
        (rf"\b{month}{gap}{day}(?:,?{gap}{year})?\b{no_number}", _read_parts, "month digit"),
        (rf"\b{day}{gap}{of}{month}(?:,?{gap}{of}{year})?(?!\w)", _read_parts, "month digit"),
        (rf"\b{part}{month},?{gap}{of}{year}\b", _read_parts, "month year"),
    ]
    if english:
        season = r"(?P<season>[Ss]pring|[Ss]ummer|[Ff]all|[Aa]utumn|[Ww]inter)"
        one = r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
        absolute += [
            (rf"\b{season}{gap}(?:of )?{year}\b", _read_season, "year"),
            (rf"\b{part}(?P<decade>(?:1[6-9]|20)\d)0s\b", _read_decade, "year decade"),
            (r"\b(?P<century>1[6-9]|20|21)(?:st|th)[ -][Cc]entury\b", _read_century, "century"),
            (
                r"\b(?P<which>first|second|third|fourth|1st|2nd|3rd|4th) (?P<of>quarter|half) of "
                rf"{year}\b",
                _read_fraction,
                "year fraction",
            ),
            (
                r"\b(?P<year>(?:1[6-9]|20)\d\d)(?: to |[-–])"
                r"(?P<last_year>(?:1[6-9]|20)\d\d)\b(?!-\d)",
                _read_years,
                "year",
            ),
            (rf"\b(?P<part>[Ll]ate|[Ee]arly|[Mm]id)[ -]{month}(?!\w)", _read_parts, "month"),
            (
                rf"\b(?P<which>[Ll]ast|[Tt]his|[Pp]ast) {month}(?!\w)",
                _read_named_month,
                "month near",
            ),
            (rf"\b(?P<which>[Ll]ast|[Tt]his|[Pp]ast) {season}\b", _read_named_season, "near"),
            (
                r"\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext) (?P<unit>week|month|year)\b(?!['’]s? )",
                _read_named_unit,
                "near",
            ),
            (rf"\b{one} (?P<unit>day|week|month|year|decade)s? ago\b", _read_ago, "near"),
        ]
    within = (
        "in|since|during|of|until|by|from|early|late|mid|year|before|after"
        if english
        else ("en|de|desde|depuis|dans|seit|im Jahr|Jahr|año|année|fin|début")
    )
    absolute += [
        (rf"\b(?:{within})[ \u00a0-](?P<date>{year})\b(?!-\d)", _read_parts, "year"),
        (
            rf"\b(?:in|on|since|during|by|en|im|seit|depuis){gap}(?P<date>{month})(?!\w)",
            _read_parts,
            "month",
        ),
        (rf"\b(?P<named>{days})\b(?!['’]s\b)", _read_named_day, "named"),
        (rf"\b(?:(?P<which>[Ll]ast|[Nn]ext) )?{weekday}(?!\w|['’])", _read_weekday, "weekday"),
    ]
    return Rules(
        year=re.compile(r"(?:1[6-9]|20)\d\d"),
        month=re.compile("|".join(table["months"]), flags),
        weekday=re.compile("|".join(table["weekdays"]), flags),
        named=re.compile(days, flags),
        near=re.compile(near) if english else None,
        patterns=tuple(
            (re.compile(t, flags), read, frozenset(n.split())) for t, read, n in absolute
        ),
        months=tuple(re.compile(name, re.IGNORECASE) for name in table["months"]),
        weekdays=tuple(re.compile(name, re.IGNORECASE) for name in table["weekdays"]),
        days=table["days"],
        hints=_ENGLISH_HINTS if english else {},
    )


def _new(**parts: object) -> PartialDate:
    """Return a date whose words and place are filled in by the caller."""
    known: dict[str, object] = {"year": None, "month": None, "day": None}
    return PartialDate(**{**known, "text": "", "start": 0, "end": 0, **parts})  # type: ignore[arg-type]  # by name


def _whole(match: re.Match[str], name: str) -> int | None:
    said = match.groupdict().get(name)
    return int(said) if said else None


def _read_parts(match: re.Match[str], rules: Rules) -> PartialDate | None:
    month = rules.month_of(match.groupdict().get("month"))
    if "month" in match.re.groupindex and month is None:
        return None
    part = (match.groupdict().get("part") or "").lower()[:4]
    within = ({"earl": "early", "late": "late"}.get(part, "mid"), 0) if part else None
    year, day = _whole(match, "year"), _whole(match, "day")
    found = complete(_new(year=year, month=month, day=day, relative=within))
    return None if day is not None and year is not None and found.low is None else found


def _read_iso(match: re.Match[str], rules: Rules) -> PartialDate | None:
    return _numbered(match["year"], match["number"], match["day"])


def _read_numbers(match: re.Match[str], rules: Rules) -> PartialDate | None:
    """Return 3.2.2022 as a day; what may be read in two ways (3/2/2022) is no date here."""
    first, second = int(match["day"]), int(match["number"])
    dotted = "." in match[0]
    if dotted or (first > 12 >= second) or first == second:
        return _numbered(match["year"], match["number"], match["day"])
    if second > 12 >= first:
        return _numbered(match["year"], match["day"], match["number"])
    return None


def _numbered(year: str, month: str, day: str) -> PartialDate | None:
    if not 1 <= int(month) <= 12:
        return None
    found = complete(_new(year=int(year), month=int(month), day=int(day)))
    return None if found.low is None else found


def _read_day_span(match: re.Match[str], rules: Rules) -> PartialDate | None:
    month, year = rules.month_of(match["month"]), _whole(match, "year")
    first, last = int(match["day"]), int(match["last_day"])
    if month is None or first >= last:
        return None
    return complete(_new(year=year, month=month, day=first, span=True, relative=("until", last)))


def _read_season(match: re.Match[str], rules: Rules) -> PartialDate | None:
    low, high = calendar.season_span(match["season"].lower(), int(match["year"]))
    return _new(year=int(match["year"]), low=low, high=high)


def _read_decade(match: re.Match[str], rules: Rules) -> PartialDate | None:
    first = int(match["decade"]) * 10
    low, high = calendar.year_span(first, first + 9)
    if part := (match["part"] or "").lower():
        low, high = calendar.narrowed((low, high), part if part in ("early", "late") else "mid")
    return _new(low=low, high=high)


def _read_century(match: re.Match[str], rules: Rules) -> PartialDate | None:
    first = (int(match["century"]) - 1) * 100
    low, high = calendar.year_span(first, first + 100)
    return _new(low=low, high=high)


def _read_fraction(match: re.Match[str], rules: Rules) -> PartialDate | None:
    place = {"f": 0, "1": 0, "s": 1, "2": 1, "t": 2, "3": 2}.get(match["which"][0], 3)
    if match["which"] == "fourth":
        place = 3
    months = 3 if match["of"] == "quarter" else 6
    if place * months > 12 - months:
        return None
    year = int(match["year"])
    low = calendar.month_span(year, place * months + 1)[0]
    return _new(year=year, low=low, high=calendar.month_span(year, place * months + months)[1])


def _read_years(match: re.Match[str], rules: Rules) -> PartialDate | None:
    first, last = int(match["year"]), int(match["last_year"])
    if first >= last:
        return None
    low, high = calendar.year_span(first, last)
    return _new(low=low, high=high, span=True)


def _read_named_month(match: re.Match[str], rules: Rules) -> PartialDate | None:
    month = rules.month_of(match["month"])
    if month is None:
        return None
    if match["which"].lower() == "this":
        return _new(month=month)
    return _new(month=month, relative=("named month", month))


def _read_named_season(match: re.Match[str], rules: Rules) -> PartialDate | None:
    amount = 0 if match["which"].lower() == "this" else -1
    return _new(relative=(match["season"].lower(), amount))


def _read_named_unit(match: re.Match[str], rules: Rules) -> PartialDate | None:
    amount = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    return _new(relative=(match["unit"], amount))


_COUNTS = {
    word: number
    for number, word in enumerate(
        "a one two three four five six seven eight nine ten eleven twelve".split()
    )
} | {"a": 1, "an": 1}


def _read_ago(match: re.Match[str], rules: Rules) -> PartialDate | None:
    said = match["count"]
    count = int(said) if said.isdecimal() else _COUNTS[said]
    return _new(relative=(f"{match['unit']} ago", count))


def _read_named_day(match: re.Match[str], rules: Rules) -> PartialDate | None:
    amount = rules.days.get(match["named"]) or rules.days.get(match["named"].lower(), 0)
    return _new(relative=("day", amount))


def _read_weekday(match: re.Match[str], rules: Rules) -> PartialDate | None:
    weekday = _number_of(match["weekday"], rules.weekdays)
    if weekday is None or (match["which"] or "").lower() == "next":
        return None
    return _new(weekday=weekday - 1)
