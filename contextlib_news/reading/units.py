"""Units and currencies: what a unit is of its dimension's base unit, as intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from contextlib_news.reading.lexicon import Word, phrase_at, read_table, split_words
from contextlib_news.reading.value_hints import letters_of

__all__ = ["COUNT", "Unit", "currency_at", "may_name", "unit_at"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its dimension, and how much of the base unit one is at least and at most.

    The two differ where countries differ (a ton) or the calendar does (a month). ``zero`` is what
    its zero is on the base scale.
    """

    name: str
    dimension: str
    low: float = 1.0
    high: float = 1.0
    zero: float = 0.0


COUNT = Unit("", "count")


@cache
def _tables() -> tuple[dict[str, list[tuple[tuple[str, ...], Unit]]], dict[str, Unit]]:
    """Return units by the first word of their names, and those that need digits before them."""
    spelt: dict[tuple[str, ...], Unit] = {}
    glued: dict[str, Unit] = {}
    for dimension, table in read_table("units.json")["dimensions"].items():
        for name, row in table["units"].items():
            low, high = row.get("low", row.get("factor")), row.get("high", row.get("factor"))
            unit = Unit(name, dimension, low, high, row.get("zero", 0.0))
            for words in row["names"]:
                spelt[tuple(word.text for word in split_words(words))] = unit
            glued |= dict.fromkeys(row.get("after_digits", ()), unit)
    first: dict[str, list[tuple[tuple[str, ...], Unit]]] = {}
    for names, unit in spelt.items():
        first.setdefault(names[0], []).append((names, unit))
    for rows in first.values():
        rows.sort(key=lambda row: -len(row[0]))
    return first, glued


@cache
def _currencies() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for code, names in read_table("units.json")["currencies"].items():
        for name in names:
            words = tuple(word.text for word in split_words(name))
            first.setdefault(words[0], []).append((words, code))
    for rows in first.values():
        rows.sort(key=lambda row: -len(row[0]))
    return first


def may_name(text: str, *names: str) -> bool:
    """Say whether a text may name one of some units, for less than reading its words costs.

    >>> may_name("up 7 per cent", "%"), may_name("seven men", "%")
    (True, False)
    """
    lower = text.lower()
    pieces, words, marks = _telling(names)
    if any([mark in lower for mark in marks]):
        return True
    # "Monday" holds a day, and is none.
    return any([piece in lower for piece in pieces]) and not words.isdisjoint(letters_of(text))


@cache
def _telling(names: tuple[str, ...]) -> tuple[list[str], frozenset[str], list[str]]:
    """Return words and marks, one of which stands where a unit does, and pieces of all words."""
    first, glued = _tables()
    spelt = {max(words, key=len) for rows in first.values() for words, u in rows if u.name in names}
    spelt |= {word for word, unit in glued.items() if unit.name in names}
    words = frozenset(filter(str.isalpha, spelt))
    pieces = [word for word in words if not any(w in word for w in words if w != word)]
    return sorted(pieces), words, sorted(spelt - words)


def currency_at(words: list[Word], place: int) -> tuple[str, int] | None:
    """Return the currency named at a word and the place behind it."""
    found = phrase_at(words, place, _currencies())
    if found is None or words[found[1] - 1].kind != "mark":
        return found
    # "A$30" is of Australia, "a $30 fee" is not.
    apart = any(a.end < b.start for a, b in pairwise(words[place : found[1]]))
    return None if apart else found


def unit_at(words: list[Word], place: int, *, digits: bool) -> tuple[Unit, int] | None:
    """Return the unit named at a word and the place behind it; ``digits`` stand before it."""
    first, glued = _tables()
    at = place + 1 if place < len(words) and words[place].text in "-‑" else place
    found = phrase_at(words, at, first)
    if found is not None:
        return found
    if at < len(words) and digits and words[at].text in glued:
        following = words[at + 1].text if at + 1 < len(words) else ""
        # "5 m" is a length, "5 m-high" too, but "the 5 t's" is nothing.
        if following != "'":
            return glued[words[at].text], at + 1
    return None
