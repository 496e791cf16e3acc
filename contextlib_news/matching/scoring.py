"""How likely a sentence is about a claim: trees and a linear part over the features of the pair.

Which of its candidates a sentence means is another question than whether it means any, and has
weights of its own: they order the claims of a sentence, and the probability says what is shown.

The model is numbers in ``data/matching_model.json``, fitted by ``benchmarks/train_matching.py``.
The trees are oblivious (all nodes of a level ask the same question), so that a tree is a handful of
comparisons and a look-up. An index may carry a refit of its own, made by ``evaluate --refit``.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.features import FEATURES, MOST_SHARED_TERMS, SEMANTIC_FEATURES
from contextlib_news.matching.kernels import add_leaves

__all__ = [
    "LEAF_STEPS",
    "REFERENCE_CLAIMS",
    "VERBATIM_LEAD",
    "VERBATIM_SCORE",
    "Model",
    "load_model",
    "model_from_row",
    "size_shift",
]

# The size of the collections that calibration and threshold were measured on. The chance that some
# claim fits a sentence by accident grows with the number of claims, so the log-odds count the size
# in: docs/decisions/0001.
REFERENCE_CLAIMS = 14_231
FEWEST_CLAIMS = 40
SMALL_SLOPE, LARGE_SLOPE = 1.1, 0.5
ACCIDENT, FULL_EVIDENCE = 3, 5
SHARED_TERMS = FEATURES.index("window_terms")

VERBATIM_SCORE = 0.995

# What stands word for word comes before all else; no order of others is as wide.
VERBATIM_LEAD = 1_000.0

# Leaves are whole numbers of this many parts, so that sums do not depend on their order.
LEAF_STEPS = 100_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees as arrays, a linear part, how their sum becomes a probability, and a threshold.

    ``questions`` and ``borders`` are trees x depth (the number of a feature; the answer is whether
    its value is above the border), ``leaves`` trees x 2**depth in LEAF_STEPS. ``weights`` are the
    linear part by feature, which a refit corrects; ``order`` are the weights by feature that order
    the claims of a sentence, all 0 where the probability does. ``row`` is the JSON it came from.
    """

    questions: NDArray[np.int32]
    borders: Floats
    leaves: NDArray[np.int32]
    weights: Floats
    order: Floats
    slope: float
    bias: float
    threshold: float
    features: tuple[str, ...]
    row: dict[str, Any]

    @property
    def semantic(self) -> bool:
        """Whether it asks for the features of the semantic tier."""
        return self.features == SEMANTIC_FEATURES

    def logits(self, values: Floats, claims: int) -> Floats:
        """Return the log-odds of pairs (pairs x FEATURES) in an index of so many claims."""
        raw = add_leaves(values, self.questions, self.borders, self.leaves) / LEAF_STEPS
        total = self.slope * raw + self.bias + size_shift(values, claims)
        return np.clip(_weigh(values, self.weights, total), -30, 30)

    def probabilities(self, values: Floats, verbatim: NDArray[np.bool_], claims: int) -> Floats:
        """Return how likely each pair belongs together, 0..1; word for word is next to certain."""
        probability = 1 / (1 + np.exp(-self.logits(values, claims)))
        certain = VERBATIM_SCORE + (1 - VERBATIM_SCORE) * probability
        return np.where(verbatim, certain, probability)

    def standing(
        self, values: Floats, verbatim: NDArray[np.bool_], probabilities: Floats
    ) -> Floats:
        """Return what the claims of one sentence are ordered by, the highest first.

        Values of two sentences say nothing beside each other.
        """
        if not self.order.any():
            return probabilities
        return _weigh(values, self.order, np.where(verbatim, VERBATIM_LEAD, 0.0))


def size_shift(values: Floats, claims: int) -> Floats:
    """Return what the size of an index adds to the log-odds of pairs (pairs x FEATURES).

    In a small index less is needed, but not less than words that come together by accident:
    ACCIDENT shared words raise nothing, FULL_EVIDENCE words all that the size gives.
    """
    steps = math.log(REFERENCE_CLAIMS / max(claims, FEWEST_CLAIMS))
    if steps <= 0:
        return np.full(len(values), LARGE_SLOPE * steps)
    shared = np.round(values[:, SHARED_TERMS] * MOST_SHARED_TERMS)
    return SMALL_SLOPE * steps * np.clip((shared - ACCIDENT) / (FULL_EVIDENCE - ACCIDENT), 0.0, 1.0)


def _weigh(values: Floats, weights: Floats, total: Floats) -> Floats:
    """Add the weighted features to ``total``, one by one: a matrix product may round otherwise."""
    for number in np.flatnonzero(weights):
        total = total + values[:, number] * weights[number]
    return total


@cache
def load_model(*, semantic: bool = False) -> Model:
    """Return the model that ships, without or with the features of the semantic tier."""
    name = "semantic_model.json" if semantic else "matching_model.json"
    text = (files("contextlib_news.data") / name).read_text(encoding="utf-8")
    return model_from_row(json.loads(text))


def model_from_row(row: dict[str, Any]) -> Model:
    """Return the model of a JSON object; raises ValueError where its features are others."""
    features = tuple(row["features"])
    if features not in (FEATURES, SEMANTIC_FEATURES):
        raise ValueError("the model was fitted with other features; fit it anew")
    trees = row["trees"]
    questions = np.array([tree["questions"] for tree in trees], np.int32)
    leaves = np.array([tree["leaves"] for tree in trees], np.int32)
    if questions.min() < 0 or questions.max() >= len(features):
        raise ValueError("the model asks for features that there are not")
    if leaves.shape[1] != 2 ** questions.shape[1]:
        raise ValueError("the model's trees do not fit their questions")

    def by_feature(part: str) -> Floats:
        given = row.get(part, {})
        return np.array([float(given.get(name, 0.0)) for name in features])

    return Model(
        questions=questions,
        borders=np.array([tree["borders"] for tree in trees], np.float64),
        leaves=leaves,
        weights=by_feature("weights"),
        order=by_feature("order"),
        slope=float(row["slope"]),
        bias=float(row["bias"]),
        threshold=float(row["threshold"]),
        features=features,
        row=row,
    )
