"""Matching on public data that is read from ``../shared`` and never shipped; floors only rise.

Tuned on the train queries and one half of each negatives file; measured on dev and the other half.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.evaluation_data import (
    NEGATIVES,
    average_precision,
    negatives,
    read_claims,
    read_queries,
)
from contextlib_news import load_claims
from contextlib_news.errors import EncoderMissingError
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex

pytestmark = [pytest.mark.slow, pytest.mark.shared]

FLOORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "floors.json").read_text(encoding="utf-8")
)["matching"]


@pytest.fixture(scope="module")
def indexes(shared: Path) -> dict[str, ClaimIndex]:
    return {
        name: ClaimIndex.build(read_claims(shared / "eval", name))
        for name in ("checkthat2022-2a", "checkthat2022-2b")
    }


def measure(shared: Path, index: ClaimIndex, name: str) -> tuple[float, float]:
    """Return MAP@5 on the dev queries, and the share found first and above the threshold."""
    queries = list(read_queries(shared / "eval", name, "dev"))
    found = index.search([text for text, _ in queries], limit=5)
    score = sum(
        average_precision([m.claim_id for m in matches], gold)
        for matches, (_, gold) in zip(found, queries, strict=True)
    ) / len(queries)
    above = sum(
        bool(matches) and matches[0].score >= index.threshold and matches[0].claim_id in gold
        for matches, (_, gold) in zip(found, queries, strict=True)
    ) / len(queries)
    print(f"{name} dev: MAP@5 {score:.3f}, recall@1 at the default threshold {above:.3f}")
    return score, above


def count_notes(shared: Path, index: ClaimIndex, name: str) -> float:
    """Return the notes in 1,000 sentences of the reporting half that should match nothing."""
    texts = negatives(shared / "eval", name, train=False)
    found = index.search(texts, limit=1, min_score=index.threshold)
    rate = 1000 * sum(map(bool, found)) / len(texts)
    print(f"{name}: {rate:.1f} notes in 1,000 sentences that are presumed to match nothing")
    return rate


@pytest.mark.parametrize("name", ["checkthat2022-2a", "checkthat2022-2b"])
def test_ranking(shared: Path, indexes: dict[str, ClaimIndex], name: str) -> None:
    score, above = measure(shared, indexes[name], name)
    assert score >= FLOORS[name]["map_at_5"]
    assert above >= FLOORS[name]["recall_at_1"]


@pytest.mark.parametrize("name", NEGATIVES)
def test_false_notes(shared: Path, indexes: dict[str, ClaimIndex], name: str) -> None:
    rate = count_notes(shared, indexes["checkthat2022-2a"], name)
    assert rate <= FLOORS["false_notes_per_1000"][name]


@pytest.mark.parametrize("name", NEGATIVES)
def test_false_notes_of_the_starter_claims(shared: Path, name: str) -> None:
    rate = count_notes(shared, ClaimIndex.build(load_claims()), name)
    assert rate <= FLOORS["starter_false_notes_per_1000"][name]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    try:
        return Encoder.open()
    except EncoderMissingError as error:
        pytest.skip(f"the semantic tier is not installed here: {error}")


def test_the_semantic_tier(shared: Path, encoder: Encoder) -> None:
    name = "checkthat2022-2a"
    index = ClaimIndex.build(read_claims(shared / "eval", name), encoder=encoder)
    score, above = measure(shared, index, name)
    assert score >= FLOORS["semantic"][name]["map_at_5"]
    assert above >= FLOORS["semantic"][name]["recall_at_1"]
    for file in NEGATIVES:
        assert count_notes(shared, index, file) <= FLOORS["semantic"]["false_notes_per_1000"][file]


def test_the_semantic_tier_on_debates(shared: Path, encoder: Encoder) -> None:
    name = "checkthat2022-2b"
    index = ClaimIndex.build(read_claims(shared / "eval", name), encoder=encoder)
    score, above = measure(shared, index, name)
    assert score >= FLOORS["semantic"][name]["map_at_5"]
    assert above >= FLOORS["semantic"][name]["recall_at_1"]
