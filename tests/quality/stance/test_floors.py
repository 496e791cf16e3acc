"""Floors of stance and differences on the minimal pairs beside this file."""

from __future__ import annotations

import importlib.util
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from contextlib_news import read_sentence

HERE = Path(__file__).parent
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))["stance"]


@cache
def load_measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_stance", HERE / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_pairs_cover_the_phenomena() -> None:
    measure = load_measure()
    items = measure.read_items()
    assert len(items) >= 300
    # At least a third was committed before the rules that it tests.
    first = measure.read_items("blind.tsv", "wider.tsv", "wider_again.tsv", "third.tsv")
    assert 3 * len(first) >= len(items)
    assert len({item.phenomenon for item in items}) >= 20
    assert len({(item.claim, item.sentence, item.before, item.after, item.role) for item in items})
    assert {item.stance for item in items} == {"supports", "refutes", "discusses", "none"}


@pytest.mark.parametrize(("floor", "names"), [("every", ()), ("first", ("blind.tsv", "pairs.tsv"))])
def test_minimal_pairs(floor: str, names: tuple[str, ...]) -> None:
    measure = load_measure()
    scores = measure.measure(measure.read_items(*names))
    every = scores.pop("all")
    failures = "\n".join(every.wrong)
    assert every.accuracy >= FLOORS[floor]["accuracy"], failures
    assert every.precision >= FLOORS[floor]["differences_precision"], failures
    assert every.recall >= FLOORS[floor]["differences_recall"], failures
    for phenomenon, score in scores.items():
        assert score.accuracy >= FLOORS["accuracy_each"], (phenomenon, score.wrong)


@pytest.mark.parametrize("name", ["blind.tsv", "pairs.tsv"])
def test_every_claim_supports_itself(name: str) -> None:
    for claim in {item.claim for item in load_measure().read_items(name)}:
        reading = read_sentence(claim, claim)
        assert (reading.stance, reading.differences) == ("supports", ()), claim
