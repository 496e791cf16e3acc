"""Both ways of scanning give the same rows, and those are the ones with the highest sums."""

from __future__ import annotations

import numpy as np
import pytest

from contextlib_news.matching import scan_compiled, scan_vectorised
from contextlib_news.matching.scan import Lists, plan_lists

SENTENCES = 7


def lists_of(chance: np.random.Generator, claims: int, terms: int, most: int) -> Lists:
    """Return random lists: rare and common terms, few impacts so that sums are often equal."""
    parts, sizes, bounds = [], [], [0]
    for sentence in range(SENTENCES):
        count = 0 if sentence == 3 else terms
        longest = np.sort(chance.integers(1, claims + 1, count))
        for size in longest.tolist():
            held = np.sort(chance.choice(claims, size, replace=False))
            parts.append(held << 8 | chance.choice([1, 90, 160, 255], size))
            sizes.append(size)
        bounds.append(len(sizes))
    starts = np.cumsum([0, *sizes])
    return plan_lists(
        np.concatenate(parts).astype(np.uint32), starts[:-1], starts[1:],
        chance.integers(0, 900, len(sizes)), np.array(bounds), most,
    )  # fmt: skip


def brute_force(lists: Lists, sentence: int, claims: int) -> np.ndarray:
    sums = np.zeros(claims, np.int64)
    for term in range(lists.bounds[sentence], lists.bounds[sentence + 1]):
        posted = lists.postings[lists.starts[term] : lists.ends[term]].astype(np.int64)
        sums[posted >> 8] += lists.weights[term] * (posted & 255)
    return sums


@pytest.mark.parametrize("claims", [1, 30, 400, 6_000])
@pytest.mark.parametrize("terms", [1, 4, 150])
@pytest.mark.parametrize("most", [1, 900, 1_000_000])
@pytest.mark.parametrize("masked", [False, True])
def test_both_ways(claims: int, terms: int, most: int, masked: bool) -> None:
    chance = np.random.default_rng(claims * terms + most)
    lists = lists_of(chance, claims, terms, most)
    allowed = chance.random(claims) < 0.5 if masked else None
    levels = np.zeros(claims, np.uint8)
    for scanned, limit in ((12, 12), (40, 5), (10_000, 3)):
        compiled = scan_compiled.scan(lists, levels, allowed, scanned, limit)
        assert not levels.any()
        vectorised = scan_vectorised.scan(lists, levels, allowed, scanned, limit)
        assert not levels.any()
        assert np.array_equal(compiled, vectorised)
        for sentence, claim, total in compiled.tolist():
            assert allowed is None or allowed[claim]
            assert brute_force(lists, sentence, claims)[claim] == total


def test_the_highest_sums_are_found_where_all_is_read() -> None:
    chance = np.random.default_rng(3)
    lists = lists_of(chance, 2_000, 9, 1_000_000)
    rows = scan_compiled.scan(lists, np.zeros(2_000, np.uint8), None, 96, 12)
    for sentence in range(SENTENCES):
        (found,) = rows[rows[:, 0] == sentence, 1:2].T.tolist()
        sums = brute_force(lists, sentence, 2_000)
        best = np.lexsort((np.arange(2_000), -sums))[:12]
        assert found == ([] if sentence == 3 else best.tolist())


def test_no_level_overflows() -> None:
    """The claim that all terms have at the highest impact reaches the last level at most."""
    for terms in (1, 2, 100, 127, 128, 900):
        bounds = np.array([0, terms])
        ends = np.arange(1, terms + 1)
        lists = plan_lists(
            np.full(terms, 255, np.uint32), ends - 1, ends, np.full(terms, 900), bounds, 10_000
        )
        rows = scan_vectorised.scan(lists, np.zeros(3, np.uint8), None, 96, 12)
        assert rows.tolist() == [[0, 0, terms * 900 * 255]]
        assert np.array_equal(rows, scan_compiled.scan(lists, np.zeros(3, np.uint8), None, 96, 12))
