"""The words of a text, and the words around numbers by language from ``data/quantities.json``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any, NamedTuple

__all__ = [
    "COMMA_DECIMALS",
    "SPACES",
    "Lexicon",
    "Phrases",
    "Word",
    "lexicon",
    "phrase_at",
    "read_table",
    "split_words",
]

MAX_CHARACTERS = 4_000

# Languages that write 1.234,5; elsewhere 1,234.5 is taken for granted.
COMMA_DECIMALS = frozenset(
    "es fr de pt it nl pl ru uk sv da nb nn no fi cs sk hu ro bg hr sl sr tr el id vi ca".split()
)

# Phrases by their first word, the longest of each first, with what they stand for.
Phrases = dict[str, list[tuple[tuple[str, ...], Any]]]

SPACES = "\u00a0\u202f\u2009"
_WORD = re.compile(
    rf"(?P<number>\d{{1,3}}(?:[ {SPACES}]\d{{3}})+(?![\d])(?:[.,]\d+)?"
    rf"|\d+(?:[.,٫٬’']\d+)*)|(?P<word>[^\W\d_]+(?:['’](?=[^\W\d_]))?\.?)|(?P<mark>[^\w\s]|_)"
)
_PLAIN_WORD = re.compile(
    rf"(?P<number>\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?![\d])(?:\.\d+)?"
    r"|\d+(?:[.,٫٬]\d+)*)|(?P<word>[^\W\d_]+(?:['’](?=[^\W\d_]))?\.?)|(?P<mark>[^\w\s]|_)"
)
# "Ein Drittel", "la mitad": articles that begin a share.
_ONE_PART = ("un", "una", "une", "ein", "eine", "la", "die")
_ABBREVIATED = frozenset({"mio.", "mrd.", "ca.", "approx.", "sq.", "rs."})


class Word(NamedTuple):
    """A word, a number or a mark of a text: lower case, its span, and which of the three."""

    text: str
    start: int
    end: int
    kind: str

    @property
    def is_number(self) -> bool:
        """Say whether it is written in digits."""
        return self.kind == "number"


# Half the cost of calling the class.
_new_word = partial(tuple.__new__, Word)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words around numbers in one language, phrases by their first word.

    A number begins with a figure, with one of ``single``, or with a word of ``opening`` where one
    of the words it holds follows; a text without figures that has none of ``triggers`` has none.
    """

    language: str
    before: Phrases
    after: Phrases
    vague: Phrases
    vague_shares: Phrases
    ratios: Phrases
    times: Phrases
    of: Phrases
    half: Phrases
    among: Phrases
    connectors: dict[str, frozenset[str]]
    scales: dict[str, float]
    ordinals: dict[str, int]
    ordinal_after: frozenset[str]
    parts: dict[str, int]
    numbers: frozenset[str]
    articles: frozenset[str]
    joining: frozenset[str]
    no_number: frozenset[str]
    triggers: frozenset[str]
    starts: frozenset[str]
    single: frozenset[str]
    opening: dict[str, frozenset[str]]


@cache
def read_table(name: str) -> Any:
    """Return a table of ``contextlib_news/data``."""
    return json.loads((files("contextlib_news.data") / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def lexicon(language: str | None) -> Lexicon:
    """Return the words of a language (BCP 47 tag); those of English where it has no table."""
    tag = (language or "en").split("-")[0].lower()
    tables = read_table("quantities.json")["languages"]
    table = tables.get(tag, tables["en"])
    before: dict[str, str] = {}
    for kind in ("about", "nearly", "just_over", "above", "below", "up_to", "exactly"):
        before |= dict.fromkeys(table[kind], kind)
    before |= dict.fromkeys(table["between"], "between")
    before |= dict.fromkeys(table["ranging"], "between")
    before |= dict.fromkeys(table["from"], "from")
    vague = {words: (float(low), float(high)) for words, (low, high) in table["vague"].items()}
    shares = {words: (float(a), float(b)) for words, (a, b) in table["vague_shares"].items()}
    numbers = frozenset(table["numbers"].split())
    ordinals = dict(table.get("ordinals", {}))
    parts = dict(table["parts"])
    phrases = [split_words(words) for words in (*vague, *shares, *table["ratios"])]
    alone = {*numbers, *ordinals, *parts}
    # A phrase stands only where its longest word does.
    triggers = alone | {max((word.text for word in words), key=len) for words in phrases}
    phrases += map(split_words, _symbols())
    opening: dict[str, set[str]] = {}
    for words in phrases:
        opening.setdefault(words[0].text, set()).add(words[1].text if len(words) > 1 else "")
    for word in (*table["article"], *_ONE_PART):
        opening.setdefault(word, set()).update((*table["scales"], *parts))
    single = {
        *alone,
        "half",
        "one",
        *"½⅓⅔¼¾⅕⅛",
        *(w for w, behind in opening.items() if "" in behind),
    }
    return Lexicon(
        language=tag if tag in tables else "en",
        before=_by_first(before),
        after=_by_first(table["after"]),
        vague=_by_first(vague),
        vague_shares=_by_first(shares),
        ratios=_by_first(table["ratios"]),
        times=_by_first(dict.fromkeys(table["times"], 1.0)),
        of=_by_first(dict.fromkeys(table["of"], True)),
        half=_by_first(dict.fromkeys(table["half"], True)),
        among=_by_first(dict.fromkeys(table["in"], True)),
        connectors={kind: frozenset(table[kind]) for kind in ("and", "to", "or")},
        scales={word: float(value) for word, value in table["scales"].items()},
        ordinals=ordinals,
        ordinal_after=frozenset(table.get("ordinal_after", ())),
        parts=parts,
        numbers=numbers,
        articles=frozenset(table["article"]),
        joining=frozenset(table["joining"]),
        no_number=frozenset(table["alone_no_number"]),
        triggers=frozenset(triggers),
        starts=frozenset({*single, *opening, *_by_first(before)}),
        single=frozenset(single),
        opening={word: frozenset(behind) for word, behind in opening.items() if word not in single},
    )


def _symbols() -> list[str]:
    """Return the names of currencies, which may stand before a number."""
    rows = read_table("units.json")["currencies"].values()
    return [name for names in rows for name in names]


def _by_first(phrases: dict[str, Any]) -> Phrases:
    """Return phrases by their first word, the longest of each first."""
    found: Phrases = {}
    for phrase, value in phrases.items():
        words = tuple(word.text for word in split_words(phrase))
        found.setdefault(words[0], []).append((words, value))
    for rows in found.values():
        rows.sort(key=lambda row: -len(row[0]))
    return found


def phrase_at(words: list[Word], place: int, phrases: Phrases) -> tuple[Any, int] | None:
    """Return the value of the longest phrase that begins here and the place behind it."""
    count = len(words)
    if place >= count:
        return None
    rows = phrases.get(words[place][0])
    if rows is None:
        return None
    for phrase, value in rows:
        length = len(phrase)
        if length == 1:
            return value, place + 1
        if place + length > count or words[place + 1][0] != phrase[1]:
            continue
        if all(words[place + number][0] == phrase[number] for number in range(2, length)):
            return value, place + length
    return None


def split_words(text: str, language: str | None = None) -> list[Word]:
    """Return the words, numbers and marks of a text in order, at most of 4,000 characters.

    A full stop belongs to a word only in "Mio." and its like; digits grouped by spaces are one
    number in languages that write them so.
    """
    tag = (language or "en").split("-")[0].lower()
    pattern = _WORD if tag in COMMA_DECIMALS else _PLAIN_WORD
    words: list[Word] = []
    text = text[:MAX_CHARACTERS]
    lower = text.lower().replace("’", "'")
    if len(lower) != len(text):
        lower = text
    for match in pattern.finditer(lower):
        kind = match.lastgroup or "mark"
        start, end = match.span()
        lowered = match[0] if lower is not text else match[0].lower().replace("’", "'")
        if kind == "word" and lowered.endswith(".") and lowered not in _ABBREVIATED:
            words.append(Word(lowered[:-1], start, end - 1, "word"))
            words.append(Word(".", end - 1, end, "mark"))
            continue
        words.append(_new_word((lowered, start, end, kind)))
    return words
