"""Three-way merges of documents: nothing that either side did is lost in silence."""

from __future__ import annotations

from typing import Any

import pytest
from contextlib_news_server.store.merge import merge
from hypothesis import given
from hypothesis import strategies as st

VALUES = (
    st.none() | st.sampled_from(["a", "b", "c"]) | st.lists(st.sampled_from("abcd"), unique=True)
)
DOCUMENTS = st.dictionaries(st.sampled_from(["text", "title", "topics"]), VALUES)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        (["a", "b"], ["a", "b", "c"], ["a", "b", "d"], ["a", "b", "d", "c"]),
        (["a", "b"], ["a"], ["a", "b", "d"], ["a", "d"]),
        (["a", "b"], ["b", "a"], ["a", "b", "c"], ["b", "a", "c"]),
        (["a", "b"], ["a", "b"], ["b"], ["b"]),
        ([], ["a"], ["b"], ["b", "a"]),
    ],
)
def test_lists_are_merged_item_by_item(
    base: list[str], mine: list[str], theirs: list[str], merged: list[str]
) -> None:
    done = merge({"topics": base}, {"topics": mine}, {"topics": theirs})
    assert sorted(done.document["topics"]) == sorted(merged)
    assert done.overlapping == ()


def test_two_edits_of_one_item_are_left_to_a_person() -> None:
    done = merge({"r": [{"x": 1}]}, {"r": [{"x": 2}]}, {"r": [{"x": 3}]})
    assert done.overlapping == ("r",)
    assert done.document == {"r": [{"x": 2}]}


def test_numbers_and_dates_are_those_held_now() -> None:
    done = merge({"revision": 1}, {"revision": 1}, {"revision": 5, "updated": "2026"})
    assert done.document == {"revision": 5, "updated": "2026"}


@given(base=DOCUMENTS, mine=DOCUMENTS, theirs=DOCUMENTS)
def test_one_side_alone_wins(base: Any, mine: Any, theirs: Any) -> None:
    def clean(document: Any) -> Any:
        return {name: value for name, value in document.items() if value not in (None, [])}

    assert clean(merge(base, mine, base).document) == clean(mine)
    assert clean(merge(base, base, theirs).document) == clean(theirs)
    done = merge(base, mine, theirs)
    for name in {*base, *mine, *theirs}:
        was, here, there = base.get(name), mine.get(name), theirs.get(name)
        plain = not isinstance(here, list) and not isinstance(there, list)
        if plain and here != there and was != here and was != there:
            assert name in done.overlapping
