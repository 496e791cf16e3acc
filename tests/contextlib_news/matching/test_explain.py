"""An explanation holds the aligned words, what only one side says, the field and the parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.explain import Explanation, align_words, explain_match
from contextlib_news.matching.features import FEATURES
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Claim, Match

CLAIMS = [
    Claim(
        id="prison",
        text="Fighters attacked the al-Sina’a prison on 20 January 2022.",
        variants=("Jail in Hasakah stormed by gunmen", "Raid on the Ghwayran jail left 121 dead"),
        title="Did the ministry deny that the wardens slept?",
        subtitle="A look at the night shift",
        claimant="Example Agency",
    ),
    Claim(id="mill", text="The old mill burned down in 1902."),
    Claim(
        id="pont", text="Le pont de la rue des Ormes a été inauguré en 1931.", language="fr"
    ),
    Claim(id="мост", text="Мост на улице Вязов открыли в 1931 году.", language="ru"),
    Claim(id="桥", text="榆树街的大桥于1931年通车。", language="zh"),
]  # fmt: skip
INDEX = ClaimIndex.build(CLAIMS)


def explain(sentence: str, language: str | None = None) -> tuple[Match, Explanation]:
    (matches,) = INDEX.search([sentence], limit=1, text_language=language)
    (match,) = matches
    claim = INDEX.claim(match.claim_id)
    assert claim is not None
    features = INDEX.features(sentence, claim.id)
    return match, explain_match(sentence, claim, match, features)


@pytest.mark.parametrize(
    ("sentence", "field", "wording"),
    [
        ("On 20 January fighters attacked the prison.", "text", CLAIMS[0].text),
        ("Gunmen stormed a jail in Hasakah.", "variants", CLAIMS[0].variants[0]),
        ("A raid on Ghwayran jail left 121 dead.", "variants", CLAIMS[0].variants[1]),
        ("Did the ministry deny that wardens slept?", "title", CLAIMS[0].title),
        ("It took a look at the night shift.", "subtitle", CLAIMS[0].subtitle),
    ],
)
def test_the_field_and_its_words(sentence: str, field: str, wording: str) -> None:
    match, explanation = explain(sentence)
    assert (explanation.field, explanation.wording) == (field, wording)
    assert (match.field, match.wording(CLAIMS[0])) == (field, wording)
    assert explanation.shared
    assert {pair[1] for pair in explanation.shared} <= set(wording.replace("?", "").split())


def test_shared_and_unshared_words_in_reading_order() -> None:
    _, explanation = explain("In 1904 the mill did not burn; the MILL’s cellar was flooded.")
    assert explanation.shared == (("mill", "mill"), ("burn", "burned"))
    assert explanation.only_in_sentence == ("1904", "not", "cellar", "flooded")
    assert explanation.only_in_claim == ("old", "1902")


def test_spellings_of_a_name_answer_each_other() -> None:
    pairs = align_words(
        "Gunmen in Hasaka took the Ghweiran jail.", "The jail in Hasakah, Ghuweiran, fell."
    )
    assert pairs == (("Hasaka", "Hasakah"), ("Ghweiran", "Ghuweiran"), ("jail", "jail"))


@pytest.mark.parametrize(
    ("sentence", "wording", "mine", "theirs"),
    [
        ("The mill didn’t burn.", "The mill burned.", ("didn’t",), ()),
        ("The mill burned.", "The mill never burned.", (), ("never",)),
        ("No mill burned.", "The mill did not burn.", (), ()),
        ("121 mills burned.", "112 mills burned.", ("121",), ("112",)),
        ("The mill in Lima burned.", "The mill in Lome burned.", ("Lima",), ("Lome",)),
    ],
)
def test_what_differs(
    sentence: str, wording: str, mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    claim = Claim(id="a", text=wording)
    explanation = explain_match(sentence, claim, Match(claim_id="a", score=0.5))
    assert (explanation.only_in_sentence, explanation.only_in_claim) == (mine, theirs)


def test_the_parts_have_names() -> None:
    match, explanation = explain("Fighters attacked the prison.")
    assert explanation.parts["score"] == match.score
    assert set(FEATURES) | {"verbatim", "score"} == set(explanation.parts)
    assert 0 < explanation.parts["containment"] < 1
    _, explanation = explain("The old mill burned down in 1902.")
    assert explanation.parts["containment"] == pytest.approx(1, abs=1e-4)
    assert explanation.parts["verbatim"] == 1
    assert INDEX.features("The old mill burned down in 1902.", "pont") is None
    claim = CLAIMS[1]
    bare = explain_match("The mill", claim, Match(claim_id="mill", score=0.25))
    assert bare.parts == {"score": 0.25}


@pytest.mark.parametrize(
    ("language", "sentence", "shared", "mine", "theirs"),
    [
        (
            "fr",
            "En 1931, on inaugurait les ponts de la rue, pas un tunnel.",
            (("1931", "1931"), ("inaugurait", "inauguré"), ("ponts", "pont"), ("rue", "rue")),
            ("pas", "tunnel"),
            ("Ormes",),
        ),
        (
            "ru",
            "Мосты на улице Вязов не открыли.",
            (("Мосты", "Мост"), ("улице", "улице"), ("Вязов", "Вязов"), ("открыли", "открыли")),
            ("не",),
            ("1931",),
        ),
        (
            "zh",
            "1931年大桥通车",
            (("1931", "1931"), ("大桥", "大桥"), ("通车", "通车")),
            (),
            ("榆树",),
        ),
    ],
)  # fmt: skip
def test_other_languages(
    language: str,
    sentence: str,
    shared: tuple[tuple[str, str], ...],
    mine: tuple[str, ...],
    theirs: tuple[str, ...],
) -> None:
    match, explanation = explain(sentence, language)
    assert match.claim_id in ("pont", "мост", "桥")
    assert set(shared) <= set(explanation.shared)
    assert set(mine) <= set(explanation.only_in_sentence)
    assert set(theirs) <= set(explanation.only_in_claim)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from([None, "fr", "zh"]))
def test_every_word_is_given_once_and_as_written(
    sentence: str, wording: str, language: str | None
) -> None:
    claim = Claim(id="a", text=wording, language=language)
    explanation = explain_match(sentence, claim, Match(claim_id="a", score=0.5))
    assert all(one in sentence and other in wording for one, other in explanation.shared)
    assert all(word in sentence for word in explanation.only_in_sentence)
    assert all(word in wording for word in explanation.only_in_claim)
    sides = (
        (sentence, {one for one, _ in explanation.shared} | {*explanation.only_in_sentence}),
        (wording, {other for _, other in explanation.shared} | {*explanation.only_in_claim}),
    )
    for text, words in sides:
        terms = extract_terms(text, language)
        told = {term.text for term in terms if text[term.start : term.end] in words}
        assert told == {term.text for term in terms}
    same = explain_match(wording, claim, Match(claim_id="a", score=0.5))
    assert same.only_in_sentence == same.only_in_claim == ()
    assert len(same.shared) == len(extract_terms(wording, language))


@pytest.mark.parametrize("unit", ["word ", "不", "not ", "a1 b2 c3 ", "\ud800"])
def test_a_megabyte_is_bounded(unit: str) -> None:
    explanation = explain_match(
        unit * (1_000_000 // len(unit)), CLAIMS[1], Match(claim_id="mill", score=0.5)
    )
    assert len(explanation.only_in_sentence) <= 1_200
