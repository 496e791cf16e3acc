"""How common a folded word is in general text, by language, from the lists of ``wordfreq``.

Lists of languages with spaces are folded as texts are. Of Chinese, Japanese and Korean the
frequency of a pair of characters is worked out: from the words that hold it, and from how often
one character ends and the other starts a word.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import wordfreq

from contextlib_news.matching.languages import languages_with_words, primary_tag, word_tag
from contextlib_news.matching.normalize import fold
from contextlib_news.matching.unspaced import is_unspaced

__all__ = ["UNKNOWN_ZIPF", "english_zipf", "word_frequencies", "zipf"]

# What a word unknown to the table is taken for: once in a hundred million words.
UNKNOWN_ZIPF = 1.0

# The same for a group of characters of a script that has no table.
UNKNOWN_GROUP_ZIPF = 4.0

# What it found is kept here too: its own memory of 100,000 words holds 25 MB when full.
wordfreq.CACHE_SIZE = 8_192


@lru_cache(maxsize=16_384)
def zipf(word: str, language: str) -> float:
    """Return the frequency of a folded word on the Zipf scale, 0 (unknown) to 8.

    3 is once in a million words. The language is that of the word's script where the one given is
    not written in it.
    """
    tag = word_tag(word, primary_tag(language))
    tag = "nb" if tag in ("no", "nn") else tag
    if tag not in languages_with_words():
        if is_unspaced(word):
            return UNKNOWN_GROUP_ZIPF
        tag = "en"
    if tag == "en" or not word[:1].isalpha():
        return english_zipf(word)
    if tag in ("ja", "ko", "zh"):
        return _pair_zipf(word, tag)
    return _scale(word_frequencies(tag).get(word, 0.0))


def english_zipf(word: str) -> float:
    """Return what ``wordfreq.zipf_frequency`` does; a plain word is looked up without tokenizing.

    Most words asked for are in no list: made-up names, parts of words tried as words. Those that
    are have one of some six hundred frequencies, and the library is asked for each of these once.
    """
    if not (word.isascii() and word.isalpha() and word.islower()):
        return _library_zipf(word)
    listed: float | None = wordfreq.get_frequency_dict("en", "small").get(word)
    if listed is None:
        return 0.0
    known = _ZIPFS.get(listed)
    if known is None:
        known = _ZIPFS[listed] = _library_zipf(word)
    return known


_ZIPFS: dict[float, float] = {}


def _library_zipf(word: str) -> float:
    frequency: float = wordfreq.zipf_frequency(word, "en", wordlist="small")
    return frequency


def _scale(probability: float) -> float:
    return max(0.0, math.log10(probability) + 9) if probability else 0.0


class WordTable:
    """Numbers by word in an eighth of the memory of a dictionary: sorted by a key of 64 bits.

    Two of 60,000 words share a key once in ten billion tables.
    """

    def __init__(self, table: Mapping[str, float]) -> None:
        keys = np.fromiter(map(_key, table), np.uint64, len(table))
        order = np.argsort(keys)
        self._keys = keys[order]
        self._values = np.fromiter(table.values(), np.float64, len(table))[order]

    def get(self, word: str, default: float) -> float:
        """Return the number of a word, ``default`` where it has none."""
        key = np.uint64(_key(word))
        place = int(self._keys.searchsorted(key))
        if place == len(self._keys) or self._keys[place] != key:
            return default
        return float(self._values[place])


def _key(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@lru_cache(maxsize=24)  # tags come from callers
def word_frequencies(tag: str) -> WordTable:
    """Return the probability of each folded word; forms that fold alike are counted together."""
    table: dict[str, float] = defaultdict(float)
    for word, probability in _listed(tag).items():
        table[fold(word)] += probability
    return WordTable(table)


def _listed(tag: str) -> dict[str, float]:
    """Return the list of a language without that ``wordfreq`` keeps it too."""
    listed: dict[str, float] = wordfreq.get_frequency_dict.__wrapped__(tag, "small")
    wordfreq.get_frequency_list.cache_clear()
    return listed


def _pair_zipf(word: str, tag: str) -> float:
    """Return the frequency of one or two characters among the words of a language."""
    inside, starts, ends = _characters(tag)
    if len(word) != 2:
        return _scale(inside.get(word, 0.0))
    across = ends.get(word[0], 0.0) * starts.get(word[1], 0.0)
    return _scale(inside.get(word, 0.0) + across)


@lru_cache(maxsize=8)  # Chinese, Japanese and Korean
def _characters(tag: str) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return how likely a word holds a character or pair, and starts or ends with a character."""
    inside: dict[str, float] = defaultdict(float)
    starts: dict[str, float] = defaultdict(float)
    ends: dict[str, float] = defaultdict(float)
    for word, probability in _listed(tag).items():
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
