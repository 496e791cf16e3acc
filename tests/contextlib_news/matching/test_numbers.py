"""Figures, dates and names are not waved through: the claim that has them comes first."""

from __future__ import annotations

from itertools import permutations

import pytest

from contextlib_news.formats.claims import load_claims
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Stance
from contextlib_news.reading.stance import read_sentence

# Each pair of statements differs in one thing; the placeholder is filled with either.
ALIKE = [
    ("The attack on the prison at Sina left {} people dead.",
     "At Sina prison {} people died in the attack, the ministry said.",
     ["121", "112", "11,200", "12.1"]),
    ("The storm cost the town {} million dollars.",
     "The town lost {} million dollars to the storm.",
     ["5", "5.5", "55", "15"]),
    ("Turnout at the election in Lima was {}%.",
     "Lima’s election had a turnout of {} per cent, officials said.",
     ["67", "76", "6.7"]),
    ("The bridge at Elm Street opened in {}.",
     "It was in {} that the Elm Street bridge opened, to the cheers of the town.",
     ["1931", "1913", "1932", "2031"]),
    ("The treaty of Perth was signed on {}.",
     "On {} ministers signed the treaty of Perth.",
     ["3 May 1952", "5 May 1952", "3 June 1952", "3 May 1953"]),
    ("The ferry to {} sank off the coast in winter.",
     "Off the coast a ferry to {} sank last winter.",
     ["Osaka", "Lagos", "Port Elm", "Hasakah"]),
    ("{} sold the old mill to the bank.",
     "The old mill was sold to the bank by {}, a report found.",
     ["Anna Miller", "Anna Baker", "Hanna Milner", "Peter Miller"]),
    ("The vaccine was approved by the {} agency in spring.",
     "In spring, the {} agency approved the vaccine.",
     ["Peruvian", "Japanese", "Danish"]),
]  # fmt: skip

# Where nearly all words are shared, the trees differ in the fourth digit, in either direction.
TRIFLE = 0.001


@pytest.mark.parametrize("crowded", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize(
    ("claimed", "said", "values"), ALIKE, ids=[values[0] for _, _, values in ALIKE]
)
def test_the_claim_with_these_figures_comes_first(
    claimed: str, said: str, values: list[str], crowded: bool
) -> None:
    claims = [Claim(id=value, text=claimed.format(value)) for value in values]
    index = ClaimIndex.build([*claims, *(load_claims() if crowded else ())])
    for value in values:
        for sentence in (said.format(value), claimed.format(value)):
            (found,) = index.search([sentence])
            assert found[0].claim_id == value, sentence
            rivals = [match.score for match in found if match.claim_id in set(values) - {value}]
            assert all(score < found[0].score for score in rivals)


@pytest.mark.parametrize(
    ("claimed", "said", "values"), ALIKE, ids=[values[0] for _, _, values in ALIKE]
)
def test_a_delta_counts_figures_too(claimed: str, said: str, values: list[str]) -> None:
    index = ClaimIndex.build(load_claims())
    for value in values:
        index = index.with_changes(upserts=[Claim(id=value, text=claimed.format(value))])
    for value in values:
        (found,) = index.search([said.format(value)])
        assert found[0].claim_id == value


@pytest.mark.parametrize(
    ("claimed", "said", "values"), ALIKE, ids=[values[0] for _, _, values in ALIKE]
)
def test_another_figure_helps_no_sentence(claimed: str, said: str, values: list[str]) -> None:
    """One claim only: a sentence with another figure never scores higher, but for a trifle."""
    for mine, other in permutations(values[:3], 2):
        index = ClaimIndex.build([Claim(id="a", text=claimed.format(mine)), *load_claims()])
        right, wrong = index.search([said.format(mine), said.format(other)])
        wrong_score = max((m.score for m in wrong if m.claim_id == "a"), default=0.0)
        assert right[0].claim_id == "a"
        assert right[0].score >= wrong_score - TRIFLE


@pytest.mark.parametrize(
    ("asserted", "denied"),
    [
        ("Ivermectin cures the flu in cattle.", "Ivermectin does not cure the flu in cattle."),
        ("The dam at Tabqa exploded in March.", "The dam at Tabqa never exploded in March."),
        ("The minister of Perth sold the harbour.", "No minister of Perth sold the harbour."),
        ("The bank paid its farmers in 2019.", "The bank didn’t pay its farmers in 2019."),
    ],
)
def test_a_denial_is_matched_and_told_apart_by_its_stance(asserted: str, denied: str) -> None:
    claim = Claim(id="a", text=asserted)
    index = ClaimIndex.build([claim, *load_claims()])
    for sentence, stance in ((asserted, Stance.SUPPORTS), (denied, Stance.REFUTES)):
        (found,) = index.search([sentence], limit=1, min_score=index.threshold)
        assert [match.claim_id for match in found] == ["a"]
        assert read_sentence(sentence, claim).stance is stance


@pytest.mark.parametrize(
    ("asserted", "denied"),
    [("The bank paid its farmers in 2019.", "The bank didn’t pay its farmers in 2019.")],
)
def test_of_two_claims_the_one_with_the_sentences_words_comes_first(
    asserted: str, denied: str
) -> None:
    index = ClaimIndex.build([Claim(id="yes", text=asserted), Claim(id="no", text=denied)])
    (found,) = index.search([denied])
    assert found[0].claim_id == "no"
    (found,) = index.search([asserted])
    assert found[0].claim_id == "yes"
