"""How common a folded word is in general text, by language, from the lists of ``wordfreq``.

Lists of languages with spaces are folded as texts are. Of Chinese, Japanese and Korean the
frequency of a pair of characters is worked out: from the words that hold it, and from how often
one character ends and the other starts a word.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache, lru_cache

import wordfreq

from contextlib_news.matching.languages import primary_tag, word_tag
from contextlib_news.matching.normalize import fold
from contextlib_news.matching.unspaced import is_unspaced

__all__ = ["UNKNOWN_ZIPF", "word_frequencies", "zipf"]

# What a word unknown to the table is taken for: once in a hundred million words.
UNKNOWN_ZIPF = 1.0

# The same for a group of characters of a script that has no table.
UNKNOWN_GROUP_ZIPF = 4.0


@lru_cache(maxsize=65_536)
def zipf(word: str, language: str) -> float:
    """Return the frequency of a folded word on the Zipf scale, 0 (unknown) to 8.

    3 is once in a million words. The language is that of the word's script where the one given is
    not written in it.
    """
    tag = word_tag(word, primary_tag(language))
    tag = "nb" if tag in ("no", "nn") else tag
    if tag not in wordfreq.available_languages("small"):
        if is_unspaced(word):
            return UNKNOWN_GROUP_ZIPF
        tag = "en"
    if tag == "en" or not word[:1].isalpha():
        frequency: float = wordfreq.zipf_frequency(word, "en", wordlist="small")
        return frequency
    if tag in ("ja", "ko", "zh"):
        return _pair_zipf(word, tag)
    return _scale(word_frequencies(tag).get(word, 0.0))


def _scale(probability: float) -> float:
    return max(0.0, math.log10(probability) + 9) if probability else 0.0


@cache
def word_frequencies(tag: str) -> dict[str, float]:
    """Return the probability of each folded word; forms that fold alike are counted together."""
    table: dict[str, float] = defaultdict(float)
    for word, probability in wordfreq.get_frequency_dict(tag, "small").items():
        table[fold(word)] += probability
    return dict(table)


def _pair_zipf(word: str, tag: str) -> float:
    """Return the frequency of one or two characters among the words of a language."""
    inside, starts, ends = _characters(tag)
    if len(word) != 2:
        return _scale(inside.get(word, 0.0))
    across = ends.get(word[0], 0.0) * starts.get(word[1], 0.0)
    return _scale(inside.get(word, 0.0) + across)


@cache
def _characters(tag: str) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return how likely a word holds a character or pair, and starts or ends with a character."""
    inside: dict[str, float] = defaultdict(float)
    starts: dict[str, float] = defaultdict(float)
    ends: dict[str, float] = defaultdict(float)
    for word, probability in wordfreq.get_frequency_dict(tag, "small").items():
        folded = fold(word)
        if not folded:
            continue
        starts[folded[0]] += probability
        ends[folded[-1]] += probability
        for i, character in enumerate(folded):
            inside[character] += probability
            if i:
                inside[folded[i - 1 : i + 1]] += probability
    return dict(inside), dict(starts), dict(ends)
