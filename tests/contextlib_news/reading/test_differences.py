"""In what a sentence and a claim differ, on a table of pairs and on made-up text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.reading.differences import compare_values, find_differences

TABLE = Path(__file__).with_name("differences.tsv")
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def kinds(sentence: str, claim: str, **options: str) -> str:
    found = find_differences(sentence, claim, **options)
    return ",".join(sorted(difference.kind.value for difference in found)) or "-"


@pytest.mark.parametrize(("expected", "sentence", "claim"), ROWS)
def test_pairs(expected: str, sentence: str, claim: str) -> None:
    assert kinds(sentence, claim) == expected


@pytest.mark.parametrize(("expected", "sentence", "claim"), ROWS)
def test_kinds_are_the_same_from_either_side(expected: str, sentence: str, claim: str) -> None:
    assert kinds(claim, sentence) == expected


@pytest.mark.parametrize(
    ("expected", "sentence", "claim", "options"),
    [
        ("-", "The raid came on Dec. 20.", "The raid came on 20 December 2021.",
         {"page_date": "2022-02-15"}),
        ("date", "The raid came on Dec. 20.", "The raid came on 20 December 2021.",
         {"page_date": "2020-02-15"}),
        ("-", "The raid came last fall.", "The raid came in October 2021.",
         {"page_date": "2022-02-15"}),
        ("date", "The raid came last fall.", "The raid came in May 2021.",
         {"page_date": "2022-02-15"}),
        ("date", "The raid came in May 2020.", "The raid came in March.",
         {"claim_date": "2021-06-01"}),
        ("-", "Murieron tres mil personas en el valle.", "Murieron 3.000 personas en el valle.",
         {"language": "es", "claim_language": "es"}),
        ("number", "Murieron 4.000 personas en el valle.", "Murieron 3.000 personas en el valle.",
         {"language": "es", "claim_language": "es"}),
        ("number", "Der Brand tötete 12 Menschen im Dorf.", "Der Brand tötete 21 Menschen im Dorf.",
         {"language": "de", "claim_language": "de"}),
        ("number", "L'incendie a tué douze personnes.", "L'incendie a tué 21 personnes.",
         {"language": "fr", "claim_language": "fr"}),
    ],
)  # fmt: skip
def test_dates_and_languages_given(
    expected: str, sentence: str, claim: str, options: dict[str, str]
) -> None:
    assert kinds(sentence, claim, **options) == expected


def test_values_that_agree_are_told_too() -> None:
    values = compare_values(
        "The prison held 3,000 militants and 700 boys.", "The prison held about 3,000 detainees."
    )
    assert [(v.page, v.claim, v.agrees) for v in values] == [("3,000", "about 3,000", True)]


@settings(max_examples=200)
@given(
    st.text(max_size=300), st.text(max_size=300), st.sampled_from([None, "es", "de", "fr", "ar"])
)
def test_no_text_raises(sentence: str, claim: str, language: str | None) -> None:
    find_differences(sentence, claim, claim[:10], language=language, claim_language=language)


WORDS = (
    "Biden Iran Iraq attacked killed 30 300 people men in by was of May 2021 3 % km and The".split()
)


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.lists(st.sampled_from(WORDS), max_size=14))
def test_a_text_never_differs_from_itself(mine: list[str], theirs: list[str]) -> None:
    one, other = " ".join(mine), " ".join(theirs)
    assert find_differences(one, one) == ()
    find_differences(one, other)


@pytest.mark.parametrize("unit", ["Aa attacked Bb ", "1 km ", "in 2020 ", "A 1 ", "12 killed and "])
def test_hostile_text_is_compared_in_bounded_time(unit: str) -> None:
    text = unit * (2_000 // len(unit))
    assert len(find_differences(text, text[::-1])) <= 200
