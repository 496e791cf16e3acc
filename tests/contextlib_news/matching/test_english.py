"""Our English stems are those of the library's stemmer."""

from __future__ import annotations

import random

import snowballstemmer
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.english import stem_english

LIBRARY = snowballstemmer.stemmer("english")

ENDINGS = (
    "ed ing ingly edly eed eedly s es ies ied ational tional ousli ly lly ogist ogi icate ative "
    "alize iciti ical ful ness ement ment ent ion e ll y 's ' 's' ization ator alism biliti"
).split()


def same(words: list[str]) -> None:
    assert [stem_english(word) for word in words] == [LIBRARY.stemWord(word) for word in words]


def test_the_commonest_words() -> None:
    same(wordfreq.top_n_list("en", 8_000, "small"))


def test_words_cut_and_ended_otherwise() -> None:
    chance = random.Random(1)
    words = wordfreq.top_n_list("en", 8_000, "small")
    same(
        [chance.choice(words)[: chance.randrange(8)] + chance.choice(ENDINGS) for _ in range(8_000)]
    )


@given(st.lists(st.text("aeiouybdglnrstwx'éY", max_size=9)))
def test_any_letters(words: list[str]) -> None:
    same([word.lower() for word in words])
