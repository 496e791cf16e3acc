"""Quoted passages against excerpts held."""

import pytest

from contextlib_news.models import Quotation, QuotationStatus, QuotedPassage
from contextlib_news.reading.quotation_check import check_quotation

HELD = Quotation(text="The bridge was very old, and nobody had looked at it.", source="The Times")


@pytest.mark.parametrize(
    ("said", "status", "changes"),
    [
        ("The bridge was very old, and nobody had looked at it.", "verbatim", ()),
        ("the bridge was very old ... nobody had looked at it", "verbatim", ()),
        ("The bridge was very old, and nobody had looked at it. It fell.", "verbatim", ()),
        (
            "The bridge was quite old, and nobody had looked at it.",
            "altered",
            (("quite", "very"),),
        ),
        ("Rain is expected on Friday in the whole country.", "not-checked", ()),
        ("", "not-checked", ()),
    ],
)
def test_quotation_check(said: str, status: str, changes: tuple) -> None:
    passage = QuotedPassage(text=said, start=0, end=len(said))
    detail = check_quotation(passage, [HELD])
    assert detail.status is QuotationStatus(status)
    assert detail.changes == changes


@pytest.mark.parametrize(
    ("said", "held", "changes"),
    [
        ("The programme was organised by nine neighbours.",
         "The program was organized by 9 neighbors.", ()),
        ("Prices rose 5 per cent in the centre of town.",
         "Prices rose 5% in the center of town.", ()),
        ("the waiting proved to be worthwhile", "In fact, the waiting proved to be worthwhile", ()),
        ("The waiting proved to be worthwhile", "In fact, the waiting proved to be worthwhile",
         (("", "In fact"),)),
        ("The U.S. will not leave [the region] soon", "The US will not leave the region soon",
         ()),
        ("We will not leave the region soon.", "We will leave the region soon.", (("not", ""),)),
        ("We saw 300 men at the gate", "We saw 30 men at the gate", (("300", "30"),)),
    ],
)  # fmt: skip
def test_what_counts_as_a_change(said: str, held: str, changes: tuple) -> None:
    passage = QuotedPassage(text=said, start=0, end=len(said))
    detail = check_quotation(passage, [Quotation(text=held, source="X")])
    assert detail.changes == changes


def test_the_nearest_of_several_versions_counts() -> None:
    versions = [
        Quotation(text="The mighty flow of the river had no way through.", source="Paper"),
        Quotation(text="The flow of the river had no way through.", source="Wire"),
    ]
    said = "The flow of the river had no way through."
    for held in (versions, versions[::-1]):
        detail = check_quotation(QuotedPassage(text=said, start=0, end=len(said)), held)
        assert (detail.status, detail.source) == (QuotationStatus.VERBATIM, "Wire")


def test_only_a_source_held_whole_shows_that_words_are_missing() -> None:
    speech = " ".join(f"We promised to mend road number {n} in town." for n in range(40))
    said = "I shall never pay any of these taxes again"
    for text, speaker, status in (
        (speech, "Mayor Anna Berg", "not-found"),
        (speech, "Paul Lind", "not-checked"),
        (speech, None, "not-checked"),
        (speech[:300], "Mayor Anna Berg", "not-checked"),
    ):
        passage = QuotedPassage(text=said, start=0, end=len(said), attributed_to=speaker)
        held = Quotation(text=text, source="Anna Berg, speech of 3 May 2021")
        assert check_quotation(passage, [held]).status is QuotationStatus(status)
