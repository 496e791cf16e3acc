"""Rows to fit on: which sentence a pair belongs to, and which sentences are learned from."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.evaluation_data import NEGATIVES, TRUE_MATCHES, negatives
from benchmarks.training_rows import Rows


def rows(sentences: list[int], count: int) -> Rows:
    pairs = len(sentences)
    return Rows(
        values=np.arange(2.0 * pairs).reshape(pairs, 2),
        labels=np.zeros(pairs),
        weights=np.ones(pairs),
        folds=np.array(sentences) % 5,
        sentences=np.array(sentences),
        verbatim=np.zeros(pairs, bool),
        count=count,
    )


def test_sentences_of_several_parts_stay_apart() -> None:
    joined = Rows.joined([rows([0, 1, 0], 3), rows([0, 2], 3), rows([1], 2)])
    assert joined.sentences.tolist() == [0, 1, 0, 3, 5, 7]
    assert joined.folds.tolist() == [0, 1, 0, 0, 2, 1]
    assert joined.count == 8
    assert joined.best(np.arange(1.0, 7.0)).tolist() == [3, 2, 0, 4, 0, 5, 0, 6]


def test_chosen_rows_keep_their_sentences() -> None:
    kept = rows([0, 1, 0, 2], 4).chosen(np.array([False, True, True, False]))
    assert kept.sentences.tolist() == [1, 0]
    assert kept.values.tolist() == [[2, 3], [4, 5]]
    assert kept.count == 4


@pytest.mark.shared
def test_true_matches_are_left_out_of_the_training_halves_alone(shared: Path) -> None:
    folder = shared / "eval"
    sizes = {
        name: (len(negatives(folder, name, train=True)), len(negatives(folder, name, train=False)))
        for name in NEGATIVES
    }
    assert sizes == {
        "babe": (926, 978), "debates": (1_496, 1_497),
        "headlines": (1_471, 1_529), "abc2006": (1_521, 1_477),
    }  # fmt: skip
    assert len(TRUE_MATCHES) == 933 + 1_497 + 1_522 - 926 - 1_496 - 1_521
