from importlib.resources import files

import pytest

from contextlib_news.matching.terms import extract_terms
from contextlib_news.reading.thesaurus import Sense, find_senses


def sense(word: str) -> Sense:
    return find_senses(word, extract_terms(word))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sacked", "laid off"),
        ("resigned", "stepped down"),
        ("fell", "dropped"),
        ("homes", "houses"),
    ],
)
def test_words_that_stand_for_each_other(one: str, other: str) -> None:
    assert sense(one).means(sense(other))
    assert sense(other).means(sense(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("rose", "fell"), ("went up", "decreased"), ("hired", "laid off"), ("upheld", "overturned")],
)
def test_opposites(one: str, other: str) -> None:
    assert sense(one).opposes(sense(other))
    assert sense(other).opposes(sense(one))


def test_nothing_is_its_own_opposite() -> None:
    text = (files("contextlib_news.data") / "opposites.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        for entry in line.replace("|", ",").split(",") if not line.startswith("#") else ():
            terms = extract_terms(entry)
            if terms:
                assert not sense(entry.strip()).opposes(sense(entry.strip())), entry
