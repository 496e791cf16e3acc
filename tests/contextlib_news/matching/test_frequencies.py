"""Frequencies of words in little memory, and memory of words within bounds."""

from __future__ import annotations

from collections import defaultdict

import pytest
import wordfreq

from contextlib_news.matching import lexicon, terms
from contextlib_news.matching.frequencies import english_zipf, word_frequencies
from contextlib_news.matching.normalize import fold


@pytest.mark.parametrize("tag", ["he", "es", "ur"])
def test_a_table_says_what_the_list_does(tag: str) -> None:
    expected: dict[str, float] = defaultdict(float)
    for word, probability in wordfreq.get_frequency_dict(tag, "small").items():
        expected[fold(word)] += probability
    table = word_frequencies(tag)
    assert {word: table.get(word, -1.0) for word in expected} == expected
    for word in list(expected)[:2_000]:
        if word + "q" not in expected:
            assert table.get(word + "q", 0.25) == 0.25
    assert table.get("\ud800", 0.5) == 0.5


def test_words_of_all_languages_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MAX_ENTRIES", 300)
    monkeypatch.setattr(lexicon, "MAX_LEXICONS", 4)
    monkeypatch.setattr(lexicon, "_LEXICONS", {})
    monkeypatch.setattr(lexicon.Lexicon, "held", 0)
    first = [term.text for term in terms.extract_terms("The bridge at Elm Street opened.", "en")]
    for number in range(30):
        tag = f"x{'abcdefghij'[number % 10]}"
        words = " ".join(f"wort{letter}{number}" for letter in "abcdefghijklmnopqrstuvwxyz" * 4)
        terms.extract_terms(words, tag)
        held = list(lexicon._LEXICONS.values())
        assert sum(map(len, held)) <= 300
        assert len(held) <= 4
    assert "en" in lexicon._LEXICONS
    again = terms.extract_terms("The bridge at Elm Street opened.", "en")
    assert [term.text for term in again] == first


def test_english_frequencies_are_those_of_the_library() -> None:
    listed = list(wordfreq.get_frequency_dict("en", "small"))
    for word in [*listed[::7], *(word + "q" for word in listed[:500]), "don't", "2019", "Zoë", ""]:
        assert english_zipf(word) == wordfreq.zipf_frequency(word, "en", wordlist="small")
