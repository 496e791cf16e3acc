"""The order of a sentence's claims has weights of its own; scores never rise along it."""

from __future__ import annotations

import numpy as np
import pytest

from contextlib_news import ClaimIndex
from contextlib_news.matching.ranking import bounded
from contextlib_news.matching.scoring import Model, load_model, model_from_row
from contextlib_news.models import Claim

TEXT = "The harvest of the northern valleys fell by nine percent."
SAID = "Farmers said that in northern valleys nine percent of harvest was lost as rain fell."


def by(claimant: str | None, number: int, text: str = TEXT) -> Claim:
    return Claim(id=f"{claimant or 'nobody'}-{number}", text=text, claimant=claimant)


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    others = [
        by("Ottokar Zwirnbach", n, f"Ferry {n} was sold to {n} owners.") for n in range(2, 40)
    ]
    return ClaimIndex.build([by("Hedwig Quastl", 1), by("Ottokar Zwirnbach", 1), *others])


def ordered_by(**weights: float) -> Model:
    return model_from_row(load_model().row | {"order": weights})


def first(index: ClaimIndex, model: Model) -> str:
    (matches,) = index.with_model(model).search([SAID], limit=5)
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    return matches[0].claim_id


def test_claims_stand_in_the_order_of_its_weights(index: ClaimIndex) -> None:
    assert first(index, ordered_by(claimant_renown=1.0)) == "Ottokar Zwirnbach-1"
    assert first(index, ordered_by(claimant_renown=-1.0)).startswith("Hedwig Quastl")


def test_without_weights_the_probability_orders(index: ClaimIndex) -> None:
    row = {key: value for key, value in load_model().row.items() if key != "order"}
    plain = model_from_row(row)
    (matches,) = index.with_model(plain).search([SAID], limit=20)
    pairs = {claim_id: values for _, claim_id, values, _ in index.compare([SAID], limit=20)}
    values = np.array([pairs[match.claim_id] for match in matches])
    own = plain.probabilities(values, np.zeros(len(values), np.bool_), len(index))
    assert [match.score for match in matches] == own.tolist() == sorted(own, reverse=True)


def test_what_stands_word_for_word_comes_before_any_weights(index: ClaimIndex) -> None:
    changed = index.with_changes(upserts=[by(None, 1, SAID)])
    for sign in (1.0, -1.0):
        assert first(changed, ordered_by(claimant_renown=sign)) == "nobody-1"


def test_a_score_is_at_most_that_of_the_claim_before() -> None:
    sentences = np.array([0, 0, 0, 2, 2, 5], np.int64)
    scores = np.array([0.4, 0.9, 0.2, 0.8, 0.7, 1.0])
    assert bounded(sentences, scores).tolist() == [0.4, 0.4, 0.2, 0.8, 0.7, 1.0]
    assert scores.tolist() == [0.4, 0.9, 0.2, 0.8, 0.7, 1.0]
    assert bounded(sentences[:0], scores[:0]).tolist() == []


def test_what_a_curator_ruled_out_lowers_no_other(index: ClaimIndex) -> None:
    model = ordered_by(claimant_renown=1.0)
    (before,) = index.with_model(model).search([SAID], limit=2)
    ruled_out = Claim(
        id="Ottokar Zwirnbach-1", text=TEXT, claimant="Ottokar Zwirnbach", exclusions=(SAID,)
    )
    changed = index.with_changes(upserts=[ruled_out]).with_model(model)
    (after,) = changed.search([SAID], limit=2)
    assert before[0].claim_id == ruled_out.id
    assert ruled_out.id not in [match.claim_id for match in after]
    assert after[0].claim_id == "Hedwig Quastl-1"


def test_the_shipped_order_rewards_what_is_shared_and_never_what_differs() -> None:
    for semantic in (False, True):
        order = dict(
            zip(*(lambda m: (m.features, m.order))(load_model(semantic=semantic)), strict=True)
        )
        differing = ("heaviest_missing", "numbers_missing", "numbers_foreign", "names_missing")
        assert all(order[name] <= 0 for name in differing)
        assert all(order[name] >= 0 for name in ("whole_cosine", "numbers_shared", "bm25_log"))
