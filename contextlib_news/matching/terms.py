"""From folded words to the terms that are indexed: aliases joined, words stemmed and weighed.

What becomes of a word as written is worked out once and kept, so that a text costs one scan and one
look-up a word.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import islice
from typing import NamedTuple

from contextlib_news.matching.frequencies import UNKNOWN_ZIPF, word_frequencies, zipf
from contextlib_news.matching.hebrew import strip_hebrew
from contextlib_news.matching.languages import (
    STEMMED,
    SUFFIXED_NAMES,
    common_words,
    primary_tag,
    stem_word,
    word_tag,
)
from contextlib_news.matching.normalize import (
    MAX_CHARACTERS,
    MAX_TOKENS,
    fold,
    read_word,
    strip_word,
    word_pattern,
)
from contextlib_news.matching.unspaced import is_unspaced

__all__ = [
    "Term",
    "background_probability",
    "extract_terms",
    "inverse_frequency",
    "stop_words",
]

# A sentence of news has about this many words; turns a word's frequency into a sentence's.
WORDS_PER_SENTENCE = 22

# Numbers have no entry of use in the table: years are common, other figures rare.
NUMBER_PROBABILITY = 2e-4
YEAR_PROBABILITY = 5e-3

# Words as written whose terms are kept, a language. When full, the half met last goes: the words
# met first are the common ones.
MAX_ENTRIES = 65_536
MAX_ENTRY_CHARACTERS = 40

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


class Term(NamedTuple):
    """A stem or alias with the span of the words it stands for."""

    text: str
    start: int
    end: int
    surface: str
    number: bool = False


_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xAD, 0x61C, 0xFEFF]
)
# "And the", "with the", "like the", "for the": the stemmer knows only some of them.
_ARABIC_ARTICLE = re.compile("^[وف]?(?:ال|بال|كال|لل)(?=.{3})")
_ARABIC_PLURAL = re.compile("(?<=.{3})ات$")
_STARTS_ALIAS, _SEVERAL = 1, 2

# "Jan. 20" is "20 January"; "Mar" and "May" are other words too often.
_MONTHS = {
    "jan": "january", "feb": "february", "apr": "april", "aug": "august", "sep": "september",
    "sept": "september", "oct": "october", "nov": "november", "dec": "december",
}  # fmt: skip

# Half the cost of calling the class.
_new_term = partial(tuple.__new__, Term)


@cache
def stop_words(language: str | None = None) -> frozenset[str]:
    """Return the folded words that are never indexed in a language, English if none is given.

    Empty but for the Arabic article where the language's words are not known well.
    """
    tag = primary_tag(language)
    if tag == "en":
        return frozenset(_STOP.split())
    return frozenset(fold(word) for word in common_words(tag)) | {"al", "el"}


def extract_terms(text: str, language: str | None = None) -> list[Term]:
    """Return the terms of a text in order: aliases as one term, other words stemmed, no stop words.

    ``language`` (BCP 47 tag, English if none is given) chooses stemmer and stop words for the words
    written in its script; a language without a stemmer keeps words as they are folded. At most
    1,000 words are read; never raises.
    """
    tag = primary_tag(language)
    lexicon = _lexicon(tag)
    pattern = word_pattern(text, tag)
    terms: list[Term] = []
    skip = 0
    for match in islice(pattern.finditer(text, 0, MAX_CHARACTERS), MAX_TOKENS):
        if skip:
            skip -= 1
            continue
        entry = lexicon[match[0]]
        if entry is None:
            continue
        term, surface, number, kind = entry
        start, end = match.span()
        if kind:
            if kind == _SEVERAL:
                terms += _several_terms(match[0], tag, start)
                if len(terms) >= MAX_TOKENS:
                    break
                continue
            name, length, last = _alias_at(text, start, end, surface, pattern, tag)
            if name:
                terms.append(Term(name, start, last, name, False))
                skip = length - 1
                continue
            if not term:
                continue
        terms.append(_new_term((term, start, end, surface, number)))
    return terms[:MAX_TOKENS]


class _Lexicon(dict[str, tuple[str, str, bool, int] | None]):
    """What each word as written becomes: term, surface, whether a number, kind.

    ``None`` for a stop word. The kind is 0 but for a word that may start an alias (whose term is
    empty if it is a stop word too) and a run that holds several terms.
    """

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag

    def __missing__(self, raw: str) -> tuple[str, str, bool, int] | None:
        entry = self._read(raw)
        if len(raw) <= MAX_ENTRY_CHARACTERS:
            if len(self) >= MAX_ENTRIES:
                for key in list(self)[MAX_ENTRIES // 2 :]:
                    self.pop(key, None)
            self[raw] = entry
        return entry

    def _read(self, raw: str) -> tuple[str, str, bool, int] | None:
        tokens = read_word(raw, self.tag)
        if len(tokens) != 1 or is_unspaced(tokens[0].text):
            return ("", "", False, _SEVERAL) if tokens else None
        word, _, _, number = tokens[0]
        term = _term_of(raw, word, number, self.tag)
        kind = _STARTS_ALIAS if word in _aliases() else 0
        return (term, word, number, kind) if term or kind else None


@lru_cache(maxsize=32)
def _lexicon(tag: str) -> _Lexicon:
    return _Lexicon(tag)


def _several_terms(raw: str, tag: str, offset: int) -> list[Term]:
    """Return the terms of a run that holds several, such as one of a script without spaces."""
    terms: list[Term] = []
    for word, start, end, number in read_word(raw, tag):
        term = word if is_unspaced(word) else _term_of(raw[start:end], word, number, tag)
        if term:
            terms.append(Term(term, offset + start, offset + end, word, number))
    return terms


def _term_of(raw: str, word: str, number: bool, tag: str) -> str:
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


@lru_cache(maxsize=65_536)
def background_probability(surface: str, number: bool, language: str) -> float:
    """Return how likely a sentence of general text holds the word, 0..1.

    From the frequencies of ``wordfreq`` (per word, on the Zipf scale: 3 is once in a million).
    """
    if number:
        year = len(surface) == 4 and surface[:2] in ("19", "20")
        return YEAR_PROBABILITY if year or len(surface) <= 2 else NUMBER_PROBABILITY
    probabilities = [
        1 - (1 - 10 ** (max(zipf(word, language), UNKNOWN_ZIPF) - 9)) ** WORDS_PER_SENTENCE
        for word in surface.split()
    ]
    return min(probabilities, default=1e-6)


_stem = lru_cache(maxsize=32_768)(stem_word)


class _Alias(dict[str, "_Alias"]):
    """A word inside names of the alias table: what may follow, and the name that ends here."""

    name = ""


@cache
def _aliases() -> _Alias:
    """Return the names of the alias table, word by word."""
    root = _Alias()
    text = (files("contextlib_news.data") / "aliases.json").read_text(encoding="utf-8")
    for group in json.loads(text)["groups"]:
        for name in group["names"]:
            node = root
            for word in fold(name).split():
                node = node.setdefault(word, _Alias())
            node.name = "@" + group["names"][0].replace(" ", "_")
    return root


def _alias_at(
    text: str, start: int, end: int, first: str, pattern: re.Pattern[str], tag: str
) -> tuple[str, int, int]:
    """Return the longest alias that starts with this word, its number of words and its end."""
    node = _aliases()[first]
    name, length, read, last = node.name, 1, 1, end
    # "us" and "un" are a country and an organisation only in capitals.
    if name and len(first) <= 3:
        written = text[start:end]
        name = name if written.isupper() or "." in written else ""
    for match in pattern.finditer(text, end) if node else ():
        tokens = read_word(match[0], tag)
        following = node.get(tokens[0].text) if len(tokens) == 1 else None
        if following is None:
            break
        node, read = following, read + 1
        if node.name:
            name, length, last = node.name, read, match.end()
    return name, length, last


# How many sentences of general text the background frequencies count for: with 42 claims they
# decide, with a million the index's own counts do. Of 100 to 200,000 this found most, on 14,231
# and on 19,250 claims (docs/decisions/0003).
PRIOR_SENTENCES = 20_000.0


def inverse_frequency(holding: float, total: float, probability: float) -> float:
    """Return the weight of a term: minus the log of how likely a claim or sentence holds it.

    The index's own count (``holding`` of ``total`` claims) is blended with the background
    ``probability`` as if PRIOR_SENTENCES further sentences had been seen.
    """
    return -math.log((holding + PRIOR_SENTENCES * probability) / (total + PRIOR_SENTENCES))
