"""Tests of the sums by pair that are made beside the two ways of adding up."""

from __future__ import annotations

import numpy as np
import pytest

from contextlib_news import ClaimIndex
from contextlib_news.matching.features import UNNAMED_RENOWN
from contextlib_news.models import Claim

SUBJECTS = "rivers bridges schools harvests taxes ferries museums glaciers roads vaccines".split()


def speech(number: int, claimant: str | None) -> Claim:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return Claim(
        id=f"{claimant or 'nobody'}-{number}",
        text=f"The number of {subject} rose by {number + 3} percent.",
        claimant=claimant,
    )


def renown_of(index: ClaimIndex, claim_id: str) -> float:
    claim = index.claim(claim_id)
    assert claim is not None
    found = index.features(claim.text, claim_id)
    assert found is not None
    return found["claimant_renown"]


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    often = [speech(number, "Ottokar Zwirnbach") for number in range(0, 60, 7)]
    return ClaimIndex.build([*often, speech(1, "Hedwig Quastl"), speech(2, None)])


def test_who_speaks_often_is_better_known(index: ClaimIndex) -> None:
    often, once = renown_of(index, "Ottokar Zwirnbach-7"), renown_of(index, "Hedwig Quastl-1")
    assert often > once > 0
    assert often == pytest.approx(np.log1p(9) / 5, abs=0.05)
    assert renown_of(index, "nobody-2") == UNNAMED_RENOWN


def test_a_change_gives_a_claimant_the_renown_of_the_base(index: ClaimIndex) -> None:
    changed = index.with_changes(upserts=[speech(4, "Ottokar Zwirnbach")])
    before = renown_of(index, "Ottokar Zwirnbach-7")
    assert renown_of(changed, "Ottokar Zwirnbach-7") == before
    assert renown_of(changed, "Ottokar Zwirnbach-4") == pytest.approx(before, abs=0.06)


def test_a_name_of_stop_words_alone_is_nobody(index: ClaimIndex) -> None:
    odd = Claim(id="odd", text="The number of owls rose by a tenth.", claimant="The")
    assert renown_of(ClaimIndex.build([odd]), "odd") == UNNAMED_RENOWN
    assert renown_of(index.with_changes(upserts=[odd]), "odd") == UNNAMED_RENOWN
