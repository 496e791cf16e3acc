"""Reading the fields of a JSON object, with an error that names the field."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

__all__ = ["FieldError", "Fields"]

MAX_TEXT_CHARACTERS = 20_000
MAX_ITEMS = 2_000

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class FieldError(ValueError):
    """A field is missing, has the wrong type, or is not known; the message names it."""


class Fields:
    """The fields of one object; what is never asked for is refused by :meth:`finish`."""

    def __init__(self, row: object, place: str = "") -> None:
        if not isinstance(row, Mapping):
            raise FieldError(f"{place or 'the record'} must be an object, not {_kind(row)}")
        self._row = row
        self._place = place
        self._asked: set[str] = set()

    def finish(self) -> None:
        """Raise for a field that nobody asked for, so that a slip is not lost in silence."""
        unknown = sorted(str(key) for key in self._row if key not in self._asked)
        if unknown:
            raise FieldError(f"unknown field '{self._name(unknown[0])}'")

    def get(self, name: str) -> object:
        """Return the raw value, None where it is absent."""
        self._asked.add(name)
        return self._row.get(name)

    def text(self, name: str) -> str:
        """Return a text that must be there and say something."""
        value = self.optional_text(name)
        if value is None or not value.strip():
            raise FieldError(f"field '{self._name(name)}' is missing or empty")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text or None."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise FieldError(f"field '{self._name(name)}' must be a text, not {_kind(value)}")
        if len(value) > MAX_TEXT_CHARACTERS:
            raise FieldError(
                f"field '{self._name(name)}' has more than {MAX_TEXT_CHARACTERS:,} characters"
            )
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where it is absent."""
        values = self._list(name)
        for value in values:
            if not isinstance(value, str) or len(value) > MAX_TEXT_CHARACTERS:
                raise FieldError(f"field '{self._name(name)}' must be a list of texts")
        return tuple(str(value) for value in values)

    def objects(self, name: str) -> tuple[Fields, ...]:
        """Return the objects of a list, each with its place in error messages."""
        return tuple(
            Fields(value, f"{self._name(name)}[{number}]")
            for number, value in enumerate(self._list(name))
        )

    def optional_number(self, name: str) -> float | None:
        """Return a finite number or None."""
        value = self.get(name)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise FieldError(f"field '{self._name(name)}' must be a number, not {_kind(value)}")
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return a list of finite numbers, empty where it is absent."""
        values = self._list(name)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise FieldError(f"field '{self._name(name)}' must be a list of numbers")
            if not math.isfinite(value):
                raise FieldError(f"field '{self._name(name)}' must hold finite numbers")
        return tuple(float(str(value)) for value in values)

    def date(self, name: str) -> str | None:
        """Return a date as YYYY, YYYY-MM or YYYY-MM-DD, or None."""
        value = self.optional_text(name)
        if value is None:
            return None
        match = _DATE.fullmatch(value)
        months = (match[2] is None or 1 <= int(match[2]) <= 12) if match else False
        days = (match[3] is None or 1 <= int(match[3]) <= 31) if match else False
        if not (match and months and days):
            raise FieldError(
                f"field '{self._name(name)}' must be YYYY, YYYY-MM or YYYY-MM-DD, not {value!r}"
            )
        return value

    def address(self, name: str) -> str | None:
        """Return an http or https address, or None."""
        value = self.optional_text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            fits = parts.scheme in ("http", "https") and bool(parts.netloc)
        except ValueError:
            fits = False
        if not fits:
            raise FieldError(f"field '{self._name(name)}' must be an http or https address")
        return value

    def _list(self, name: str) -> list[object]:
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise FieldError(f"field '{self._name(name)}' must be a list, not {_kind(value)}")
        if len(value) > MAX_ITEMS:
            raise FieldError(f"field '{self._name(name)}' has more than {MAX_ITEMS:,} items")
        return list(value)

    def _name(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else f"a {type(value).__name__}")
