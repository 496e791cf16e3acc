"""How likely a sentence is about a wording: features of the pair, and a small learned model.

The features compare weights of shared and missing terms, inside the best window of the sentence and
in all of it, because a sentence of news often makes three claims at once. The model is logistic;
its weights are numbers in ``data/matching_model.json``, fitted by ``benchmarks/train_matching.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import LCSseq

__all__ = ["FEATURES", "Model", "PairFeatures", "compare", "load_model"]

FEATURES = (
    "window_containment",
    "containment",
    "sentence_containment",
    "shared_mass",
    "shared_terms",
    "heaviest_missing",
    "heaviest_shared",
    "order",
    "numbers_shared",
    "numbers_missing",
    "containment_by_mass",
    "containment_by_sentence",
    "wording_terms",
)

# The stretch of a sentence in which a claim's words are looked for together.
WINDOW_FACTOR = 2.0
WINDOW_LEAST = 14
WINDOW_MOST = 80

# Shared terms looked at in one sentence; bounds the cost of a sentence that repeats a word.
MAX_PLACES = 120

# A pair of sequences this long, one inside the other, is the same wording.
VERBATIM_TERMS = 4

# The chance that some claim fits a sentence by accident grows with the number of claims, so the
# score counts the size of the index in. The model was fitted with REFERENCE_CLAIMS; the slope was
# chosen so that 42 claims give no more false notes per sentence than those do (docs/quality.md).
REFERENCE_CLAIMS = 14_231
LEAST_CLAIMS = 40
SIZE_SLOPE = 0.7

# The weight of a term that stands once in a million sentences; scales weights to about 0..1.
HEAVY = 14.0


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """The features of one pair, and whether one of the two stands word for word in the other."""

    values: tuple[float, ...]
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the features, a bias, and the default threshold with its budget."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, features: PairFeatures, claims: int = REFERENCE_CLAIMS) -> float:
        """Return how likely the pair belongs together, 0..1; word for word is next to certain.

        ``claims`` is the size of the index in which the wording was found.
        """
        total = self.bias + SIZE_SLOPE * math.log(REFERENCE_CLAIMS / max(claims, LEAST_CLAIMS))
        for weight, value in zip(self.weights, features.values, strict=True):
            total += weight * value
        probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        return max(probability, 0.995) if features.verbatim else probability


@cache
def load_model() -> Model:
    """Return the model that ships."""
    text = (files("contextlib_news.data") / "matching_model.json").read_text(encoding="utf-8")
    row = json.loads(text)
    weights = row["weights"]
    return Model(
        weights=tuple(float(weights.get(name, 0.0)) for name in FEATURES),
        bias=float(row["bias"]),
        threshold=float(row["threshold"]),
    )


def compare(
    sentence: Sequence[int],
    weights: Sequence[float],
    sentence_mass: float,
    wording: Sequence[int],
    wording_weights: dict[int, float],
    numbers: frozenset[int],
) -> PairFeatures:
    """Return the features of a sentence and a wording, both as term numbers in order.

    ``weights`` are those of the sentence's terms by position (-1 stands for a term that no wording
    holds), ``wording_weights`` those of the wording's terms, ``numbers`` the wording's terms that
    are figures.
    """
    mass = sum(wording_weights.values()) or 1e-6
    places = [i for i, term in enumerate(sentence) if term in wording_weights][:MAX_PLACES]
    shared = {sentence[i] for i in places}
    shared_mass = sum(wording_weights[term] for term in shared)
    width = min(WINDOW_MOST, max(WINDOW_LEAST, int(WINDOW_FACTOR * len(wording))))
    window = _best_window(sentence, places, wording_weights, width)
    window_mass = sum(wording_weights[term] for term in window)
    missing = [weight for term, weight in wording_weights.items() if term not in window]
    order = LCSseq.similarity(
        [sentence[i] for i in places], [term for term in wording if term in shared]
    )
    containment = window_mass / mass
    in_sentence = shared_mass / sentence_mass if sentence_mass > 0 else 0.0
    found = len(numbers & window) / len(numbers) if numbers else 0.5
    values = (
        containment,
        shared_mass / mass,
        min(1.0, in_sentence),
        math.log1p(window_mass) / 4,
        min(len(window), 8) / 8,
        max(missing, default=0.0) / HEAVY,
        max((wording_weights[term] for term in window), default=0.0) / HEAVY,
        order / max(1, len(wording)),
        found,
        float(len(numbers - window) > 0),
        containment * math.log1p(window_mass) / 4,
        containment * min(1.0, in_sentence),
        math.log1p(len(wording)) / 4,
    )
    return PairFeatures(values, _verbatim(sentence, wording))


def _best_window(
    sentence: Sequence[int], places: Sequence[int], weights: dict[int, float], width: int
) -> frozenset[int]:
    """Return the terms of the heaviest stretch of the sentence of at most ``width`` terms."""
    best: frozenset[int] = frozenset()
    best_mass = -1.0
    for first, start in enumerate(places):
        terms: set[int] = set()
        mass = 0.0
        for place in places[first:]:
            if place - start >= width:
                break
            term = sentence[place]
            if term not in terms:
                terms.add(term)
                mass += weights[term]
        if mass > best_mass:
            best, best_mass = frozenset(terms), mass
        if len(terms) == len(weights):
            break
    return best


def _verbatim(sentence: Sequence[int], wording: Sequence[int]) -> bool:
    """Say whether one sequence of terms stands in the other without a gap."""
    if min(len(sentence), len(wording)) < VERBATIM_TERMS:
        return list(sentence) == list(wording) and bool(sentence) and -1 not in sentence
    one = " ".join(map(str, sentence))
    other = " ".join(map(str, wording))
    if f" {other} " in f" {one} ":
        return True
    return -1 not in sentence and f" {one} " in f" {other} "
