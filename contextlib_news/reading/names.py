"""Names of people, places and organisations: which are the same, which cannot be.

The same: names of one group of ``data/aliases.json`` (ISIS, Daesh; curators extend it), a country,
its capital and its people (``data/places.json``), a part of a longer name (Biden, Joe Biden),
initials (SDF), another spelling (Qurayshi, Quraishi). Everything here errs towards "the same": a
difference told wrongly is worse than one missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Indel, Levenshtein

from contextlib_news.matching.normalize import fold
from contextlib_news.matching.terms import extract_terms
from contextlib_news.reading.lexicon import read_table

__all__ = [
    "Name",
    "capital_pieces",
    "country_of",
    "find_names",
    "known_elsewhere",
    "may_be_same",
    "may_lie_within",
    "names_place",
    "spelt_alike",
]

MAX_NAMES = 40

# Spellings of one name share their consonants and are at least this alike, 0..1.
SPELLING_LIKENESS = 0.6
SHORTEST_SPELLING = 4

_PART = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_LINK = r"(?:of(?: the)?|al|el|de|del|della|da|dos|von|van|der|den|bin|ibn|for|and the)"
# An article belongs to a name behind it: "al-Baghdadi".
_NAME = re.compile(
    rf"(?:\b(?:al|el)-)?{_PART}(?:[ \u00a0]+(?:{_LINK}[ \u00a0]+)?(?:(?:al|el)-)?{_PART})*"
)
# "Hmmm. How about", "Syria’s Idlib": what ends a name inside a run of capitals; initials and "Gen."
# do not.
_STOP = re.compile(r"(?<=\w{4})\.(?=\s)|['’]s?(?=\s)")
_INITIALS = re.compile(r"(?:\b[^\W\d_]\.)+$")
_LETTER_DOT = re.compile(r"(?<=\b[^\W\d_])\.|(?<=\.[^\W\d_])\.")
_ARTICLE = re.compile(r"^(?:al|el|ad|as|at|ar|the)[ -]+", re.IGNORECASE)

_NO_NAME = frozenset(
    "article section chapter title part "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december jan feb mar apr jun jul aug sep sept "
    "oct nov dec i it he she they we you the a an this that these those in on at by for from "
    "with as but and or if when while after before according despite although there then also "
    "however meanwhile some many most all no not one two three four five six seven eight nine "
    "ten hundreds thousands dozens millions about around more at least nearly almost over under "
    "up during since until its his her their our my what who why how where which according".split()
)
_PIECE = re.compile(r"[^\W_]+")
_CAPITALISED = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_a-zß-öø-ÿ]\w+")

_TITLES = frozenset(
    "president prime minister king queen prince princess mr mrs ms dr sir lord lady general gen "
    "lt col colonel captain major secretary senator sen rep representative governor gov mayor "
    "chancellor pope bishop judge justice professor prof sheikh ayatollah then chief state "
    "leader the".split()
)


_LINKS = frozenset("of the al el de del della da dos von van der den bin ibn for and".split())
_OPENING = _TITLES | _NO_NAME
_LEADING = _TITLES | _NO_NAME | (_LINKS - {"al", "el", "van", "von", "de", "bin", "ibn"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its place, its folded words without titles, what group it is of, and its kind.

    ``keys`` are the groups of the tables that it is of; ``kind`` is ``person``, ``place``,
    ``organisation``, ``country``, ``capital``, ``people``, ``region`` or ``""`` where no table has
    it. ``opens`` says that it is the first word of the text, which has a capital anyway.
    """

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    keys: frozenset[str]
    kind: str
    opens: bool


@lru_cache(maxsize=2_048)
def find_names(text: str) -> tuple[Name, ...]:
    """Return the capitalised names of a text in order, at most 40."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        start = match.start()
        if text[start - 1 : start] in ("@", "#"):
            continue
        for stop in (*_STOP.finditer(text, start, match.end()), None):
            name = _read(text, start, match.end() if stop is None else stop.start())
            start = match.end() if stop is None else stop.end()
            if name is not None:
                found.append(name)
        if len(found) >= MAX_NAMES:
            break
    return tuple(found[:MAX_NAMES])


@lru_cache(maxsize=8_192)
def capital_pieces(text: str) -> frozenset[str] | None:
    """Return the folded words of which the names of a text are made, and maybe some others.

    None where a letter with a full stop may be joined to others: "U.S." is one word of a name.
    """
    found: set[str] = set()
    for run in _NAME.findall(text):
        if "." in run and _LETTER_DOT.search(run):
            return None
        parts = run.split()
        first = 0
        while first < len(parts) and parts[first].rstrip(".").lower() in _OPENING:
            first += 1
        for part in parts[first:]:
            found.update(_PIECE.findall(part))
    return frozenset(fold(piece) for piece in found if len(piece) > 1) - _TITLES - _LINKS


def _read(text: str, start: int, end: int) -> Name | None:
    """Return the name in a run of capitalised words, without the small words it opens with."""
    start += len(text[start:end]) - len(text[start:end].lstrip(". \u00a0"))
    said = text[start:end].lstrip(". \u00a0")
    if _INITIALS.search(said) is None:
        said = said.rstrip(".’'-")
    while said:
        first = re.match(r"[\w.]+", said)
        word = first[0].rstrip(".").lower() if first else ""
        rest = said[len(first[0]) :].lstrip(" \u00a0.,") if first else ""
        # Titles and the capital of a sentence's first word go; "The Hague" stays what it is.
        if word in _LEADING and (rest or word in _NO_NAME | {"the"}):
            start += len(said) - len(rest)
            said = rest
            if said[:1] in ("’", "'"):
                return None
            continue
        break
    said = re.sub(r"['’]s?$", "", said)
    if not said:
        return None
    bare = _LETTER_DOT.sub("", _ARTICLE.sub("", said))
    words = tuple(fold(part) for part in re.findall(r"[^\W_]+", bare) if len(part) > 1)
    words = tuple(word for word in words if word not in _TITLES and word not in _LINKS)
    if not words:
        return None
    keys, kind = _groups(said)
    if text[start + len(said) :][:1] == ":":
        return None
    before = text[max(0, start - 6) : start].rstrip(" \u00a0“”\"'‘’(")
    opens = not before or before[-1] in ".!?:;…\n"
    return Name(said, start, start + len(said), words, keys, kind, opens)


@lru_cache(maxsize=8_192)
def _groups(said: str) -> tuple[frozenset[str], str]:
    """Return the groups of the tables that a name is of, and its kind."""
    keys: set[str] = set()
    kind = ""
    plain = _plain_words(said)
    known = _places().get(" ".join(plain))
    if known is not None:
        keys.add(known[0])
        kind = known[1]
    if _alias_words().isdisjoint(plain):
        return frozenset(keys), kind
    kinds = _alias_kinds()
    for term in extract_terms(said):
        if term.text.startswith("@"):
            keys.add(term.text)
            kind = kind or kinds.get(term.text, "")
    return frozenset(keys), kind


def _plain_words(said: str) -> list[str]:
    return [fold(word) for word in re.findall(r"[^\W_]+", said.replace(".", "").replace("’", ""))]


@cache
def _places() -> dict[str, tuple[str, str]]:
    """Return the group and kind of every name of a country, its capital, its people, a region."""
    table = read_table("places.json")
    found: dict[str, tuple[str, str]] = {}
    for line in table["countries"]:
        parts = [part.strip() for part in line.split("|")]
        for number, part in enumerate(parts):
            for name in part.split(","):
                kind = ("country", "capital", "people", "country")[min(number, 3)]
                found.setdefault(" ".join(_plain_words(name)), (parts[0], kind))
    for name in table["regions"]:
        found.setdefault(" ".join(_plain_words(name)), (name, "region"))
    return found


def country_of(name: Name) -> str | None:
    """Return the country that a name is of, or that the table says it lies in."""
    plain = " ".join(_plain_words(name.text))
    known = _places().get(plain)
    if known is not None and known[1] != "region":
        return known[0]
    return _towns().get(plain)


@lru_cache(maxsize=1_024)
def names_place(text: str) -> bool:
    """Say whether a text may name a place whose country is known, for less than reading names."""
    return any([word.lower() in _place_words() for word in _CAPITALISED.findall(text)])


@cache
def _place_words() -> frozenset[str]:
    """Return the longest word of the name of every place, with its accents and without."""
    table = read_table("places.json")
    names = [name for line in table["countries"] for name in re.split("[|,]", line)]
    names += [name for line in table["towns"] for name in line.partition(": ")[2].split(", ")]
    words = {max(_CAPITALISED.findall(name) or [""], key=len).lower() for name in names}
    return frozenset({*words, *map(fold, words)} - {""})


@cache
def _towns() -> dict[str, str]:
    """Return the country of towns and provinces that are no capitals."""
    found: dict[str, str] = {}
    for line in read_table("places.json")["towns"]:
        country, _, names = line.partition(": ")
        for name in names.split(", "):
            found[" ".join(_plain_words(name))] = country
    return found


@cache
def _alias_kinds() -> dict[str, str]:
    return {
        "@" + group["names"][0].replace(" ", "_"): group["kind"]
        for group in read_table("aliases.json")["groups"]
    }


@cache
def _alias_words() -> frozenset[str]:
    """Return every word of the names of the alias table: a name without one is in no group."""
    groups = read_table("aliases.json")["groups"]
    return frozenset(
        word for group in groups for name in group["names"] for word in fold(name).split()
    )


def may_be_same(one: Name, other: Name) -> bool:
    """Say whether two names may mean one thing."""
    if one.keys & other.keys or "".join(one.words) == "".join(other.words):
        return True
    if one.kind and other.kind and one.keys and other.keys:
        # Two things that the tables know under different names.
        return False
    if _shares_word(one, other) or _initials(one, other) or _initials(other, one):
        return True
    return any(
        spelt_alike(a, b)
        for a in one.words
        for b in other.words
        if len(a) > 3 and len(b) > 3 and not {a, b} & _COMMON_PARTS
    )


def may_lie_within(one: Name, other: Name) -> bool:
    """Say whether one name may be of a place inside the other, as far as the tables tell."""
    return _contains(one, other) or _contains(other, one)


def _shares_word(one: Name, other: Name) -> bool:
    """Say whether the names share what tells them apart: a surname, not "New" or "North"."""
    shared = (set(one.words) & set(other.words)) - _COMMON_PARTS
    return bool(shared)


_COMMON_PARTS = frozenset(
    "new north south east west northern southern eastern western central saint san santa united "
    "national state states university city county street bridge bank party ministry court "
    "hospital airport force forces army police republic democratic people international company "
    "group".split()
)


def _initials(short: Name, long: Name) -> bool:
    letters = short.words[0] if len(short.words) == 1 else ""
    initials = "".join(word[0] for word in long.words)
    return len(letters) >= 2 and short.text.isupper() and letters in (initials, initials + "s")


def _contains(outer: Name, inner: Name) -> bool:
    """Say whether a place may lie in a country or region: all that no table sets elsewhere."""
    if outer.kind == "region":
        return inner.kind != "region"
    return outer.kind == "country" and inner.kind in ("", "place")


# --- Spelling -------------------------------------------------------------------------------------

# Letters that transliterations write for one sound.
_SOUNDS = (
    ("tch", "c"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"),
    ("th", "t"), ("ph", "f"), ("zh", "z"), ("dj", "j"), ("ts", "s"), ("tz", "s"), ("q", "k"),
    ("c", "k"), ("w", "v"), ("x", "ks"),
)  # fmt: skip
_VOWELS = re.compile("[aeiouyh]+")
_DOUBLED = re.compile(r"(.)\1+")


def spelt_alike(one: str, other: str) -> bool:
    """Say whether two folded words may be spellings of one name.

    >>> spelt_alike("qurayshi", "quraishi"), spelt_alike("gaddafi", "kadhafi")
    (True, True)
    >>> spelt_alike("iran", "iraq"), spelt_alike("austria", "australia")
    (False, False)
    """
    if one == other or one + "s" == other or other + "s" == one:
        return True
    places = _places()
    if one in places and other in places:
        return places[one][0] == places[other][0]
    if min(len(one), len(other)) < SHORTEST_SPELLING:
        return False
    if len(one) >= 7 and len(other) >= 7 and Levenshtein.distance(one, other, score_cutoff=1) <= 1:
        return True
    mine, theirs = _skeleton(one), _skeleton(other)
    if len(mine) < 2 or mine[1:] != theirs[1:] or not _same_start(mine[0], theirs[0]):
        return False
    return Indel.normalized_similarity(one, other) >= SPELLING_LIKENESS


def _same_start(one: str, other: str) -> bool:
    return one == other or {one, other} in ({"g", "k"}, {"j", "g"}, {"y", "j"}, {"t", "k"})


@lru_cache(maxsize=8_192)
def _skeleton(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    first, rest = word[:1], _VOWELS.sub("", word[1:])
    return _DOUBLED.sub(r"\1", ("" if first in "aeiou" and rest[:1] == first else first) + rest)


def known_elsewhere(name: Name, others: Iterable[Name]) -> bool:
    """Say whether one of the other names may be the same as this one."""
    return any(may_be_same(name, other) for other in others)
