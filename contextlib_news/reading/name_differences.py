"""Names that stand in each other's place in a sentence and a claim, and sides that swapped roles.

Names that only one side has are masked; where the two texts, so masked, are alike and a mask of one
stands where a mask of the other does, the two names are a difference, unless they may be the same
or one may lie in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rapidfuzz.distance import Indel
from wordfreq import zipf_frequency

from contextlib_news.matching.terms import Term
from contextlib_news.models import Difference, DifferenceKind
from contextlib_news.reading.names import (
    Name,
    capital_pieces,
    find_names,
    known_elsewhere,
    may_lie_within,
)
from contextlib_news.reading.quantity import Quantity
from contextlib_news.reading.roles import find_swapped_roles

__all__ = ["compare_names"]

# How alike two texts must be, names masked, for names in one place to count, 0..1.
NAME_LIKENESS = 0.6

# Terms beside the names that both texts must have.
LEAST_SHARED = 2

# In a text of so many long words of which more have a capital, capitals make no names.
MOST_CAPITALS = 0.6
LONG_WORDS = 6

# Places that no table knows may lie in each other; the texts must be more alike for them.
PLACE_LIKENESS = 0.7

# From this likeness on the texts say the same but for the names.
SAME_BUT_NAMES = 0.9

# The first word of a sentence has a capital anyway; a commoner word (Zipf scale) is no name there.
COMMONEST_NAME = 4.2

MAX_DIFFERENCES = 3

_PLACE_WORDS = frozenset(
    "in at near from to into outside of on around across inside toward".split()
)
# Endings of common nouns and adjectives, which open sentences with a capital.
_COMMON_ENDINGS = ("ity", "tion", "sion", "ness", "ment", "ous", "ical", "ism", "ship")

# Who acts in news without a name.
_GENERIC = frozenset(
    "police government parliament congress court army military opposition council state city "
    "company management president minister mayor governor nobody everybody everyone someone "
    "somebody people men women rain fire flooding lightning fighting inflation unemployment".split()
)
_MASK = "\x00"


class Side(Protocol):
    """A text, its terms and its quantities: of the page's sentence, or of the claim."""

    @property
    def text(self) -> str:
        """The text as written."""

    @property
    def terms(self) -> Sequence[Term]:
        """Its terms in order."""

    @property
    def quantities(self) -> Sequence[Quantity]:
        """Its quantities, asked for only where names differ."""


def compare_names(page: Side, asking: Side) -> list[Difference]:
    """Return names that stand in each other's place, or the two that changed places."""
    sentence, mine, claim, theirs = page.text, page.terms, asking.text, asking.terms
    if len({t.text for t in mine} & {t.text for t in theirs}) < LEAST_SHARED:
        return []
    swapped = find_swapped_roles(sentence, claim, mine, theirs)
    if swapped is not None:
        return [swapped]
    if _all_said(sentence, theirs) or _all_said(claim, mine):
        return []
    here, there = find_names(sentence), find_names(claim)
    if not here or not there:
        return []
    own = [n for n in here if not _said(n, theirs) and not known_elsewhere(n, there)]
    other = [n for n in there if not _said(n, mine) and not known_elsewhere(n, here)]
    if _is_headline(sentence) or _is_headline(claim):
        own, other = [n for n in own if n.keys], [n for n in other if n.keys]
    if not own or not other:
        return []
    own, other = _outside(own, page), _outside(other, asking)
    if not own or not other:
        return []
    masked, names = _mask(mine, own)
    asked, asked_names = _mask(theirs, other)
    likeness = Indel.normalized_similarity(masked, asked)
    shared = (set(masked) & set(asked)) - {_MASK}
    reordered = set(masked) == set(asked)
    if len(shared) < LEAST_SHARED or (likeness < NAME_LIKENESS and not reordered):
        return []
    alike = likeness >= SAME_BUT_NAMES
    found: list[Difference] = []
    pairs = _pairs(masked, names, asked, asked_names)
    if not pairs and reordered and len(names) == len(asked_names) == 1:
        # "X freed the hacker", "the hacker was freed by Y": the same in another order.
        pairs = [(next(iter(names.values())), next(iter(asked_names.values())))]
        likeness, alike = 1.0, True
    for one, two in pairs:
        if not (_is_name(one, alike) and _is_name(two, alike)) or may_lie_within(one, two):
            continue
        kind = _kind(sentence, one, claim, two)
        if kind is None or (kind is DifferenceKind.PLACE and not _excludes(one, two, likeness)):
            continue
        found.append(Difference(kind=kind, page=one.text, claim=two.text))
    return found[:MAX_DIFFERENCES]


def _all_said(text: str, terms: Sequence[Term]) -> bool:
    """Say whether the other text has every word that a name of this one may hold.

    Then none of them can be a name of this text alone; cheaper than reading the names.
    """
    pieces = capital_pieces(text)
    return pieces is not None and pieces.issubset([term.surface for term in terms])


def _said(name: Name, terms: Sequence[Term]) -> bool:
    """Say whether the other text has the words of a name, in whatever case."""
    held = {term.surface for term in terms}
    words = [word for word in name.words if len(word) > 2] or list(name.words)
    return any(word in held for word in words)


def _is_headline(text: str) -> bool:
    """Say whether most long words of a text have a capital, as in headlines of some papers."""
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) >= LONG_WORDS and sum(w[0].isupper() for w in words) > MOST_CAPITALS * len(
        words
    )


def _outside(names: Sequence[Name], side: Side) -> list[Name]:
    """Return the names that are no part of a quantity ("degrees Celsius")."""
    if not names:
        return []
    spans = [(q.start, q.end) for q in side.quantities]
    return [n for n in names if not any(a <= n.start and n.end <= b for a, b in spans)]


def _is_name(name: Name, alike: bool) -> bool:
    """Say whether a capitalised word is a name, also where it opens the sentence."""
    if not name.opens or name.keys or len(name.words) > 1:
        return True
    word = name.words[0]
    if name.text.isupper() and len(word) > 1:
        return True
    if word in _GENERIC or word.endswith(_COMMON_ENDINGS):
        return False
    frequency = zipf_frequency(word, "en")
    # "Banks" is a plural, "Hamas" and "Novartis" are none; "wildfire" has one, "Toyota" hardly.
    if word.endswith("s") and zipf_frequency(word[:-1], "en") > frequency - 1:
        return False
    if zipf_frequency(word + "s", "en") > frequency - 1:
        return False
    # "Blaming" is a verb, "Boeing" none.
    stems = (word[:-3], word[:-3] + "e") if word.endswith("ing") else ()
    if any(zipf_frequency(stem, "en") > frequency - 0.5 for stem in stems):
        return False
    return alike or frequency < COMMONEST_NAME


def _mask(terms: Sequence[Term], names: Sequence[Name]) -> tuple[list[str], dict[int, Name]]:
    """Return terms with each of the names as one mask, and the names by the place of their mask."""
    masked: list[str] = []
    places: dict[int, Name] = {}
    hidden: set[int] = set()
    for term in terms:
        name = next((n for n in names if n.start <= term.start and term.end <= n.end + 2), None)
        if name is None:
            masked.append(term.text)
        elif name.start not in hidden:
            hidden.add(name.start)
            places[len(masked)] = name
            masked.append(_MASK)
    return masked, places


def _pairs(
    masked: list[str], names: dict[int, Name], asked: list[str], asked_names: dict[int, Name]
) -> list[tuple[Name, Name]]:
    """Return the names whose masks answer each other: aligned, or beside the same word."""
    pairs: list[tuple[Name, Name]] = []
    for operation in Indel.opcodes(masked, asked):
        if operation.tag != "equal":
            continue
        shift = operation.dest_start - operation.src_start
        for place in range(operation.src_start, operation.src_end):
            if place in names and place + shift in asked_names:
                pairs.append((names[place], asked_names[place + shift]))
    paired = {one.start for one, _ in pairs}, {two.start for _, two in pairs}
    for place, one in names.items():
        for other_place, two in asked_names.items():
            if one.start in paired[0] or two.start in paired[1]:
                continue
            if _beside(masked, place) & _beside(asked, other_place):
                paired[0].add(one.start)
                paired[1].add(two.start)
                pairs.append((one, two))
    return pairs


def _beside(masked: list[str], place: int) -> set[tuple[int, str]]:
    """Return the words before and after a mask."""
    beside = {(-1, masked[place - 1])} if place else set()
    if place + 1 < len(masked):
        beside.add((1, masked[place + 1]))
    return {(side, word) for side, word in beside if word != _MASK}


def _kind(sentence: str, one: Name, claim: str, other: Name) -> DifferenceKind | None:
    """Return whether two names differ as places or as names, None where they are of two kinds."""
    known = {_sort(name) for name in (one, other)} - {""}
    if len(known) > 1:
        return None
    located = _after_place_word(sentence, one) and _after_place_word(claim, other)
    place = located and "named" not in known
    return DifferenceKind.PLACE if place else DifferenceKind.NAME


def _sort(name: Name) -> str:
    if name.kind in ("country", "capital", "people", "region", "place"):
        return "place"
    return "named" if name.kind else ""


def _excludes(one: Name, other: Name, likeness: float) -> bool:
    """Say whether two places cannot lie in each other, as far as the tables and the texts tell."""
    if one.kind and other.kind:
        return True
    return likeness >= PLACE_LIKENESS


def _after_place_word(text: str, name: Name) -> bool:
    before = text[: name.start].rstrip().rsplit(" ", 1)[-1].lower()
    return before in _PLACE_WORDS
