"""Why a claim matched, for a terminal: every row fits, nothing steers it, JSON has all parts."""

from __future__ import annotations

import json

import pytest

from contextlib_news import ClaimIndex
from contextlib_news.formats.explanation import explanation_to_dict, explanation_to_text
from contextlib_news.matching.explain import Explanation, explain_match
from contextlib_news.models import Difference, DifferenceKind
from contextlib_news.reading.stance import read_sentence
from tests.factories import make_claim

SENTENCE = "Officials said the bridge at Elm Street was opened in 1932."


@pytest.fixture(scope="module")
def found() -> tuple[Explanation, tuple[Difference, ...]]:
    claim = make_claim()
    index = ClaimIndex.build([claim])
    ((match,),) = index.search([SENTENCE])
    explanation = explain_match(SENTENCE, claim, match, index.features(SENTENCE, claim.id))
    return explanation, read_sentence(SENTENCE, claim).differences


def test_words_differences_and_field_are_told(
    found: tuple[Explanation, tuple[Difference, ...]],
) -> None:
    lines = explanation_to_text(*found).splitlines()
    rows = {line[7:25].strip(): line[25:] for line in lines}
    assert rows["matched in"] == "text: The bridge at Elm Street opened in 1931."
    assert rows["shared words"] == "bridge, Elm, Street, opened"
    assert "1932" in rows["only the sentence"]
    assert rows["only the claim"] == "1931"
    assert rows["differs in"].endswith("1932 / 1931")


@pytest.mark.parametrize("width", [1, 60, 88, 200])
def test_every_row_fits_and_two_parts_stand_side_by_side_where_there_is_room(
    found: tuple[Explanation, tuple[Difference, ...]], width: int
) -> None:
    lines = explanation_to_text(*found, width=width).splitlines()
    assert max(map(len, lines)) <= max(width, 45)
    shown = sum(1 for name, value in found[0].parts.items() if name != "score" and round(value, 3))
    heading = next(n for n, line in enumerate(lines) if "parts of the score" in line)
    rows = len(lines) - heading - 1
    assert rows == (shown if width < 86 else (shown + 1) // 2)


def test_the_dictionary_has_every_part(found: tuple[Explanation, tuple[Difference, ...]]) -> None:
    answer = explanation_to_dict(*found)
    assert json.loads(json.dumps(answer)) == answer
    assert answer["parts"] == dict(found[0].parts)
    assert answer["only_in_claim"] == ["1931"]
    assert ["opened", "opened"] in answer["shared"]


def test_nothing_of_page_or_claim_steers_the_terminal() -> None:
    evil = "\x1b[31mred\x07\u202e"
    explanation = Explanation(
        field="text", wording=evil, shared=((evil, evil),), only_in_sentence=(evil,),
        only_in_claim=(evil,), parts={},
    )  # fmt: skip
    difference = Difference(kind=DifferenceKind.NAME, page=evil, claim=evil)
    text = explanation_to_text(explanation, [difference])
    assert all(character.isprintable() for character in text.replace("\n", ""))


def test_a_match_without_parts_or_shared_words_is_told_too() -> None:
    bare = Explanation(
        field="title", wording="Bleach", shared=(), only_in_sentence=(), only_in_claim=("Bleach",),
        parts={"score": 0.4},
    )  # fmt: skip
    text = explanation_to_text(bare)
    assert "shared words      none" in text
    assert "parts" not in text
