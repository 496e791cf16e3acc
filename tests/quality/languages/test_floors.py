"""Floors of recall by language, on claims made up for this purpose in eighteen languages."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))["languages"]


def load_measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_languages", HERE / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["tagged", "untagged"])
def test_recall_by_language(kind: str) -> None:
    scores = load_measure().measure(tagged=kind == "tagged")
    floors = FLOORS[kind]
    assert len(scores) >= 12
    asked = sum(score.asked for score in scores.values())
    assert sum(score.first for score in scores.values()) / asked >= floors["recall_at_1"], scores
    assert sum(score.noted for score in scores.values()) / asked >= floors["noted"], scores
    false = sum(score.false for score in scores.values())
    assert false / asked <= floors["lookalikes_noted"], scores
    for language, score in scores.items():
        assert score.asked >= 8
        assert score.first / score.asked >= floors["recall_at_1_each"], (language, scores)
