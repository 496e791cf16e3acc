"""Dates as publishers write them, read only where they have one meaning."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

__all__ = ["read_date"]

MAX_DATE_CHARACTERS = 100
FIRST_YEAR, LAST_YEAR = 1000, 2100

# The months by their first letters in English, Spanish, Portuguese, French, German and Italian,
# folded to plain letters.
_MONTHS = {
    1: "jan ene gen",
    2: "feb fev fevr",
    3: "mar marz mars maer",
    4: "apr abr avr",
    5: "may mai mayo maio magg mag",
    6: "jun juin giu",
    7: "jul juil lug",
    8: "aug ago aou",
    9: "sep set sept",
    10: "oct okt out ott",
    11: "nov",
    12: "dec dez dic",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöúùûüç", "aaaaaeeeeiiiioooouuuuc")

_ISO = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?=$|[T\s+Z,])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?=$|[T\s])")
_THREE = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})\b")
_DAY_MONTH_YEAR = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:de\s+)?([^\W\d]{3,12})\.?,?"
    r"[\s-]+(?:de\s+)?(\d{4})\b"
)
_MONTH_DAY_YEAR = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?([^\W\d]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"
)
_MONTH_YEAR = re.compile(r"([^\W\d]{3,12})\.?,?\s+(?:de\s+)?(\d{4})")
_SECONDS = re.compile(r"-?\d{9,10}(?:\.\d{1,9})?")
_MILLISECONDS = re.compile(r"-?\d{12,13}")


def read_date(value: object) -> tuple[str | None, str | None]:
    """Return a date as YYYY, YYYY-MM or YYYY-MM-DD, and what was left out of it or None.

    Times and zones are cut off; seconds and milliseconds since 1970 are taken; a day and a month
    that may be either way round leave the year. None with a reason where there is no date in it.

    >>> read_date("15 February 2022"), read_date("Feb. 15, 2022, 10:00")
    (('2022-02-15', None), ('2022-02-15', None))
    >>> read_date("03/04/2022")
    ('2022', "'03/04/2022' may be either of two days; the year is kept")
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, "it is no date"
    text = " ".join(str(value)[: MAX_DATE_CHARACTERS + 1].split()).strip("\"' ")
    if len(text) > MAX_DATE_CHARACTERS:
        return None, f"it has more than {MAX_DATE_CHARACTERS} characters"
    found = _read(text)
    if isinstance(found, str):
        return None, found
    year, month, day, remark = found
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None, f"{text[:40]!r} is no year from {FIRST_YEAR} to {LAST_YEAR}"
    if month is not None and not 1 <= month <= 12:
        return f"{year:04}", f"{text[:40]!r} has no such month; the year is kept"
    if month is not None and day is not None:
        try:
            date(year, month, day)
        except ValueError:
            return f"{year:04}-{month:02}", f"{text[:40]!r} has no such day; the month is kept"
        return f"{year:04}-{month:02}-{day:02}", remark
    return (f"{year:04}" if month is None else f"{year:04}-{month:02}"), remark


def _read(text: str) -> tuple[int, int | None, int | None, str | None] | str:
    if match := _COMPACT.match(text):
        return int(match[1]), int(match[2]), int(match[3]), None
    if match := _ISO.match(text):
        month, day = match[3], match[4]
        return int(match[1]), int(month) if month else None, int(day) if day else None, None
    if match := _THREE.match(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        # With dots the day stands first everywhere; with slashes it depends on the country.
        if match[2] == "." or first > 12 or first == second:
            return year, second, first, None
        if second > 12:
            return year, first, second, None
        return year, None, None, f"{text[:40]!r} may be either of two days; the year is kept"
    folded = text.lower().translate(_ACCENTS)
    if (match := _DAY_MONTH_YEAR.match(folded)) and (month_of := _month(match[2])):
        return int(match[3]), month_of, int(match[1]), None
    if (match := _MONTH_DAY_YEAR.match(folded)) and (month_of := _month(match[1])):
        return int(match[3]), month_of, int(match[2]), None
    if (match := _MONTH_YEAR.fullmatch(folded)) and (month_of := _month(match[1])):
        return int(match[2]), month_of, None, None
    for pattern, scale in ((_SECONDS, 1.0), (_MILLISECONDS, 1000.0)):
        if pattern.fullmatch(text):
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / scale)
            return moment.year, moment.month, moment.day, None
    return f"{text[:40]!r} is no date that is known here" if text else "it is empty"


def _month(word: str) -> int | None:
    """Return the month that a word begins like, None where there is none."""
    for length in (4, 3):
        if found := _MONTH_OF.get(word[:length]):
            return found
    return None
