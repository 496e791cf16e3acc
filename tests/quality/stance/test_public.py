"""Floors of stance on two public data sets, and the distance to a bag of cues."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))["stance"]["public"]


def load_public() -> ModuleType:
    spec = importlib.util.spec_from_file_location("public_stance", HERE / "public.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", ["climate-fever", "fnc1"])
def test_macro_f1(shared: Path, name: str) -> None:
    public = load_public()
    classes = public.CLASSES[name]
    asked = public.read_pairs(shared / "eval", name, "dev")
    known = public.read_pairs(shared / "eval", name, "train")
    ours = public.macro_f1(public.measure(asked, classes), classes)
    cues = public.macro_f1(public.bag_of_cues(known, asked, classes), classes)
    assert ours >= FLOORS[name], ours
    assert ours >= cues + FLOORS["above_cues"], (ours, cues)
    assert ours >= public.macro_f1(public.majority(asked), classes)
