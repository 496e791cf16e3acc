"""Sentence spans: exact, ordered, bounded, and right on news text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.page.sentences import MAX_SENTENCE_CHARACTERS, split_sentences

ANY_TEXT = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\ud800\udfff\x00\u00a0\u2028“”‘’\"'[].?!…。؟ AaZz19")
    )
)


def split(text: str, language: str | None = None) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@given(ANY_TEXT, st.sampled_from([None, "en", "de", "ar", "zh-Hans", "xx-yy", "", "1"]))
def test_spans_are_ordered_trimmed_and_lose_no_word(text: str, language: str | None) -> None:
    spans = split_sentences(text, language)
    position = 0
    for start, end in spans:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end].strip() == text[start:end]
        assert end - start <= MAX_SENTENCE_CHARACTERS
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "sentences",
    [
        ["The raid came on Feb. 3.", "Nobody was hurt."],
        ["Planning began late Sept.", "The order followed on Dec. 20."],
        ["Gen. Stephen J. Townsend said so.", "The then-Lt. Gen. Townsend agreed."],
        ["The U.S. military struck.", "He left the U.S.", "The dam held."],
        ["J. K. Rowling wrote it."],
        ["“It is so.", "We know it.”", "He left."],
        ["“Did he go?” she asked.", "“Yes!” he said."],
        ["Mr.\u00a0Smith came.", "He said [1] that.", "It fell.[2]", "It rose. [3]"],
        ["It was “worth it […] in the end.”", "They left."],
        ["The bus left at 5 p.m. Monday.", "It was late."],
        ["They met at 5 p.m.", "The rest stayed."],
        ["It cost $3.5 million.", "No. 5 won."],
    ],
)
def test_english_news(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("language", "sentences", "joiner"),
    [
        ("zh", ["今日は雨です。", "明日は晴れ。", "本当ですか？"], ""),
        ("ar", ["قال الرئيس ذلك.", "هل هذا صحيح؟", "نعم."], " "),
        ("de", ["Das war am 3. Oktober.", "Danach kam Dr. Müller."], " "),
    ],
)
def test_other_languages(language: str, sentences: list[str], joiner: str) -> None:
    assert split(joiner.join(sentences), language) == sentences


@pytest.mark.parametrize("unit", ["word ", "x", "Mr. ", "[1]", '"', "A.B.", " "])
def test_a_megabyte_is_split_in_bounded_pieces(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    spans = split_sentences(text)
    assert all(end - start <= MAX_SENTENCE_CHARACTERS for start, end in spans)
    assert bool(spans) == bool(text.strip())
