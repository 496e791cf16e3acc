"""Folding, terms and explanations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.explain import align_words, explain_match
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Claim, Match


def folded(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Syria’s al-Sina’a", ["syria", "al", "sinaa"]),
        ("Zoë ÉCOLE ﬁne", ["zoe", "ecole", "fine"]),
        ("3,000 3000 1.5 2022", ["3000", "3000", "1.5", "2022"]),
        ("U.S. forces", ["us", "forces"]),
        ("你好世界", ["你好", "好世", "世界"]),
        ("", []),
    ],
)
def test_folding(text: str, words: list[str]) -> None:
    assert folded(text) == words


@given(st.text())
def test_tokens_know_where_they_stand(text: str) -> None:
    for token in tokenize(text):
        assert 0 <= token.start < token.end <= len(text)


@given(st.text())
def test_terms_never_raise(text: str) -> None:
    extract_terms(text, "en")


def test_names_of_one_thing_are_one_term() -> None:
    one = {term.text for term in extract_terms("ISIS attacked the Ghwayran prison")}
    other = {term.text for term in extract_terms("Islamic State attacked the al-Sina'a prison")}
    assert one == other


def test_us_the_country_and_us_the_pronoun() -> None:
    assert extract_terms("The US told us")[0].text == "@united_states"
    assert "@united_states" not in [t.text for t in extract_terms("they told us")]


def test_words_are_aligned_in_their_own_form() -> None:
    pairs = align_words("Fighters stormed Ghwayran's prisons", "A fighter held al-Sina’a prison")
    assert pairs == (
        ("Fighters", "fighter"), ("Ghwayran's", "al-Sina’a"), ("prisons", "prison"),
    )  # fmt: skip


def test_an_explanation_tells_what_is_missing() -> None:
    claim = Claim(id="a", text="The bridge opened in 1931.")
    match = Match(claim_id="a", score=0.9)
    explanation = explain_match("The bridge was painted", claim, match)
    assert explanation.shared == (("bridge", "bridge"),)
    assert set(explanation.only_in_claim) == {"opened", "1931"}
    assert explanation.parts["score"] == 0.9
