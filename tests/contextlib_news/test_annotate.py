import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news import ClaimIndex, Page, annotate
from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.errors import ContextError, InvalidPageError
from contextlib_news.formats.answer import annotation_to_dict
from contextlib_news.models import Block, BlockRole, NoteKind, Stance
from tests.factories import make_claim, make_outlet

CLAIM = make_claim()
INDEX = ClaimIndex.build([CLAIM])
OUTLETS = OutletDirectory([make_outlet()])
SENTENCE = "The bridge at Elm Street opened in 1931."


def claim_notes(page: Page) -> list:
    return [n for n in annotate(page, index=INDEX).notes if n.kind is NoteKind.CLAIM]


def test_a_claim_gets_its_note_with_the_sentences_own_words() -> None:
    text = f"The town met on Monday. {SENTENCE} Nobody objected."
    (note,) = claim_notes(Page(text=text))
    assert note.target.exact == SENTENCE
    assert note.target.prefix is not None
    assert text[: text.index(SENTENCE)].endswith(note.target.prefix)
    assert note.stance is Stance.SUPPORTS
    assert note.claim is not None
    assert note.claim.id == CLAIM.id
    assert note.revision == 3
    assert [report.origin for report in note.corroborating] == ["Town archive"]


def test_a_denied_claim_is_told_apart() -> None:
    (note,) = claim_notes(Page(text="The bridge at Elm Street did not open in 1931."))
    assert note.stance is Stance.REFUTES


def test_another_number_is_a_difference() -> None:
    (note,) = claim_notes(Page(text="The bridge at Elm Street opened in 1913."))
    assert note.stance is Stance.REFUTES
    assert note.differences


def test_a_page_on_another_subject_gets_no_claim_note() -> None:
    assert not claim_notes(Page(text="The choir sang three songs. Rain is expected on Friday."))


def test_blocks_keep_the_callers_names() -> None:
    blocks = (
        Block(id="h", text="A bridge and its age", role=BlockRole.HEADING),
        Block(id="p1", text=f"{SENTENCE} It was repaired later."),
    )
    (note,) = claim_notes(Page(blocks=blocks))
    assert note.target.block == "p1"
    assert note.target.exact in blocks[1].text


def test_the_outlet_comes_first_and_only_with_an_address() -> None:
    page = Page(url="https://www.example.org/a", text=SENTENCE)
    annotation = annotate(page, index=INDEX, outlets=OUTLETS)
    assert annotation.outlet is not None
    assert annotation.outlet.name == "The Example"
    assert annotation.notes[0].kind is NoteKind.OUTLET
    assert annotate(Page(text=SENTENCE), index=INDEX, outlets=OUTLETS).outlet is None


def test_counts_add_up() -> None:
    document = annotate(Page(text=f"{SENTENCE} What do you think?"), index=INDEX).document
    assert (document.sentences, document.checkworthy, document.matched) == (2, 1, 1)


@pytest.mark.parametrize(
    "page",
    [
        Page(),
        Page(text="a", html="<p>a"),
        Page(text=5),  # type: ignore[arg-type]  # the wrong type is the point
        Page(blocks=(None,)),  # type: ignore[arg-type]  # the wrong type is the point
    ],
)
def test_a_page_that_is_none_is_refused(page: Page) -> None:
    with pytest.raises(InvalidPageError):
        annotate(page, index=INDEX)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["text", "html"]))
def test_no_text_raises_anything_but_the_error_tree(text: str, form: str) -> None:
    page = Page(url="https://example.org/", **{form: f"{SENTENCE} {text}"})
    try:
        answer = annotation_to_dict(annotate(page, index=INDEX, outlets=OUTLETS))
    except ContextError:
        return
    json.dumps(answer)
    if form == "text":
        for note in answer["notes"]:
            assert note["target"].get("exact", "") in f"{SENTENCE} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\u202e\ud800 مرحبا 你好",
        "word " * 200_000,
        "a" * 1_000_000,
        "“" * 20_000,
        "( " * 50_000,
        "1,000 " * 20_000,
        "said " * 20_000 + SENTENCE,
    ],
    ids=["empty", "controls", "words", "one word", "quotes", "brackets", "numbers", "said"],
)
def test_hostile_texts_are_answered(text: str) -> None:
    annotate(Page(text=text), index=INDEX, outlets=OUTLETS)


def test_deep_html_is_answered() -> None:
    annotate(Page(html="<div>" * 100_000 + SENTENCE), index=INDEX, outlets=OUTLETS)


def test_a_date_beside_an_address_is_read() -> None:
    """The words of an address were left out of one list and not of the other."""
    index = ClaimIndex.build([make_claim()])
    for text in ("Jan. 3 U.S. a.bhttp://[::1", "May 3 https://a.example/b -"):
        assert annotate(Page(text=text), index=index).document.sentences >= 1
