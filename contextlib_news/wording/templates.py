"""The sentences of the notes, one file a language, and how their slots are filled.

What fills a slot is data: it may come from a hostile page or import. It is put in once and never
read as a template again, and characters that could steer a terminal or turn the direction of the
text around are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from contextlib_news.wording.locales import LANGUAGES, plural_form, spell_number

__all__ = ["Said", "has_template", "join", "quote", "say", "templates"]

MAX_SLOT_CHARACTERS = 2_000

_SLOT = re.compile(r"\{([a-z]+)\}")

# Control characters, and marks that embed, override or isolate a direction.
_STEERING = re.compile("[\u0000-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")

# First strong isolate and its end: a Latin name keeps its order inside a line of Arabic.
_ISOLATE = "\u2068{}\u2069"
_RIGHT_TO_LEFT = frozenset({"ar"})

Template = str | dict[str, str]


class Said(str):
    """Words of ours with their slots filled; put into another slot they are not data again."""

    __slots__ = ()


@cache
def templates(language: str) -> dict[str, Template]:
    """Return the templates of a language by their keys; plural ones by their forms."""
    text = (files("contextlib_news.data") / "wording" / f"{language}.json").read_text("utf-8")
    return dict(json.loads(text))


def has_template(key: str) -> bool:
    """Say whether there is a template of this name."""
    return key in templates("en")


def say(key: str, language: str = "en", *, count: int | None = None, **slots: object) -> Said:
    """Return a template in a language with its slots filled.

    ``count`` chooses the plural form and fills the slot of that name. Raises KeyError for an
    unknown key or an empty slot: both are mistakes of ours, not of the data.
    """
    template = templates(language if language in LANGUAGES else "en")[key]
    if count is not None:
        slots["count"] = spell_number(count, language)
        if isinstance(template, dict):
            template = template[plural_form(count, language)]
    if isinstance(template, dict):
        raise KeyError(f"{key} needs a count")
    filled = {name: _as_data(value, language) for name, value in slots.items()}
    return Said(_SLOT.sub(lambda match: filled[match[1]], template))


def quote(text: str, language: str = "en") -> Said:
    """Return words between the quotation marks of a language."""
    return say("quote", language, text=text)


def join(entries: Iterable[Said], language: str = "en", *, mark: str = "list") -> Said:
    """Return entries in a row, with the mark that a language puts between them.

    ``mark`` is ``list`` (a comma) or ``row`` (a semicolon).
    """
    return Said(str(templates(language)[mark]).join(entries))


def _as_data(value: object, language: str) -> str:
    text = str(value)
    if isinstance(value, Said):
        return text
    text = _STEERING.sub(" ", text[:MAX_SLOT_CHARACTERS]).strip()
    if language in _RIGHT_TO_LEFT and _LEFT_TO_RIGHT.search(text):
        return _ISOLATE.format(text)
    return text
