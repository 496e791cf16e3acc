"""Floors of what is told of changed values in sentences of news."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))["values"]


@pytest.mark.shared
@pytest.mark.slow
def test_changed_values_in_news(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location("measure_values", HERE / "measure.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    sentences = module.read_sentences(shared / "eval")
    scores, told = module.measure(sentences)
    assert scores["number"].made > 500
    for kind, score in scores.items():
        assert score.recall >= FLOORS[kind], (kind, score.missed[:20])
    per_1000 = 1000 * len(told) / (2 * len(sentences))
    assert per_1000 <= FLOORS["told_without_reason_per_1000"], told
