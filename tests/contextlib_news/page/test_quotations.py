"""Quoted passages and who is said to have spoken them."""

from __future__ import annotations

import pytest

from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news.page.quotations import find_quotations


def quoted(text: str, language: str | None = None) -> list[tuple[str, str | None]]:
    page = read_page(Page(text=text, language=language))
    return [(q.text, q.attributed_to) for q in find_quotations(page)]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("de", "„Die Mühle wird bald schließen“, sagte Anna Berg.", "Anna Berg"),
        ("de", "Laut Anna Berg „wird die Mühle bald schließen“.", "Anna Berg"),
        ("fr", "« Le moulin va fermer », a déclaré Anne Roux.", "Anne Roux"),
        ("fr", "Selon Anne Roux, « le moulin va fermer ».", "Anne Roux"),
        ("es", "«El molino va a cerrar», dijo Ana Ruiz.", "Ana Ruiz"),
        ("es", "Según Ana Ruiz, «el molino va a cerrar».", "Ana Ruiz"),
    ],
)
def test_speakers_in_other_languages(language: str, text: str, speaker: str) -> None:
    assert [said_by for _, said_by in quoted(text, language)] == [speaker]


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("“The mill will close,” said Anna Berg.", [("The mill will close,", "Anna Berg")]),
        ('"The mill will close", Anna Berg said.', [("The mill will close", "Anna Berg")]),
        ("The report notes: “It closed in May.”", [("It closed in May.", "The report")]),
        ("According to Anna Berg, “it closed in May.”", [("it closed in May.", "Anna Berg")]),
        ("“It will close,” said Anna Berg. “We tried it all.”",
         [("It will close,", "Anna Berg"), ("We tried it all.", "Anna Berg")]),
        ("“It will close,” Anna Berg, the mayor, said on Monday.",
         [("It will close,", "Anna Berg")]),
        ("Anna Berg said it was late. “It will close soon,” she added.",
         [("It will close soon,", "Anna Berg")]),
        ("The Oslo Post reported it first. The report notes: “It closed in May.”",
         [("It closed in May.", "The Oslo Post")]),
        ("“It is not ready yet” for visitors, said a senior U.S. official.",
         [("It is not ready yet", "a senior U.S. official")]),
        ("“We will close it,” one miller told The Oslo Post. “We tried.” Another miller said, “We "
         "shall not go.”",
         [("We will close it,", "one miller"), ("We shall not go.", None)]),
        ("Anna Berg, who owns “The Mill And The River”, left.", []),
        ("Police in Oslo said “it will close soon”.", [("it will close soon", "Police")]),
        ("“It will close soon,” according to a senior official.",
         [("It will close soon,", "a senior official")]),
        ("“That is all wrong,” people shouted. It was “a very bad day” there.",
         [("That is all wrong,", None), ("a very bad day", None)]),
        ("Er sagte: „Die Mühle wird schließen.“", [("Die Mühle wird schließen.", None)]),
        ("Il a dit «le moulin va fermer».", [("le moulin va fermer", None)]),
        ("“He said ‘it is over’ to us,” she wrote.", [("He said ‘it is over’ to us,", None)]),
        ("The “old mill” doesn't run, the miller's son ‘left’.", []),
        ("No one opened this one,” he said.", []),
    ],
)  # fmt: skip
def test_passages(text: str, passages: list[tuple[str, str | None]]) -> None:
    assert quoted(text) == passages


def test_a_passage_over_paragraphs_keeps_its_speaker() -> None:
    first, second = "Anna Berg said: “The mill will close.", "“Nobody takes it over.”"
    text = "\n\n".join((first, second, "“All is lost,” he said."))
    assert quoted(text)[:2] == [
        ("The mill will close.", "Anna Berg"),
        ("Nobody takes it over.", "Anna Berg"),
    ]
    assert quoted(text)[2] == ("All is lost,", "Anna Berg")


@pytest.mark.parametrize(
    "unit", ["‘(", "“a b c ", '"(', "«", "The The “a b c d” ", "A B said “a b c”"]
)
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    assert len(quoted(unit * (500_000 // len(unit)))) <= 500
