"""What each word as written becomes: a term with its key, a stop word, the start of an alias.

It is worked out once and kept, so that a text costs one look-up a word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import NamedTuple

from contextlib_news.matching.compounds import split_compound
from contextlib_news.matching.english import stem_english
from contextlib_news.matching.frequencies import word_frequencies
from contextlib_news.matching.hebrew import strip_hebrew
from contextlib_news.matching.languages import (
    LONGEST_STEMMED,
    SHORTEST_STEMMED,
    STEMMED,
    SUFFIXED_NAMES,
    common_words,
    primary_tag,
    stem_word,
    word_tag,
)
from contextlib_news.matching.normalize import MAX_WORD, fold, read_word, strip_word
from contextlib_news.matching.segment import fold_trigrams, term_key
from contextlib_news.matching.unspaced import is_unspaced

__all__ = [
    "COMPOUND",
    "SEVERAL",
    "STARTS_ALIAS",
    "Alias",
    "Lexicon",
    "Word",
    "alias_name",
    "aliases",
    "lexicon_of",
    "make_word",
    "stop_words",
    "term_of",
]

# Words as written whose terms are kept, in all languages together. When full, the half of each that
# was met last goes: the words met first are the common ones.
MAX_ENTRIES = 32_768
MAX_ENTRY_CHARACTERS = 40
MAX_LEXICONS = 32

# Words that carry no statement of their own; negation is compared elsewhere, apart from likeness.
_STOP = """
a about above after again all also although am an and any are as at be became because been before
being below between both but by can could did do does doing down during each either else ever few
for from further get had has have having he her here hers him his how however i if in into is it its
itself just like may me might more most much must my near nearly neither no nor not now of off on
once one only or other our out over own per quite rather said same say says she should since so some
such than that the their them then there these they this those though through thus to too toward
under until up upon very was we were what when where whether which while who whom whose why will
with within without would yet you your al el
"""
_ENGLISH_STOPS = frozenset(_STOP.split())

_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xAD, 0x61C, 0xFEFF]
)
# "And the", "with the", "like the", "for the": the stemmer knows only some of them.
_ARABIC_ARTICLE = re.compile("^[وف]?(?:ال|بال|كال|لل)(?=.{3})")
_ARABIC_PLURAL = re.compile("(?<=.{3})ات$")
STARTS_ALIAS, SEVERAL, COMPOUND = 1, 2, 3

# "Jan. 20" is "20 January"; "Mar" and "May" are other words too often.
_MONTHS = {
    "jan": "january", "feb": "february", "apr": "april", "aug": "august", "sep": "september",
    "sept": "september", "oct": "october", "nov": "november", "dec": "december",
}  # fmt: skip


@lru_cache(maxsize=64)  # tags come from callers
def stop_words(language: str | None = None) -> frozenset[str]:
    """Return the folded words that are never indexed in a language, English if none is given.

    Empty but for the Arabic article where the language's words are not known well.
    """
    tag = primary_tag(language)
    if tag == "en":
        return _ENGLISH_STOPS
    return frozenset(fold(word) for word in common_words(tag)) | {"al", "el"}


class Word(NamedTuple):
    """A term without its place: what each word as written becomes.

    ``kind`` is 0 but for a word that may start an alias (whose term is empty if it is a stop word
    too), a run that holds several terms, and COMPOUND for an unknown word that can be read as two
    (``split_word``), which is left to whoever knows the claims. ``capital`` says whether it is
    written with one; a figure never is. ``key`` and ``trigrams`` are those of the segment.
    """

    term: str
    surface: str
    number: bool
    kind: int
    capital: bool
    key: int
    trigrams: int


# Half the cost of calling the class.
_new_word = partial(tuple.__new__, Word)


def make_word(term: str, surface: str, number: bool, capital: bool, kind: int = 0) -> Word:
    """Return a word with the key and the trigrams that a segment knows it by."""
    trigrams = 0 if number else fold_trigrams(surface)
    capital = capital and not number
    return _new_word((term, surface, number, kind, capital, term_key(term), trigrams))


class Lexicon(dict[str, Word | None]):
    """What each word as written becomes; None for a stop word."""

    held = 0  # in all of them; about, as threads may add at once: counted anew whenever it is full

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag

    def __missing__(self, raw: str) -> Word | None:
        word = self._read(raw)
        if len(raw) <= MAX_ENTRY_CHARACTERS:
            if Lexicon.held >= MAX_ENTRIES:
                _make_room()
            Lexicon.held += 1
            self[raw] = word
        return word

    def _read(self, raw: str) -> Word | None:
        if self.tag == "en" and raw.isascii() and raw.isalpha():
            return _read_plain(raw)
        return self._read_any(raw)

    def _read_any(self, raw: str) -> Word | None:
        tokens = read_word(raw, self.tag)
        if len(tokens) != 1 or is_unspaced(tokens[0].text):
            return Word("", "", False, SEVERAL, False, 0, 0) if tokens else None
        word, _, _, number = tokens[0]
        term = term_of(raw, word, number, self.tag)
        kind = STARTS_ALIAS if _starts_alias(raw, word) else 0
        if not kind and self.tag == "en" and not number and split_compound(raw):
            kind = COMPOUND
        return make_word(term, word, number, raw[0].isupper(), kind) if term or kind else None


def _read_plain(raw: str) -> Word | None:
    """Return what the general way does of an English word of nothing but plain letters."""
    word = raw[:MAX_WORD].lower()
    capital = raw[0].isupper()
    if word in _ENGLISH_STOPS:
        if not _starts_alias(raw, word):
            return None
        return make_word("", word, False, capital, STARTS_ALIAS)
    term = (capital and _MONTHS.get(word)) or word
    if SHORTEST_STEMMED <= len(term) <= LONGEST_STEMMED:
        term = stem_english(term)
    kind = STARTS_ALIAS if _starts_alias(raw, word) else COMPOUND if split_compound(raw) else 0
    return make_word(term, word, False, capital, kind)


def _starts_alias(raw: str, word: str) -> bool:
    """Say whether a name of the alias table may start with a word as it is written."""
    node = aliases().get(word)
    return node is not None and (bool(node) or bool(alias_name(node, raw, word)))


def alias_name(node: Alias, raw: str, word: str) -> str:
    """Return the name that a word stands for alone; "" for none.

    "us", "un" and "is" are a country and organisations only in capitals.
    """
    short = len(word) <= 3 and not (raw.isupper() or "." in raw)
    return "" if short else node.name


_LEXICONS: dict[str, Lexicon] = {}


def lexicon_of(tag: str) -> Lexicon:
    """Return the words met so far of texts in a language, given by the first part of its tag."""
    found = _LEXICONS.get(tag)
    if found is None:
        # Tags come from callers; that of the first pages read is kept.
        for other in list(_LEXICONS)[1 : len(_LEXICONS) - MAX_LEXICONS + 2]:
            _LEXICONS.pop(other, None)
        found = _LEXICONS[tag] = Lexicon(tag)
    return found


def _make_room() -> None:
    for lexicon in list(_LEXICONS.values()):
        for key in list(lexicon)[len(lexicon) // 2 :]:
            lexicon.pop(key, None)
    Lexicon.held = sum(map(len, list(_LEXICONS.values())))


def term_of(raw: str, word: str, number: bool, tag: str) -> str:
    """Return the term of one written word, given its folded form; empty for a stop word."""
    if number:
        return "#" + word
    tag = word_tag(raw, tag)
    if word in stop_words(tag):
        return ""
    if tag == "en":
        month = raw[0].isupper() and _MONTHS.get(word)
        return _stem(month or word, "en")
    if tag == "he" and "." not in raw:
        return strip_hebrew(word, word_frequencies("he"))
    if tag not in STEMMED or "." in raw:
        return word
    # Stemmers know endings by their diacritics, so they come before folding.
    return fold(_stem(_lower(strip_word(raw, tag), tag), tag)) or word


def _lower(word: str, tag: str) -> str:
    """Return a word in the lower case and letters of its language, without invisible characters."""
    word = unicodedata.normalize("NFC", word).translate(_INVISIBLE)
    if tag in SUFFIXED_NAMES:
        word = word.replace("İ", "i").replace("I", "ı")
    elif tag == "fa":
        word = word.replace("ي", "ی").replace("ك", "ک")
    elif tag == "ar":
        word = _ARABIC_PLURAL.sub("", _ARABIC_ARTICLE.sub("", word.replace("ى", "ي")))
    return word.lower()


_stem = lru_cache(maxsize=8_192)(stem_word)


class Alias(dict[str, "Alias"]):
    """A word inside names of the alias table: what may follow, and the name that ends here."""

    name = ""


@cache
def aliases() -> Alias:
    """Return the names of the alias table, word by word."""
    root = Alias()
    text = (files("contextlib_news.data") / "aliases.json").read_text(encoding="utf-8")
    for group in json.loads(text)["groups"]:
        for name in group["names"]:
            node = root
            for word in fold(name).split():
                node = node.setdefault(word, Alias())
            node.name = "@" + group["names"][0].replace(" ", "_")
    return root
