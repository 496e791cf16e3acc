"""From folded words to the terms that are indexed: aliases joined, words stemmed and weighed."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import snowballstemmer
from wordfreq import zipf_frequency

from contextlib_news.matching.normalize import Token, tokenize

__all__ = [
    "Term",
    "background_probability",
    "extract_terms",
    "inverse_frequency",
    "stop_words",
]

# A sentence of news has about this many words; turns a word's frequency into a sentence's.
WORDS_PER_SENTENCE = 22

# What a word unknown to the background table is taken for: once in a hundred million words.
UNKNOWN_ZIPF = 1.0

# Numbers have no entry of use in the table: years are common, other figures rare.
NUMBER_PROBABILITY = 2e-4
YEAR_PROBABILITY = 5e-3

STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hu": "hungarian", "id": "indonesian",
    "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Term:
    """A stem or alias with the span of the words it stands for."""

    text: str
    start: int
    end: int
    surface: str
    number: bool = False


@cache
def stop_words() -> frozenset[str]:
    """Return the words that are never indexed."""
    return frozenset(_STOP.split())


def extract_terms(text: str, language: str | None = None) -> list[Term]:
    """Return the terms of a text in order: aliases as one term, other words stemmed, no stop words.

    ``language`` chooses the stemmer; unknown ones keep words as they are folded.
    """
    tag = (language or "en").split("-")[0].lower()
    tokens = tokenize(text)
    words = [token.text for token in tokens]
    terms: list[Term] = []
    position = 0
    while position < len(tokens):
        name, length = _alias_at(words, position, tokens, text)
        if length:
            last = tokens[position + length - 1]
            terms.append(Term(name, tokens[position].start, last.end, name))
            position += length
            continue
        token = tokens[position]
        position += 1
        if token.number:
            terms.append(Term("#" + token.text, token.start, token.end, token.text, True))
        elif token.text not in stop_words():
            stemmed = _stem(token.text, tag)
            terms.append(Term(stemmed, token.start, token.end, token.text))
    return terms


@lru_cache(maxsize=65_536)
def background_probability(surface: str, number: bool, language: str) -> float:
    """Return how likely a sentence of general text holds the word, 0..1.

    From the frequencies of ``wordfreq`` (per word, on the Zipf scale: 3 is once in a million).
    """
    if number:
        year = len(surface) == 4 and surface[:2] in ("19", "20")
        return YEAR_PROBABILITY if year or len(surface) <= 2 else NUMBER_PROBABILITY
    probabilities = [
        1 - (1 - 10 ** (max(_zipf(word, language), UNKNOWN_ZIPF) - 9)) ** WORDS_PER_SENTENCE
        for word in surface.split()
    ]
    return min(probabilities, default=1e-6)


@lru_cache(maxsize=65_536)
def _zipf(word: str, language: str) -> float:
    try:
        return zipf_frequency(word, language, wordlist="small")
    except (LookupError, ValueError):
        return zipf_frequency(word, "en", wordlist="small")


@cache
def _stemmer(name: str) -> object:
    return snowballstemmer.stemmer(name)


@lru_cache(maxsize=131_072)
def _stem(word: str, tag: str) -> str:
    name = STEMMERS.get(tag)
    if name is None or len(word) < 4 or len(word) > 40:
        return word
    stemmed: str = _stemmer(name).stemWord(word)  # type: ignore[attr-defined]  # untyped library
    return stemmed


@cache
def _aliases() -> tuple[dict[tuple[str, ...], str], int]:
    """Return the names of the alias table by their words, and the most words one has."""
    text = (files("contextlib_news.data") / "aliases.json").read_text(encoding="utf-8")
    table = {
        tuple(name.split()): "@" + group["names"][0].replace(" ", "_")
        for group in json.loads(text)["groups"]
        for name in group["names"]
    }
    return table, max(map(len, table))


def _alias_at(
    words: Sequence[str], position: int, tokens: Sequence[Token], text: str
) -> tuple[str, int]:
    """Return the longest alias that starts here and how many words it has, or nothing."""
    table, longest = _aliases()
    for length in range(min(longest, len(words) - position), 0, -1):
        name = table.get(tuple(words[position : position + length]))
        if name is None:
            continue
        token = tokens[position]
        # "us" and "un" are a country and an organisation only in capitals.
        written = text[token.start : token.end]
        if length == 1 and len(token.text) <= 3 and not written.isupper() and "." not in written:
            continue
        return name, length
    return "", 0


def inverse_frequency(holding: float, total: float, probability: float, prior: float) -> float:
    """Return the weight of a term: minus the log of how likely a wording holds it.

    The index's own count (``holding`` of ``total`` wordings) is blended with the background
    ``probability`` as if ``prior`` further sentences had been seen.
    """
    return -math.log((holding + prior * probability) / (total + prior))
