"""From folded words to the terms that are indexed: aliases joined, words stemmed and weighed.

What becomes of a word as written is worked out once and kept, so that a text costs one scan and one
look-up a word.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

from contextlib_news.matching.compounds import split_compound
from contextlib_news.matching.frequencies import UNKNOWN_ZIPF, zipf
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.lexicon import (
    COMPOUND,
    SEVERAL,
    STARTS_ALIAS,
    Word,
    alias_name,
    aliases,
    lexicon_of,
    make_word,
    stop_words,
    term_of,
)
from contextlib_news.matching.normalize import (
    MAX_CHARACTERS,
    MAX_TOKENS,
    read_word,
    word_pattern,
)
from contextlib_news.matching.unspaced import is_unspaced

__all__ = [
    "COMPOUND",
    "Term",
    "Word",
    "background_probability",
    "extract_terms",
    "inverse_frequency",
    "read_words",
    "split_word",
    "stop_words",
]

# A sentence of news has about this many words; turns a word's frequency into a sentence's.
WORDS_PER_SENTENCE = 22

# Numbers have no entry of use in the table: years are common, other figures rare.
NUMBER_PROBABILITY = 2e-4
YEAR_PROBABILITY = 5e-3


class Term(NamedTuple):
    """A stem or alias with the span of the words it stands for."""

    text: str
    start: int
    end: int
    surface: str
    number: bool = False


# Half the cost of calling the class.
_new_term = partial(tuple.__new__, Term)


def extract_terms(text: str, language: str | None = None) -> list[Term]:
    """Return the terms of a text in order: aliases as one term, other words stemmed, no stop words.

    ``language`` (BCP 47 tag, English if none is given) chooses stemmer and stop words for the words
    written in its script; a language without a stemmer keeps words as they are folded. At most
    1,000 words are read; never raises.
    """
    tag = primary_tag(language)
    lexicon = lexicon_of(tag)
    matches = list(islice(word_pattern(text, tag).finditer(text, 0, MAX_CHARACTERS), MAX_TOKENS))
    written = [match[0] for match in matches]
    terms: list[Term] = []
    skip = 0
    for place, match in enumerate(matches):
        if skip:
            skip -= 1
            continue
        word = lexicon[match[0]]
        if word is None:
            continue
        term, surface, number, kind = word[:4]
        start, end = match.span()
        if kind and kind != COMPOUND:
            if kind == SEVERAL:
                terms += _several_terms(match[0], tag, start)
                if len(terms) >= MAX_TOKENS:
                    break
                continue
            name, length = _alias_at(written, place, surface, tag)
            if name:
                last = matches[place + length - 1].end()
                terms.append(Term(name, start, last, name, False))
                skip = length - 1
                continue
            if not term:
                continue
        terms.append(_new_term((term, start, end, surface, number)))
    return terms[:MAX_TOKENS]


def read_words(text: str, language: str | None = None) -> tuple[list[Word], bool]:
    """Return the terms of a text in order, as ``extract_terms`` does but without their places.

    Also whether the text starts with the first of them.
    """
    tag = primary_tag(language)
    lexicon = lexicon_of(tag)
    written = word_pattern(text, tag).findall(text, 0, MAX_CHARACTERS)[:MAX_TOKENS]
    found = [lexicon[raw] for raw in written]
    opens = bool(written) and found[0] is not None and text.startswith(written[0])
    words = [word for word in found if word is not None]
    if not any([word[3] for word in words]):
        return words, opens
    words = []
    skip = 0
    for place, word in enumerate(found):
        if skip:
            skip -= 1
        elif word is None:
            pass
        elif word.kind == SEVERAL:
            raw = written[place]
            terms = _several_terms(raw, tag, 0)
            if not place:
                opens = opens and bool(terms) and terms[0].start == 0
            words += [
                make_word(term, surface, number, raw[start].isupper())
                for term, start, _, surface, number in terms
            ]
            if len(words) >= MAX_TOKENS:
                break
        elif word.kind == STARTS_ALIAS:
            name, length = _alias_at(written, place, word.surface, tag)
            if name:
                words.append(_alias_word(name, word.capital))
                skip = length - 1
            elif word.term:
                words.append(word)
            elif not place:
                opens = False
        else:
            words.append(word)
    return words[:MAX_TOKENS], opens


@lru_cache(maxsize=4_096)
def split_word(word: Word) -> tuple[Word, ...]:
    """Return the words that a COMPOUND is made of, without stop words."""
    parts = [lexicon_of("en")[part] for part in split_compound(word.surface) or ()]
    return tuple(
        part._replace(kind=0, capital=word.capital) for part in parts if part and part.term
    )


@lru_cache(maxsize=4_096)
def _alias_word(name: str, capital: bool) -> Word:
    return make_word(name, name, False, capital)


def _several_terms(raw: str, tag: str, offset: int) -> list[Term]:
    """Return the terms of a run that holds several, such as one of a script without spaces."""
    terms: list[Term] = []
    for word, start, end, number in read_word(raw, tag):
        term = word if is_unspaced(word) else term_of(raw[start:end], word, number, tag)
        if term:
            terms.append(Term(term, offset + start, offset + end, word, number))
    return terms


@lru_cache(maxsize=16_384)
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


def _alias_at(written: list[str], place: int, first: str, tag: str) -> tuple[str, int]:
    """Return the longest alias that starts with the word at a place, and its number of words."""
    node = aliases()[first]
    name, length = alias_name(node, written[place], first), 1
    for read in range(1, len(written) - place if node else 0):
        tokens = read_word(written[place + read], tag)
        following = node.get(tokens[0].text) if len(tokens) == 1 else None
        if following is None:
            break
        node = following
        if node.name:
            name, length = node.name, read + 1
    return name, length


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
