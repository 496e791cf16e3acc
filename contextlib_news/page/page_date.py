"""The day of a page: what its markup says, its address, and the line under its headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from contextlib_news.models import Document, DocumentBlock
from contextlib_news.reading.dates import find_dates

__all__ = ["date_in_address", "page_dates", "visible_date"]

_DATE_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)"
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")

# Arabic papers write months by their Latin names, by those of the Levant, or both.
_ARABIC_MONTHS = (
    "يناير|كانون الثاني;فبراير|شباط;مارس|آذار;أبريل|إبريل|نيسان;مايو|ماي|أيار;يونيو|حزيران;"
    "يوليو|يوليوز|تموز;أغسطس|غشت|آب;سبتمبر|شتنبر|أيلول;أكتوبر|تشرين الأول;"
    "نوفمبر|نونبر|تشرين الثاني;ديسمبر|دجنبر|كانون الأول"
).split(";")
_ARABIC_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}}) (?:{'|'.join(f'({months})' for months in _ARABIC_MONTHS)})"
    r"(?:\s?[/(] ?[^\d\s/()]{2,12}(?: [^\d\s/()]{2,12})?\)?)?،? (\d{4})(?!\d)"
)

# A line with the day of the article stands near its top and holds little else.
LINES_FROM_TOP = 15
LONGEST_LINE = 120
MOST_BESIDE = 40
_CUE = re.compile(
    r"\b(?:published|posted|updated|date|written|by|publi[ée]|veröffentlicht|stand|publicado|نشر)\b",
    re.IGNORECASE,
)


def date_in_address(url: str | None) -> str | None:
    """Return the date that an address carries in its path, as ``YYYY-MM-DD`` or ``YYYY-MM``."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    match = _DATE_PATH.search(path)
    if match is None:
        return None
    year, month, day = match.groups()
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")


def visible_date(text: str, blocks: Sequence[DocumentBlock], language: str | None) -> str | None:
    """Return the full date in a line near the top that holds little else, None where none does."""
    for block in blocks[:LINES_FROM_TOP]:
        line = text[block.start : block.end].strip()
        if not 6 <= len(line) <= LONGEST_LINE:
            continue
        iso = _ISO.search(line)
        if iso and (_CUE.search(line) or len(line) - len(iso[0]) <= MOST_BESIDE):
            return iso[0]
        arabic = _arabic_date(line)
        if arabic is not None:
            return arabic
        for found in find_dates(line, language):
            beside = len(line) - (found.end - found.start)
            whole = found.year is not None and found.month is not None and found.day is not None
            if whole and (_CUE.search(line) or beside <= MOST_BESIDE):
                return f"{found.year:04d}-{found.month:02d}-{found.day:02d}"
    return None


def _arabic_date(line: str) -> str | None:
    """Return the date of a line that holds little else than one in Arabic, None where it is none.

    Digits of either kind will do.
    """
    match = _ARABIC_DATE.search(line)
    if match is None or not (
        _CUE.search(line) or len(line) - (match.end() - match.start()) <= MOST_BESIDE
    ):
        return None
    month = next(i for i, name in enumerate(match.groups()[1:13], 1) if name)
    day, year = int(match[1]), int(match[14])
    plausible = 1 <= day <= 31 and 1900 <= year <= 2099
    return f"{year:04d}-{month:02d}-{day:02d}" if plausible else None


def page_dates(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the days that a page gives for itself, with ``markup``, ``address`` or ``text``."""
    metadata = document.metadata
    given = (
        ("markup", metadata.published),
        ("address", date_in_address(document.url or metadata.canonical_url)),
        ("text", visible_date(document.text, document.blocks, document.language)),
    )
    return tuple((date, origin) for origin, date in given if date)
