"""Words run together are read as two where neither the word list nor a claim knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.build import build_segment
from contextlib_news.matching.compounds import split_compound
from contextlib_news.matching.explain import align_words
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.sentences import Sentences, read_sentences
from contextlib_news.models import Claim

TAX = Claim(id="tax", text="We are the highest taxed nation in the world.")
MILL = Claim(id="mill", text="The old mill of Greenford burned down in 1902.")


def terms(sentences: Sentences) -> list[str]:
    return [word.surface for word in sentences.words]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("highesttaxed", ("highest", "taxed")),
        ("middleincome", ("middle", "income")),
        ("rollback", ("roll", "back")),
        ("AfricanAmericans", ("african", "americans")),
        ("TEDCRUZ", ("ted", "cruz")),
        ("Farrow", None),  # a name
        ("children", None),  # in the list
        ("gosar", None),  # of no two words
        ("noflylist", None),  # of three
        ("weve", None),  # too short
        ("selffünding", None),
        ("a" * 100_000, None),
        ("", None),
    ],
)
def test_what_is_split(word: str, parts: tuple[str, str] | None) -> None:
    assert split_compound(word) == parts


@given(st.text(alphabet="aeinorst", max_size=40))
def test_parts_join_to_the_word(word: str) -> None:
    parts = split_compound(word)
    assert parts is None or "".join(parts) == word


def test_a_word_of_no_claim_finds_by_its_parts() -> None:
    index = ClaimIndex.build([TAX, MILL])
    sentence = "Nearly the highesttaxed nation in the world"
    matches = index.search([sentence, "Nearly the highest taxed nation in the world"], limit=1)
    assert matches[0] == matches[1]
    assert ("highest", "highest") in align_words(sentence, TAX.text)
    assert ("taxed", "taxed") in align_words(sentence, TAX.text)


def test_a_word_of_a_claim_stays_whole() -> None:
    made_up = Claim(id="name", text="Highesttaxed is the name of a band.")
    built = ClaimIndex.build([MILL])
    sentence = "The highesttaxed players"
    grown = built.with_changes(upserts=[made_up])
    assert grown.search([sentence], limit=1)[0][0].claim_id == "name"
    assert ("highesttaxed", "Highesttaxed") in align_words(sentence, made_up.text)
    segments = [build_segment([MILL]), build_segment([made_up])]
    assert terms(read_sentences([sentence], None, segments[:1])) == ["highest", "taxed", "players"]
    assert terms(read_sentences([sentence], None, segments)) == ["highesttaxed", "players"]
    assert terms(read_sentences([sentence], None)) == ["highesttaxed", "players"]


def test_other_languages_are_left_alone() -> None:
    segments = [build_segment([MILL])]
    assert terms(read_sentences(["highesttaxed"], "de", segments)) == ["highesttaxed"]


def test_parts_of_a_name_are_names() -> None:
    read = read_sentences(["They say EarthJustice sued"], None, [build_segment([MILL])])
    assert terms(read)[-3:] == ["earth", "justice", "sued"]
    assert read.names.tolist()[-3:] == [1, 1, 0]


def test_a_long_sentence_of_such_words_is_cut() -> None:
    text = " ".join(["highesttaxed"] * 900)
    read = read_sentences([text], None, [build_segment([MILL])])
    assert len(read.words) <= 1_000
