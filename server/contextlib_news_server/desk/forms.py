"""Fields of the desk's forms, read one by one: what a view does not ask for is not read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request

from contextlib_news.errors import CommandError
from contextlib_news.formats.dates import read_date
from contextlib_news_server.schemas import is_keepable

__all__ = ["address", "cursor", "day", "line", "name_before", "number_of", "text", "whole"]

LONGEST_LINE = 500
LONGEST_TEXT = 10_000

# What no database keeps, and what would move other words about in a list.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def text(name: str, *, called: str | None = None, most: int = LONGEST_TEXT) -> str:
    """Return a field of the form, "" where it is empty; with ``called`` it must not be.

    Raises CommandError that names the field where it is too long or no text.
    """
    said = request.form.get(name, "").replace("\r\n", "\n").strip()
    if called and not said:
        raise CommandError(f"{called} is missing")
    if len(said) > most:
        raise CommandError(f"{called or name} is longer than {most:,} characters")
    if _CONTROL.search(said):
        raise CommandError(f"{called or name} holds characters that no text holds")
    return said


def line(name: str, *, called: str | None = None, most: int = LONGEST_LINE) -> str:
    """Return a field that is one line, as :func:`text` does."""
    return " ".join(text(name, called=called, most=most).split())


def day(name: str, *, called: str) -> str | None:
    """Return a date as YYYY-MM-DD, YYYY-MM or YYYY; None where the field is empty."""
    said = line(name, called=None)
    if not said:
        return None
    found, why = read_date(said)
    if found is None:
        raise CommandError(f"{called}: {why}; write it as YYYY-MM-DD")
    return found


def address(name: str, *, called: str) -> str | None:
    """Return an http or https address; None where the field is empty."""
    said = line(name, most=2_000)
    if not said:
        return None
    try:
        parts = urlsplit(said)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in said
    except ValueError:
        fine = False
    if not fine:
        raise CommandError(f"{called} must be an http or https address")
    return said


def whole(name: str, *, called: str, least: int = 0, most: int = 999_999_999) -> int | None:
    """Return a whole number; None where the field is empty."""
    said = request.form.get(name, "").strip()
    if not said:
        return None
    number = number_of(said)
    if number is None:
        raise CommandError(f"{called} must be a whole number")
    if not least <= number <= most:
        raise CommandError(f"{called} must be from {least:,} to {most:,}")
    return number


def number_of(said: str, digits: int = 9) -> int | None:
    """Return a number of so many digits at most as pages of the desk send it; None if it is none.

    >>> number_of("12"), number_of("-1"), number_of("1234567890")
    (12, None, None)
    """
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= digits else None


def name_before() -> str:
    """Return the name of the query that a page of a list goes on behind, empty for the first."""
    said = request.args.get("after", "")[:200]
    return said if is_keepable(said) else ""


def cursor(name: str = "after") -> int:
    """Return the number of the query that a page of a list goes on behind, 0 for the first."""
    return number_of(request.args.get(name, ""), digits=15) or 0
