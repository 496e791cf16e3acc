"""What a search finds among many claims: filters, deltas, both ways of adding up, hostile text."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contextlib_news.errors import InvalidClaimError
from contextlib_news.matching import pairs_compiled, pairs_vectorised, retrieval
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.pairs import known_terms
from contextlib_news.matching.retrieval import Scanner
from contextlib_news.matching.scan import Lists
from contextlib_news.matching.sentences import read_sentences, weigh_sentences
from contextlib_news.models import Claim, Review

WORDS = (
    "bridge mill river tunnel harbour minister vaccine election prison village dam fire school "
    "train hospital border storm ship court bank farm museum airport budget strike treaty"
).split()
VERBS = "opened closed burned visited sold flooded repaired attacked denied signed".split()
NAMES = "Elm Oak Lima Raqqa Sina Tanf Berlin Osaka Lagos Quito Perth Turin".split()


def made_up(number: int) -> Claim:
    chance = random.Random(number)
    first, second = chance.sample(WORDS, 2)
    name, year = chance.choice(NAMES), chance.randrange(1900, 2024)
    text = f"The {first} of {name} {number % 40} {chance.choice(VERBS)} the {second} in {year}."
    title = f"Did the {first} of {name}?" if number % 3 == 0 else None
    return Claim(id=f"c{number:05}", text=text, title=title)


CLAIMS = [made_up(number) for number in range(1_500)]
INDEX = ClaimIndex.build(CLAIMS)
SENTENCES = [
    *(f"They say that {claim.text[:-1].lower()}, a report found." for claim in CLAIMS[::75]),
    *(made_up(number).text for number in range(9_000, 9_020)),
    "#ElmBridge2019 opened, says @LimaPrison",
    "",
    "the of in",
    "Bridge bridge bridge BRIDGE bridge",
]


def top(index: ClaimIndex, sentence: str, **filters: object) -> str | None:
    (found,) = index.search([sentence], limit=1, **filters)  # type: ignore[arg-type]  # filters
    return found[0].claim_id if found else None


@pytest.mark.parametrize(
    ("fields", "filters"),
    [
        ({"language": "es"}, {"language": "es"}),
        ({"topics": ("dams",)}, {"topics": ["dams"]}),
        ({"reviews": (Review(publisher="Check", rating="True"),)}, {"publisher": "Check"}),
        ({"valid_from": "2023", "valid_until": "2023-05"}, {"as_of": "2023-05-31"}),
    ],
)
def test_filters_work_inside_retrieval(
    fields: dict[str, object], filters: dict[str, object]
) -> None:
    crowd = [
        Claim(
            id=f"x{number}",
            text="The dam at Tabqa was bombed in March 2017.",
            language="en",
            valid_until="2020",
        )
        for number in range(2_000)
    ]
    wanted = Claim(id="wanted", text="The dam was shelled.", valid_from="2021")
    index = ClaimIndex.build([*crowd, replace(wanted, **fields)])  # type: ignore[arg-type]  # fields
    sentence = "The dam at Tabqa was bombed in March 2017."
    assert top(index, sentence) != "wanted"
    assert top(index, sentence, **filters) == "wanted"


def test_a_delta_finds_what_a_rebuild_finds() -> None:
    chance = random.Random(5)
    held = {claim.id: claim for claim in CLAIMS}
    index = INDEX
    for step in range(6):
        upserts = [made_up(5_000 + 20 * step + n) for n in range(8)]
        upserts += [
            replace(held[i], text=held[i].text.replace("The", "Our"))
            for i in chance.sample(sorted(held), 8)
        ]
        deletes = chance.sample(sorted(set(held) - {c.id for c in upserts}), 8)
        index = index.with_changes(upserts=upserts, deletes=deletes)
        held |= {claim.id: claim for claim in upserts}
        for gone in deletes:
            del held[gone]
    anew = ClaimIndex.build(held.values())
    assert list(index) == list(anew) == [held[i] for i in sorted(held)]
    assert all(index.claim(i) == held[i] for i in chance.sample(sorted(held), 50))
    sentences = [held[i].text for i in chance.sample(sorted(held), 60)]
    for one, other in zip(index.search(sentences), anew.search(sentences), strict=True):
        assert one[0].claim_id == other[0].claim_id
        assert one[0].score == pytest.approx(other[0].score, abs=0.05)
    merged = index.merged()
    assert merged.search(sentences) == anew.search(sentences)


def test_equal_scores_stand_in_the_order_of_ids() -> None:
    doubles = [Claim(id=f"d{n:02}", text="The dam at Tabqa was bombed.") for n in range(40)]
    index = ClaimIndex.build([*CLAIMS[:300], *doubles[::3]])
    index = index.with_changes(upserts=doubles[1::3], deletes=["d03"])
    index = index.with_changes(upserts=doubles[2::3])
    for sentence in ("At Tabqa a dam was bombed.", "The dam at Tabqa was bombed."):
        for limit in (5, 30):
            (found,) = index.search([sentence], limit=limit)
            (anew,) = index.merged().search([sentence], limit=limit)
            expected = [claim.id for claim in doubles if claim.id != "d03"][:limit]
            assert [match.claim_id for match in found] == expected
            assert [match.claim_id for match in anew] == expected


def test_a_deleted_claim_takes_no_place() -> None:
    doubles = [
        Claim(id=f"d{n}", text="The dam at Tabqa was bombed in March 2017.") for n in range(60)
    ]
    other = Claim(id="other", text="The dam at Tabqa was repaired.")
    index = ClaimIndex.build([*doubles, other]).with_changes(deletes=[c.id for c in doubles])
    assert top(index, doubles[0].text) == "other"


def test_both_ways_of_adding_up_agree() -> None:
    for index in (INDEX, INDEX.with_changes(deletes=["c00001"], upserts=[made_up(7_001)])):
        for segment in index._segments:
            page = weigh_sentences(read_sentences(SENTENCES, None), segment)
            rows = Scanner().page_candidates(segment, page, 12)
            known = known_terms(page, len(segment.term_keys) + 1)
            asked = (segment, page, known, rows[:, 0], rows[:, 1])
            compiled, shares = pairs_compiled.add_up(*asked)
            vectorised, other = pairs_vectorised.add_up(*asked)
            assert len(rows) > 10
            assert np.array_equal(compiled, vectorised)
            assert np.array_equal(shares, other)


def test_the_number_of_other_sentences_changes_nothing() -> None:
    together = INDEX.search(SENTENCES)
    assert together == [INDEX.search([sentence])[0] for sentence in SENTENCES]


def test_figures_and_names_decide_between_like_claims() -> None:
    index = ClaimIndex.build(
        [
            Claim(id="121", text="The attack on the prison at Sina left 121 people dead."),
            Claim(id="112", text="The attack on the prison at Sina left 112 people dead."),
            Claim(id="raqqa", text="The attack on the prison at Raqqa left 121 people dead."),
            *CLAIMS[:200],
        ]
    )
    assert top(index, "At Sina prison 121 people were left dead by the attack.") == "121"
    assert top(index, "At Sina prison 112 people were left dead by the attack.") == "112"
    assert top(index, "At Raqqa prison 121 people were left dead by the attack.") == "raqqa"


def test_two_shared_words_are_no_match_in_a_small_index() -> None:
    index = ClaimIndex.build([Claim(id="a", text="President Biden authorized the raid in 2021.")])
    (found,) = index.search(["Vice President Biden, what would you do?"])
    assert all(match.score < index.threshold for match in found)


@pytest.mark.parametrize(
    "claim",
    [
        Claim(id="\ud800 odd \x00", text="The bridge opened in Lima."),
        Claim(id="x" * 10_000, text="The bridge opened in Lima."),
        Claim(id="long", text="The bridge opened in Lima. " + "word " * 3_000),
        Claim(id="many", text="The bridge opened in Lima.", variants=("so it is",) * 400),
        Claim(id="stop", text="the of and", title="The bridge opened in Lima."),
        Claim(id="bare", text=".", subtitle="The bridge opened in Lima."),
    ],
)
def test_odd_records_are_found(claim: Claim) -> None:
    index = ClaimIndex.build([claim, *CLAIMS[:50]])
    (found,) = index.search(["The bridge opened in Lima."])
    assert found[0].claim_id == claim.id
    assert all(0 <= match.score <= 1 for match in found)
    assert found[0].wording(claim)


def test_a_megabyte_in_one_sentence_is_bounded() -> None:
    (found,) = INDEX.search(["The bridge of Elm opened. " * 50_000])
    assert len(found) <= 10
    assert INDEX.search(["\ud800" * 1_000, "\x00", "א" * 5_000])


def test_more_is_asked_for_than_there_is() -> None:
    index = ClaimIndex.build(CLAIMS[:5])
    (found,) = index.search(["The bridge of Elm opened in 1990."], limit=500)
    assert len(found) <= 5


def test_a_short_claim_word_for_word_is_next_to_certain() -> None:
    index = ClaimIndex.build([Claim(id="flat", text="The earth is flat."), *CLAIMS])
    said = "A man in the market told the court of Lima that the earth is flat, and went home."
    (found,) = index.search([said])
    assert {m.claim_id: m.score for m in found}["flat"] >= 0.99
    (found,) = index.search(["The earth was not flat, said the court of Lima at the market."])
    assert {m.claim_id: m.score for m in found}["flat"] < 0.99


@pytest.mark.parametrize(
    "claim", [Claim(id=" ", text="A."), Claim(id="a", text=" "), Claim(id="a", text="x" * 30_000)]
)
def test_a_record_that_no_file_could_hold_is_refused(claim: Claim) -> None:
    with pytest.raises(InvalidClaimError):
        ClaimIndex.build([claim])


def test_a_larger_database_has_more_of_its_postings_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["The bridge of Elm was closed."]
    page = read_sentences(asked, None)
    read: list[int] = []
    planned = retrieval.plan_lists

    def plan(*lists: Any) -> Lists:
        found = planned(*lists)
        read.append(int(found.read[0]))
        return found

    monkeypatch.setattr(retrieval, "plan_lists", plan)
    monkeypatch.setattr(retrieval, "MIN_POSTINGS", 1)
    for claims_a_posting in (len(CLAIMS), 1):
        monkeypatch.setattr(retrieval, "CLAIMS_A_POSTING", claims_a_posting)
        weighed = weigh_sentences(page, INDEX._segments[0])
        Scanner().page_candidates(INDEX._segments[0], weighed, 12)
    # At first the rarest term alone, then all that the sentence has.
    assert read == [1, 3]
