"""A sentence that contains a claim's text or variant word for word is always about it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.formats.claims import load_claims
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

STARTER = load_claims()
INDEX = ClaimIndex.build(STARTER)
LEAST = 0.99

VARIED = Claim(
    id="varied",
    text="The harbour master's boat — a 1931 steamer — sank off Port Elm.",
    variants=(
        "\"A steamer sank,\" said Anna O'Neill of Port Elm's coast guard",
        "Port Elm's steamer went down with 1,200 crates of tea",
        "The steamer, built in 1931, was lost with all hands on 3 May 1952",
        "No steamer of the harbour master at Port Elm ever sank",
    ),
)
WITH_VARIED = INDEX.with_changes(upserts=[VARIED])


def curly(text: str) -> str:
    return text.replace('"', "”").replace("'", "’").replace("“", "«")


def straight(text: str) -> str:
    return text.replace("’", "'").replace("“", '"').replace("”", '"')


def dashes(text: str) -> str:
    return text.replace("—", "-").replace("-", "\u2011").replace(" - ", " – ")


def spaced(text: str) -> str:
    return text.replace(" ", "\u00a0 \n")


def soft(text: str) -> str:
    return text.replace("ea", "e\u00ada").replace("ou", "o\u200bu")


def score(index: ClaimIndex, sentence: str, claim_id: str) -> float:
    (found,) = index.search([sentence])
    return max((match.score for match in found if match.claim_id == claim_id), default=0.0)


@pytest.mark.parametrize(
    "change", [str, str.upper, str.lower, str.title, curly, straight, dashes, spaced, soft]
)
@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "“{}”",
        "They say: {} And the weather in the north turned cold on Tuesday evening.",
        "BREAKING — {} (Reuters)",
        "It is not true that {}, the ministry of transport wrote in a letter.",
    ],
)
def test_a_wording_inside_a_sentence(wrapped: str, change: Callable[[str], str]) -> None:
    for claim in (*STARTER, VARIED):
        for wording in (claim.text, *claim.variants):
            sentence = wrapped.format(change(wording))
            assert score(WITH_VARIED, sentence, claim.id) >= LEAST, sentence


def test_the_variant_is_named() -> None:
    for place, variant in enumerate(VARIED.variants):
        (found,) = WITH_VARIED.search([f"He wrote: {variant}, and left."], limit=1)
        assert (found[0].field, found[0].variant) == ("variants", place)
        assert found[0].wording(VARIED) == variant


@settings(max_examples=60)
@given(st.integers(0, 41), st.lists(st.sampled_from(range(42)), max_size=3), st.booleans())
def test_among_other_claims(number: int, others: list[int], first: bool) -> None:
    parts = [STARTER[number].text, *(STARTER[other].text for other in others)]
    sentence = "; ".join(parts if first else parts[::-1])
    assert score(INDEX, sentence, STARTER[number].id) >= LEAST


@settings(max_examples=60)
@given(st.text(max_size=40), st.text(max_size=40))
def test_between_any_characters(before: str, after: str) -> None:
    sentence = f"{before} {VARIED.variants[1]} {after}"
    assert score(WITH_VARIED, sentence, "varied") >= LEAST


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("de", "Die Häuser an der Elmstraße wurden 1931 gebaut.",
         "„DIE HÄUSER AN DER ELMSTRASSE WURDEN 1931 GEBAUT“, schrieb die Zeitung gestern."),
        ("fr", "Les ponts de l’île ont été inaugurés en 1931.",
         "Selon l'AFP, « les ponts de l'ile ont été inaugurés en 1931 », mardi."),
        ("ru", "Мост на улице Вязов открыли в 1931 году.",
         "Газета пишет: мост на улице Вязов открыли в 1931 году, и его любят."),
        ("ar", "افتتح جسر شارع الدردار في المدينة عام 1931.",
         "وقالت الصحيفة: افتتح جِسر شارع الدردار في المدينة عام ١٩٣١ بالفعل"),
        ("zh", "榆树街的大桥于1931年通车。", "报道说，榆樹街的大橋於1931年通車，大家都很高兴。"),
        ("ja", "榆通りの橋は1931年に開通した。", "「榆通りの橋は１９３１年に開通した」という。"),
        ("hi", "एल्म सड़क का पुल 1931 में खुला था।", "अख़बार: एल्म सड़क का पुल १९३१ में खुला था, लोग खुश थे"),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, sentence: str) -> None:
    index = INDEX.with_changes(upserts=[Claim(id="it", text=text, language=language)])
    for one in (index, index.merged()):
        (found,) = one.search([sentence], text_language=language)
        assert found[0].claim_id == "it"
        assert found[0].score >= LEAST


def test_in_a_large_index() -> None:
    chance = random.Random(2)
    words = "bridge mill tunnel dam school court storm ship treaty farm budget fire".split()
    crowd = [
        Claim(
            id=f"x{number}",
            text=f"The {' and the '.join(chance.sample(words, 3))} cost {number} dollars in 1931.",
        )
        for number in range(3_000)
    ]
    index = ClaimIndex.build([*crowd, *STARTER])
    for claim in (*crowd[::100], *STARTER):
        wrapped = f"The minister said on Monday that {claim.text[:-1]}, and the press agreed."
        assert score(index, wrapped, claim.id) >= LEAST


LONG = (
    "The harbour bridge of Port Elm opened on Monday, and its two towers, its steel deck and its "
    "northern ramp were paid for by the ferry company, said the mayor, before the ferry sank."
)


def test_thirty_claims_that_share_more_of_a_long_sentence() -> None:
    words = (
        "harbour bridge opened Monday towers steel deck northern ramp paid company mayor".split()
    )
    chance = random.Random(4)
    crowd = [
        Claim(id=f"c{number:03}", text=f"Port Elm {' '.join(chance.sample(words, 10))} {number}.")
        for number in range(300)
    ]
    sank = Claim(id="sank", text="The ferry sank.")
    paid = Claim(id="paid", text="It was paid for by the ferry company.")
    index = ClaimIndex.build([*crowd, sank, paid])
    for one in (index, ClaimIndex.build(crowd).with_changes(upserts=[sank, paid])):
        for changed in (one, one.merged()):
            assert score(changed, LONG, "sank") >= LEAST
            assert score(changed, LONG, "paid") < LEAST
            paying = LONG.replace("were paid", "— it was paid")
            assert score(changed, paying, "paid") >= LEAST


def test_a_wording_beyond_the_sixteenth(tmp_path: Path) -> None:
    variants = tuple(f"The {word} of Port Elm burned down in {1900 + n}." for n, word in enumerate(
        "mill dam church school ferry bank court farm museum airport harbour village tunnel ship "
        "hospital prison library market station theatre tower garden stadium factory".split()
    ))  # fmt: skip
    claim = Claim(id="many", text="Much of Port Elm burned.", variants=variants)
    index = ClaimIndex.build([claim, *STARTER])
    index.save(tmp_path / "claims.idx")
    for one in (
        index,
        INDEX.with_changes(upserts=[claim]),
        ClaimIndex.open(tmp_path / "claims.idx"),
    ):
        for place, variant in enumerate(variants):
            (found,) = one.search([f"In the book he says: {variant} And then he left."], limit=1)
            assert (found[0].claim_id, found[0].variant) == ("many", place)
            assert found[0].score >= LEAST


def test_the_wording_that_stands_there_is_the_one_named() -> None:
    claim = Claim(
        id="a",
        text="The ferry company paid for the bridge.",
        title="Who paid: did the ferry company of Port Elm pay for the towers, deck and ramp?",
        variants=("Port Elm: towers, deck, ramp, all by the ferry company, the mayor said Monday",),
    )
    index = INDEX.with_changes(upserts=[claim])
    sentence = (
        "Towers, deck and ramp in Port Elm, the mayor said Monday: the ferry company paid for the "
        "bridge."
    )
    (found,) = index.search([sentence], limit=1)
    assert (found[0].claim_id, found[0].field) == ("a", "text")
    assert found[0].score >= LEAST


def test_doubles_that_are_deleted_or_left_out_take_no_place() -> None:
    doubles = [Claim(id=f"d{number:04}", text="The ferry sank.") for number in range(1_500)]
    last = Claim(id="z", text="The ferry sank.", topics=("sea",))
    index = ClaimIndex.build([*doubles, last, *STARTER])
    assert score(index, LONG, "d0000") >= LEAST
    (found,) = index.search([LONG], topics=["sea"])
    assert [match.claim_id for match in found if match.score >= LEAST] == ["z"]
    index = index.with_changes(deletes=[claim.id for claim in doubles])
    assert score(index, LONG, "z") >= LEAST


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_stretch_of_a_sentence_is_found(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from("elm oak mill dam ferry bank".split()), min_size=5))
    begin = data.draw(st.integers(0, len(words) - 3))
    end = data.draw(st.integers(begin + 3, len(words)))
    crowd = [
        Claim(id=f"x{n}", text=" ".join(words[:n] + words[n + 1 :])) for n in range(len(words))
    ]
    index = ClaimIndex.build([*crowd, Claim(id="it", text=" ".join(words[begin:end]))])
    (found,) = index.search([f"They wrote: {' '.join(words)}, and left"], limit=50)
    assert {match.claim_id: match.score for match in found}["it"] >= LEAST


def test_one_word_is_a_whole_sentence_only_with_all_its_words() -> None:
    about = "Four students missed an exam over a flat."
    headline = Claim(id="headline", text=about, title="Which tire?")
    variant = Claim(id="variant", text=about, variants=("Which tire?",))
    index = INDEX.with_changes(upserts=[headline, variant])
    for sentence in ("We’re tired.", "The tires"):
        assert max(score(index, sentence, claim) for claim in ("headline", "variant")) < LEAST
    assert score(index, "“Which tire?”", "variant") >= LEAST
    assert score(index, "“Which tire?”", "headline") < LEAST
