"""Fit the matching model and choose its threshold from a budget of false notes.

usage: python -m benchmarks.train_matching EVAL_FOLDER [--semantic]
           [-o contextlib_news/data/matching_model.json (or semantic_model.json)]

EVAL_FOLDER holds the public evaluation data (CheckThat! 2022 2A and 2B, news sentences that match
nothing). Fitted on the train queries and on the half of each negatives file whose ids hash to an
even number; the other half and the dev queries are only ever reported. Only numbers come out: no
text and no vocabulary of that data. Needs ``catboost`` (requirements/train.txt).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray

from benchmarks.training_rows import FOLDS, Rows, collect_rows
from contextlib_news.matching.encoder import DIMENSIONS, Encoder
from contextlib_news.matching.features import FEATURES, SEMANTIC_FEATURES
from contextlib_news.matching.scoring import (
    LEAF_STEPS,
    REFERENCE_CLAIMS,
    VERBATIM_SCORE,
    Model,
    model_from_row,
)

# False notes per 1,000 sentences that the threshold may give on the training halves.
# The files other than BABE hold too few such sentences to be looked at one by one.
BUDGETS = {("babe",): 8.0, ("debates", "headlines", "abc2006"): 2.3}

# Chosen by cross-validation on the train queries; more trees, deeper ones and other steps gave no
# more (docs/decisions/0003).
TREES = 300
SETTINGS = {"depth": 4, "learning_rate": 0.06, "l2_leaf_reg": 10, "rsm": 0.4, "random_seed": 3}

ABOUT = (
    "Oblivious boosted trees over the features named here, fitted by benchmarks/train_matching.py "
    "on CheckThat! 2022 tasks 2A and 2B (train), on collections cut out of them, and on news "
    "sentences that match nothing; numbers only, no text of that data."
)


def main() -> None:
    """Fit, choose the threshold, print what came out and write the model where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--semantic", action="store_true", help="fit the semantic tier's model")
    options = parser.parse_args()
    encoder = RememberingEncoder.opened() if options.semantic else None
    rows = collect_rows(options.folder, encoder)
    everything = Rows.joined(list(rows.values()))
    print(len(everything.labels), "pairs,", int(everything.labels.sum()), "right ones")
    unseen = {name: np.zeros(len(part.labels)) for name, part in rows.items()}
    for fold in range(FOLDS):
        model = fit(everything, everything.folds != fold)
        for name, part in rows.items():
            held = part.folds == fold
            unseen[name][held] = model.logits(part.values[held], REFERENCE_CLAIMS)
    slope, bias = calibrate(rows, unseen)
    print(f"calibration: slope {slope:.3f}, bias {bias:.3f}")
    model = fit(everything, np.ones(len(everything.labels), bool))
    threshold = choose_threshold(rows, unseen, slope, bias)
    row = model.row | {
        "slope": round(slope, 4), "bias": round(bias, 4), "threshold": threshold,
    }  # fmt: skip
    if options.output:
        text = json.dumps(row, separators=(",", ":")).replace('{"questions"', '\n{"questions"')
        options.output.write_text(text + "\n", encoding="utf-8")


class RememberingEncoder(Encoder):
    """An encoder that keeps all it has read: the same claims stand in many collections."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._read: dict[str, NDArray[np.float32]] = {}

    @classmethod
    def opened(cls) -> RememberingEncoder:
        """Return one with the installed weights."""
        opened = cls.open()
        assert isinstance(opened, cls)
        return opened

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, as the encoder does."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._read]
        self._read.update(zip(fresh, super().encode(fresh), strict=True))
        return np.array([self._read[text] for text in texts], np.float32).reshape(-1, DIMENSIONS)


def fit(rows: Rows, chosen: NDArray[np.bool_]) -> Model:
    """Return the trees fitted on the chosen rows, not yet calibrated."""
    learner = CatBoostClassifier(
        iterations=TREES, verbose=0, thread_count=2, allow_writing_files=False, **SETTINGS
    )
    learner.fit(rows.values[chosen], rows.labels[chosen], sample_weight=rows.weights[chosen])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        learner.save_model(str(path), format="json")
        grown: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    scale, (bias,) = grown["scale_and_bias"]
    trees = [
        {
            "questions": [split["float_feature_index"] for split in tree["splits"]],
            "borders": [round(split["border"], 6) for split in tree["splits"]],
            "leaves": [round(scale * leaf * LEAF_STEPS) for leaf in tree["leaf_values"]],
        }
        for tree in grown["oblivious_trees"]
        if len(tree["splits"]) == SETTINGS["depth"]
    ]
    features = FEATURES if rows.values.shape[1] == len(FEATURES) else SEMANTIC_FEATURES
    row = {
        "about": ABOUT, "features": list(features), "slope": 1.0, "bias": bias, "threshold": 0.5,
        "trees": trees,
    }  # fmt: skip
    return model_from_row(row)


def calibrate(rows: dict[str, Rows], unseen: dict[str, NDArray[np.float64]]) -> tuple[float, float]:
    """Return slope and bias (Platt) by which the trees' sums are probabilities on unseen pairs.

    Every set counts as it is, without the weights of the fit.
    """
    sums = np.concatenate([unseen[name] for name in rows])
    labels = np.concatenate([part.labels for part in rows.values()])
    design = np.stack([sums, np.ones(len(sums))], axis=1)
    beta = np.array([1.0, 0.0])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (probability - labels)
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.eye(2) * 1e-9, gradient)
        beta -= step
        if np.abs(step).max() < 1e-9:
            break
    return float(beta[0]), float(beta[1])


def choose_threshold(
    rows: dict[str, Rows], unseen: dict[str, NDArray[np.float64]], slope: float, bias: float
) -> float:
    """Return the least score at which the negatives keep their budgets on their train halves."""
    needed = 0.0
    for names, budget in BUDGETS.items():
        best: list[NDArray[np.float64]] = []
        for name in names:
            part = rows[name]
            scores = 1 / (1 + np.exp(-(slope * unseen[name] + bias)))
            best.append(part.best(np.where(part.verbatim, VERBATIM_SCORE, scores)))
        ranked = np.sort(np.concatenate(best))[::-1]
        at = float(ranked[int(budget * len(ranked) / 1000)])
        print(f"{', '.join(names)}: {len(ranked)} sentences; the budget needs {at:.4f}")
        needed = max(needed, at)
    return round(needed + 0.0005, 3)


if __name__ == "__main__":
    main()
