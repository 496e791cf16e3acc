"""Sentences that share a subject with a claim and tell of another day or place."""

import pytest

from contextlib_news import Claim, ClaimIndex, Page, annotate, read_sentence
from contextlib_news.reading.stance import MATCHED_COVERED

SIEGE = Claim(
    id="siege",
    text="Gunmen of the Red Falcons were killed in a police raid on a farm near Mosul in May 2017.",
)
BRIDGE = Claim(id="bridge", text="The old harbour bridge collapsed in August 2018.")


def stance(sentence: str, claim: Claim, page_date: str | None = None) -> str | None:
    reading = read_sentence(
        sentence, claim, page_date=page_date, least_covered=MATCHED_COVERED, language="en"
    )
    return None if reading.stance is None else reading.stance.value


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Gunmen of the Red Falcons were killed in a raid.", "supports"),
        ("Gunmen of the Red Falcons were killed in a raid in May 2017.", "supports"),
        ("Gunmen of the Red Falcons were killed in a raid in 2011.", "refutes"),
        ("The Red Falcons lost gunmen in a raid of 2011.", None),
        ("Gunmen of the Red Falcons were killed in a raid near Mosul.", "supports"),
        ("Gunmen of the Red Falcons were killed in a raid in northern Iraq.", "supports"),
        ("Gunmen of the Red Falcons were killed in a raid near Aleppo.", "refutes"),
        ("Gunmen of the Red Falcons were killed in a raid in Turkey.", None),
    ],
)
def test_another_day_or_place_is_another_event(sentence: str, expected: str | None) -> None:
    assert stance(sentence, SIEGE) == expected


def test_the_year_of_a_law_dates_no_event() -> None:
    assert stance("Gunmen of the Red Falcons were killed in a raid under the Act of 1980.", SIEGE)


def test_who_says_most_of_it_with_another_date_contradicts_it() -> None:
    assert stance("The old harbour bridge collapsed in June 2012.", BRIDGE) == "refutes"


@pytest.mark.parametrize(
    ("page_date", "expected"),
    [
        (None, "supports"),
        ("2018", "supports"),
        ("2018-07-30", "supports"),
        ("2018-07-20", None),
        ("2016", None),
        ("2021-03-01", "supports"),
    ],
)
def test_no_page_reports_what_is_still_to_come(page_date: str | None, expected: str | None) -> None:
    assert stance("The old harbour bridge has collapsed.", BRIDGE, page_date) == expected


def test_what_is_to_come_may_be_told_before() -> None:
    claim = Claim(id="games", text="The city will host the winter games in February 2034.")
    assert stance("The city is to host the winter games.", claim, "2026-01-01") == "supports"


def test_a_wording_word_for_word_always_gets_its_note() -> None:
    assert stance(BRIDGE.text, BRIDGE, "2016-01-01") == "supports"


def test_the_date_of_a_page_decides_what_its_sentences_may_tell() -> None:
    index = ClaimIndex.build([BRIDGE])
    body = "<article><p>The old harbour bridge collapsed.</p></article>"
    head = '<head><meta property="article:published_time" content="{}"></head>'

    def noted(day: str) -> list[str]:
        page = Page(url="https://paper.example/a", html=f"<html>{head.format(day)}{body}</html>")
        notes = annotate(page, index=index, today="2026-01-01").notes
        return [note.claim.id for note in notes if note.claim is not None]

    assert noted("2018-08-15") == ["bridge"]
    assert noted("2009-08-15") == []


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        # Who says it and what it is about, and nothing of what is told.
        (
            "A senior harbour official said the pilot was fully in charge of the Aurora.",
            "A senior harbour official answered questions about the Aurora.",
        ),
        (
            "Danish fishermen stayed in Greenland only to help Danish scientists.",
            "There are now some forty Danish fishermen in Greenland.",
        ),
        (
            "Rangers watching the Bluestone glacier had no warning of the flood.",
            "The flood hit the village when rangers watched the Bluestone glacier.",
        ),
    ],
)
def test_the_subject_alone_is_no_statement(claim: str, sentence: str) -> None:
    assert stance(sentence, Claim(id="c", text=claim)) is None
