"""Noisy copies of claims: what a page might make of a claim, with the claim known.

Words are left out, replaced by others, inflected otherwise and moved; numbers are written another
way; words of another statement stand before or behind. Synthetic noise is kinder than people:
real paraphrases are what the evaluation queries measure.
"""

from __future__ import annotations

import re

import numpy as np

from benchmarks.corpora import Corpus
from benchmarks.function_words import FUNCTION_WORDS
from benchmarks.grammar import Grammar
from benchmarks.vocabulary import Pool, lexicon

__all__ = ["noisy_copies"]

SHARE_LEFT_OUT = 0.18
SHARE_REPLACED = 0.12
SHARE_INFLECTED = 0.15
SHARE_TURNED_ROUND = 0.3
SHARE_IN_CONTEXT = 0.5

FEWEST_WORDS = 6

# The statements that context is taken from stand in no corpus that is searched.
_CONTEXT_START = 60_000_000

_LEADS = (
    "Officials said on Tuesday that", "According to several people who shared the post,",
    "We have heard again and again that", "As reported earlier,", "It turns out that",
    "Unbelievable:", "My friend just told me", "Breaking news tonight,", "Why does no one say that",
)  # fmt: skip


def noisy_copies(corpus: Corpus, count: int, seed: int = 7) -> list[tuple[str, str]]:
    """Return ``count`` pairs of a noisy copy and the id of the claim that it copies."""
    random = np.random.default_rng([seed, corpus.size])
    spare = min(corpus.size, count * 2)
    numbers = random.choice(corpus.size, spare, replace=False)
    rows = [row for row in corpus.pick(numbers.tolist()) if len(row[1].split()) >= FEWEST_WORDS]
    order = random.permutation(len(rows))[:count]
    contexts = Grammar().take(count, _CONTEXT_START)
    noise = _Noise(random)
    return [
        (noise.copy(rows[place][1], context), rows[place][0])
        for place, context in zip(order, contexts, strict=False)
    ]


class _Noise:
    """The changes that one random source makes to texts."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._pools: list[Pool] = [lexicon().pools[kind] for kind in ("noun", "verb", "adjective")]

    def copy(self, text: str, context: str) -> str:
        """Return a noisy copy of a text."""
        words = [word for token in text.split() if (word := self._change(token))]
        if self._random.random() < SHARE_TURNED_ROUND and len(words) > 4:
            cut = int(self._random.integers(2, len(words) - 1))
            words = words[cut:] + words[:cut]
        elif len(words) > 2 and self._random.random() < 0.5:
            place = int(self._random.integers(len(words) - 1))
            words[place], words[place + 1] = words[place + 1], words[place]
        said = " ".join(words)
        if self._random.random() < SHARE_IN_CONTEXT:
            lead = _LEADS[int(self._random.integers(len(_LEADS)))]
            behind = " ".join(context.split()[: int(self._random.integers(3, 7))])
            said = f"{lead} {said}" if self._random.random() < 0.5 else f"{said}, {behind}"
        return said

    def _change(self, token: str) -> str | None:
        bare = token.strip(".,:;!?\"'()")
        if bare.lower() in FUNCTION_WORDS:
            return token
        chance = self._random.random()
        if chance < SHARE_LEFT_OUT:
            return None
        if chance < SHARE_LEFT_OUT + SHARE_REPLACED:
            pool = self._pools[int(self._random.integers(len(self._pools)))]
            return str(pool.words[int(pool.draw(self._random, 1)[0])])
        if re.fullmatch(r"\d{1,3}(,\d{3})+", bare):
            return bare.replace(",", "")
        if chance > 1 - SHARE_INFLECTED and bare.islower():
            return _inflected(bare)
        return token


def _inflected(word: str) -> str:
    """Return a word with another ending, or as it is where it has none that is known."""
    for ending, other in (("ies", "y"), ("ing", "ed"), ("ed", "ing"), ("s", ""), ("y", "ies")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + other
    return word + "s"
