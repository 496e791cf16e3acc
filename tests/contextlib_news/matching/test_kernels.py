"""Loops are compiled once for all kinds of indexes, also where nothing can be kept on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.kernels import COMPILED, compiled, frozen
from contextlib_news.models import Claim

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba is not installed")

SENTENCE = "The council closed the old bridge on 3 May 2021 after 12 cables had rusted."


def test_an_index_from_its_file_needs_no_loop_of_its_own(tmp_path: Path) -> None:
    from contextlib_news.matching import pairs_compiled, scan_compiled

    loops = (scan_compiled._loop, pairs_compiled._loop)
    built = ClaimIndex.build([Claim(id="bridge", text=SENTENCE)])
    assert built.search([SENTENCE])[0]
    before = [len(loop.signatures) for loop in loops]
    built.save(tmp_path / "claims.idx")
    opened = ClaimIndex.open(tmp_path / "claims.idx")
    changed = opened.with_changes(upserts=[Claim(id="dam", text="The dam by the old bridge held.")])
    assert [match.claim_id for match in opened.search([SENTENCE])[0]] == ["bridge"]
    assert {match.claim_id for match in changed.search([SENTENCE])[0]} == {"bridge", "dam"}
    assert [len(loop.signatures) for loop in loops] == before


def test_arrays_are_frozen_without_freezing_the_caller(tmp_path: Path) -> None:
    import numpy as np

    array = np.arange(10)
    whole, part = frozen(array, array[::2])
    assert whole.base is array
    assert array.flags.writeable
    assert not whole.flags.writeable
    assert part.flags.c_contiguous
    assert part.tolist() == [0, 2, 4, 6, 8]


def test_a_loop_is_compiled_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    caching = pytest.importorskip("numba.core.caching")
    # An account without a home, on a file system that it may not write to.
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    assert compiled(lambda number: number + 1)(1) == 2
