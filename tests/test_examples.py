"""Generated tests try the same examples in each run, so that no run fails by bad luck."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st


def drawn() -> list[tuple[list[str], int, frozenset[int]]]:
    """Return the examples of a test of three values."""
    seen = []

    @given(st.lists(st.text()), st.integers(), st.frozensets(st.integers()))
    def test(words: list[str], number: int, numbers: frozenset[int]) -> None:
        seen.append((words, number, numbers))

    test()
    return seen


def test_examples_are_the_same_each_time(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    if pytestconfig.getoption("--new-examples"):
        pytest.skip("this run was told to try new examples")
    first = drawn()
    assert len(first) >= 100
    # A module that other tests may have loaded before, with words and numbers of its own.
    other = ModuleType("another_module")
    other.__file__ = str(root / "docs" / "write_api_reference.py")
    monkeypatch.setitem(sys.modules, other.__name__, other)
    assert drawn() == first
