"""Numbers, dates, plurals and names of languages as the reader's language writes them.

Five languages, written down in ``data/locales.json`` and checked once against Babel 2.18. Babel
itself was left out: 10 MB of locale data, five times this library, for sixty month names and one
plural rule that is not English.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = [
    "LANGUAGES",
    "PLURAL_FORMS",
    "choose_language",
    "name_language",
    "plural_form",
    "spell_date",
    "spell_number",
    "spell_share",
]

LANGUAGES = ("en", "es", "fr", "de", "ar")

# The forms that each language tells apart for whole numbers; Spanish and French have another one
# for millions, which no count here reaches.
PLURAL_FORMS = {
    "en": ("one", "other"),
    "es": ("one", "other"),
    "fr": ("one", "other"),
    "de": ("one", "other"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}


def choose_language(tag: str | None) -> str:
    """Return the language of the notes for a reader's tag; English where it is not spoken.

    >>> choose_language("es-MX"), choose_language("AR_eg"), choose_language("nl")
    ('es', 'ar', 'en')
    """
    language = (tag or "").replace("_", "-").split("-")[0].strip().lower()
    return language if language in LANGUAGES else "en"


def plural_form(count: int, language: str) -> str:
    """Return the form that a count asks for, one of :data:`PLURAL_FORMS`.

    >>> [plural_form(n, "ar") for n in (0, 1, 2, 3, 11, 100, 103)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'few']
    """
    count = abs(count)
    if language == "ar":
        if count < 3:
            return ("zero", "one", "two")[count]
        rest = count % 100
        return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
    if language == "fr":
        return "one" if count < 2 else "other"
    return "one" if count == 1 else "other"


def spell_number(number: int, language: str = "en") -> str:
    """Return a whole number with the language's mark between thousands.

    >>> spell_number(12345), spell_number(12345, "de"), spell_number(1234, "es")
    ('12,345', '12.345', '1234')
    """
    table = _table(language)
    digits = f"{number:,}" if len(str(abs(number))) >= table["group_from"] else str(number)
    return digits.replace(",", table["thousands"])


def spell_share(share: float, language: str = "en") -> str:
    """Return a share of 0..1 as a whole percentage."""
    number = spell_number(round(100 * share), language)
    return str(_table(language)["percent"]).replace("{number}", number)


def spell_date(date: str | None, language: str = "en") -> str | None:
    """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` as a reader would say it, None for None.

    >>> spell_date("2022-02-03"), spell_date("2022-02", "es"), spell_date("2022-03-01", "fr")
    ('3 February 2022', 'febrero de 2022', '1er mars 2022')
    """
    if not date:
        return None
    parts = date.split("-")
    table, patterns = _table(language), _patterns(language)
    try:
        month = table["months"].split()[int(parts[1]) - 1] if len(parts) > 1 else ""
        if len(parts) == 3:
            day = str(int(parts[2]))
            day = table.get("first_day", day) if day == "1" else day
            pattern = patterns["date.day"]
            return str(_fill(pattern, day=day, month=month, year=parts[0]))
    except (ValueError, IndexError):
        return date
    return str(_fill(patterns["date.month"], month=month, year=parts[0])) if month else date


def name_language(tag: str, language: str = "en") -> str:
    """Return the name of a language in another one; the tag itself where the table lacks it."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return str(_table(language)["languages"].get(primary, tag))


def _fill(pattern: str, **parts: str) -> str:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


def _table(language: str) -> dict[str, Any]:
    tables = _tables()
    return dict(tables.get(language, tables["en"]))


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = (files("contextlib_news.data") / "locales.json").read_text(encoding="utf-8")
    return {tag: table for tag, table in json.loads(text).items() if tag in LANGUAGES}


@cache
def _patterns(language: str) -> dict[str, Any]:
    folder = files("contextlib_news.data") / "wording"
    name = f"{language if language in LANGUAGES else 'en'}.json"
    return dict(json.loads((folder / name).read_text(encoding="utf-8")))
