"""The same quantity given twice on a page with different values.

Only where two sentences say nearly the same of the same things, with the same names and dates, no
word of change and no other source: tolls rise, and reports differ, without anybody being wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Figure, Sentence
from contextlib_news.reading.correspondence import Setting, set_quantities
from contextlib_news.reading.dates import find_dates
from contextlib_news.reading.names import find_names
from contextlib_news.reading.quantities import find_quantities
from contextlib_news.reading.value_hints import most_values

__all__ = ["find_other_values"]

# Share of the words of the shorter sentence that both must have, and at least so many.
LEAST_SHARED = 0.6
LEAST_WORDS = 4

MAX_PAIRS = 2_000

_DIMENSIONS = frozenset({"count", "money", "share", "length", "mass", "area", "age"})

# Words of change, of sources, of comparison: the two values may both be right.
_APART_WORDS = frozenset(
    "rose risen rising grew grown fell fallen dropped earlier first second third last later now "
    "then again another other others additional more less fewer further compared than versus "
    "according said says if would could may might expected target each every per year years month "
    "week today yesterday average between from until since when while but not no never".split()
)
_APART = re.compile(
    r"\b(?:increas\w|decreas\w|declin\w|previous|initial|updat|revis|so far\b|up from\b|"
    r"down from\b|estimat|claim|report|source|plan)|[?“”\"«»]",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


def find_other_values(sentences: Sequence[Sentence]) -> Iterator[Figure]:
    """Yield the second of two values of one thing."""
    told: dict[tuple[str, str, frozenset[str]], list[tuple[Sentence, Setting, frozenset[str]]]] = {}
    pairs = 0
    for sentence in sentences:
        if not _APART_WORDS.isdisjoint(_WORD.findall(sentence.text.lower())):
            continue
        if not most_values(sentence.text) or _APART.search(sentence.text):
            continue
        quantities = find_quantities(sentence.text, None)
        if len(quantities) != 1 or find_dates(sentence.text, None):
            continue
        terms = extract_terms(sentence.text)
        words = frozenset(t.text for t in terms if not t.number)
        for setting in set_quantities(sentence.text, quantities, terms):
            value = setting.quantity
            if not value.exact or value.dimension not in _DIMENSIONS or not setting.counted:
                continue
            key = (value.dimension, value.unit, setting.counted)
            for other, held, other_words in told.get(key, ()):
                pairs += 1
                if pairs > MAX_PAIRS:
                    return
                if not _same_statement(sentence, words, other, other_words):
                    continue
                if value.meets(held.quantity):
                    continue
                yield Figure(
                    kind="repeat",
                    stated=value.text,
                    computed=held.quantity.text,
                    start=sentence.start,
                    end=sentence.end,
                    explanation=f"“{other.text[:200]}”",
                )
                break
            told.setdefault(key, []).append((sentence, setting, words))


def _same_statement(
    one: Sentence, words: frozenset[str], other: Sentence, other_words: frozenset[str]
) -> bool:
    shared = len(words & other_words)
    if shared < LEAST_WORDS or shared < LEAST_SHARED * min(len(words), len(other_words)):
        return False
    names = {n.words for n in find_names(one.text) if not n.opens}
    return names == {n.words for n in find_names(other.text) if not n.opens}
