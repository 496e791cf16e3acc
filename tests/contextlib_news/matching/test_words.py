"""Folding, terms and explanations."""

import pytest
import wordfreq
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.explain import align_words, explain_match
from contextlib_news.matching.lexicon import Lexicon
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.segment import term_key
from contextlib_news.matching.terms import extract_terms, read_words
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


PIECES = (
    "United States US us the U.S. Islamic State of al-Sina’a Ghwayran prison, “Jan. 3,000 "
    "iPhone手机 榆树街 the of School-House Zoë’s Republic 2019 @ Über White House said NATO's ส่ง"
).split()


@pytest.mark.parametrize("language", [None, "fr", "tr", "zh"])
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=60))
def test_words_without_places_are_the_same(language: str | None, text: str) -> None:
    words, opens = read_words(text, language)
    terms = extract_terms(text, language)
    assert [(w.term, w.surface, w.number) for w in words] == [(t[0], t[3], t[4]) for t in terms]
    assert [w.capital for w in words] == [not t.number and text[t.start].isupper() for t in terms]
    assert opens == bool(terms and terms[0].start == 0)
    assert all(w.key == term_key(w.term) for w in words)


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


@given(st.lists(st.text("aeiousybdglnrstwxEJ", min_size=1, max_size=12)))
def test_plain_english_words_are_read_as_by_the_general_way(words: list[str]) -> None:
    english = Lexicon("en")
    known = "Jan JAN sept said US us United Islamic highesttaxed HIGHESTTAXED Middleincome".split()
    common = [word.title() for word in wordfreq.top_n_list("en", 300, "small") if word.isalpha()]
    for word in [*words, *known, *common, "a" * 300]:
        if word.isascii():
            assert english._read(word) == english._read_any(word)
