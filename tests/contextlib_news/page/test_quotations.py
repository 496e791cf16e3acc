"""Quoted passages and who is said to have spoken them."""

from __future__ import annotations

import pytest

from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news.page.quotations import find_quotations


def quoted(text: str) -> list[tuple[str, str | None]]:
    return [(q.text, q.attributed_to) for q in find_quotations(read_page(Page(text=text)))]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("“The mill will close,” said Anna Berg.", [("The mill will close,", "Anna Berg")]),
        ('"The mill will close", Anna Berg said.', [("The mill will close", "Anna Berg")]),
        ("The report notes: “It closed in May.”", [("It closed in May.", "The report")]),
        ("According to Anna Berg, “it closed in May.”", [("it closed in May.", "Anna Berg")]),
        ("Er sagte: „Die Mühle wird schließen.“", [("Die Mühle wird schließen.", None)]),
        ("Il a dit «le moulin va fermer».", [("le moulin va fermer", None)]),
        ("“He said ‘it is over’ to us,” she wrote.", [("He said ‘it is over’ to us,", None)]),
        ("The “old mill” doesn't run, the miller's son ‘left’.", []),
        ("No one opened this one,” he said.", []),
    ],
)
def test_passages(text: str, passages: list[tuple[str, str | None]]) -> None:
    assert quoted(text) == passages


def test_a_passage_over_paragraphs_keeps_its_speaker() -> None:
    first, second = "Anna Berg said: “The mill will close.", "“Nobody takes it over.”"
    text = "\n\n".join((first, second, "“All is lost,” he said."))
    assert quoted(text)[:2] == [
        ("The mill will close.", "Anna Berg"),
        ("Nobody takes it over.", "Anna Berg"),
    ]
    assert quoted(text)[2][1] is None


@pytest.mark.parametrize(
    "unit", ["‘(", "“a b c ", '"(', "«", "The The “a b c d” ", "A B said “a b c”"]
)
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    assert len(quoted(unit * (500_000 // len(unit)))) <= 500
