"""Fit the matching model and choose its threshold from a budget of false notes.

usage: python -m benchmarks.train_matching EVAL_FOLDER [--semantic] [--order]
           [-o contextlib_news/data/matching_model.json (or semantic_model.json)]

By meaning each sentence is compared by one of three encoders (``benchmarks/adapters``) that has not
learned from it.

EVAL_FOLDER holds the public evaluation data (CheckThat! 2022 2A and 2B, news sentences that match
nothing). Fitted on the train queries and on the half of each negatives file whose ids hash to an
even number; the other half and the dev queries are only ever reported. With ``--order`` only the
weights that order the claims of a sentence are fitted, and put into the model that ships. Only
numbers come out: no text and no vocabulary of that data. Needs ``catboost``, which
requirements/train.txt has.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray

from benchmarks.encoder_texts import PARTS
from benchmarks.training_rows import FOLDS, ORDER_WEIGHTS, Rows, collect_queries, collect_rows
from contextlib_news.matching.encoder import DIMENSIONS, Encoder
from contextlib_news.matching.features import FEATURES, SEMANTIC_FEATURES
from contextlib_news.matching.ranking import ranks_of
from contextlib_news.matching.scoring import (
    LEAF_STEPS,
    REFERENCE_CLAIMS,
    VERBATIM_LEAD,
    Model,
    load_model,
    model_from_row,
)

# False notes per 1,000 sentences that the threshold may give on the training half of each file.
# Without a neural model such that the other half keeps what is allowed (10 for BABE, 3 elsewhere)
# nineteen times in twenty, by Poisson's law; by meaning one standard error below what is allowed
# (17 and 3), so that four of five right claims are found. Of BABE's 3 are right, and the training
# half has none of those left.
BUDGETS = {
    False: {"babe": 3.4, "debates": 1.3, "headlines": 1.3, "abc2006": 1.3},
    True: {"babe": 13.0, "debates": 1.8, "headlines": 1.8, "abc2006": 1.8},
}

# Number i has not learned from the sentences i, i + PARTS, i + 2 * PARTS ... of each file.
ADAPTERS = [
    Path(__file__).with_name("adapters") / f"encoder_adapter-{part}.safetensors"
    for part in range(PARTS)
]

# So many claims of a sentence are learned from, the first by their order: with one, three or six as
# much was found on the train queries as with all.
LEADING = 6

# The highest so many sentences that match nothing say how fast such scores thin out.
TAIL = 30

# Chosen by cross-validation on the train queries; more trees, deeper ones and other steps gave no
# more (docs/decisions/0003).
SETTINGS = {"depth": 4, "l2_leaf_reg": 10, "rsm": 0.4, "border_count": 64, "learning_rate": 0.2}
TREES = {False: 60, True: 120}

# Several short fits, each with other chances, err less together than one long fit: the threshold
# lies where few rows are. The semantic tier has twice the pairs and costs twice as much to fit.
SEEDS = {False: (1, 2, 3, 4, 5), True: (1, 2, 3)}

# A logistic regression beside the trees counts half, by meaning .3: it knows no corners, so that
# far out, where the threshold lies and rows are few, it errs otherwise than they do
# (docs/decisions/0003).
TREE_SHARE = {False: 0.5, True: 0.7}
RIDGE = 10.0
LEAST_SPREAD = 1e-6

# Of 3, 10 and 30 by cross-validation on the train queries.
ORDER_RIDGE = 30.0

# Features that say how far a claim is from the sentence, and those that say neither; all others
# say how near it is.
FALLING = {
    "heaviest_missing", "numbers_missing", "numbers_foreign", "names_missing", "names_foreign",
    "core_missing", "heaviest_unanswered",
}  # fmt: skip
UNDIRECTED = {"wording_terms", "headline", "sentence_terms", "claims"}

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
    parser.add_argument("--order", action="store_true", help="fit the order alone, keep the rest")
    options = parser.parse_args()
    encoders = [RememberingEncoder.opened(path) for path in ADAPTERS] if options.semantic else []
    if options.order:
        kept = load_model(semantic=options.semantic).row
        order = fit_order(collect_queries(options.folder, encoders))
        return write(kept | {"order": order}, options.output)
    rows = collect_rows(options.folder, encoders)
    order = fit_order(rows)
    rows = {name: leading(part, order) for name, part in rows.items()}
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
    threshold = choose_threshold(rows, unseen, slope, bias, BUDGETS[options.semantic])
    row = model.row | {
        "slope": round(slope, 4), "bias": round(slope * model.bias + bias, 4),
        "threshold": threshold,
        "weights": {
            name: round(slope * weight, 5)
            for name, weight in zip(model.features, model.weights.tolist(), strict=True)
        },
        "order": order,
    }  # fmt: skip
    write(row, options.output)


def leading(rows: Rows, order: Mapping[str, float]) -> Rows:
    """Return the rows of the LEADING claims of each sentence; only they may get a note."""
    features = FEATURES if rows.values.shape[1] == len(FEATURES) else SEMANTIC_FEATURES
    standing = rows.values @ np.array([order.get(name, 0.0) for name in features])
    standing[rows.verbatim] += VERBATIM_LEAD
    ranked = np.lexsort((-standing, rows.sentences))
    kept = np.zeros(len(ranked), np.bool_)
    kept[ranked] = ranks_of(rows.sentences[ranked]) < LEADING
    return rows.chosen(kept)


def write(row: dict[str, Any], path: Path | None) -> None:
    """Write a model, a line a tree, where there is a path to write it to."""
    if path:
        text = json.dumps(row, separators=(",", ":")).replace('{"questions"', '\n{"questions"')
        path.write_text(text + "\n", encoding="utf-8")


class RememberingEncoder(Encoder):
    """An encoder that keeps all it has read: the same claims stand in many collections."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._read: dict[str, NDArray[np.float32]] = {}

    @classmethod
    def opened(cls, adapter: Path) -> RememberingEncoder:
        """Return one with the installed weights and the changes of a file."""
        opened = cls.open(adapter=adapter)
        assert isinstance(opened, cls)
        return opened

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, as the encoder does."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._read]
        self._read.update(zip(fresh, super().encode(fresh), strict=True))
        return np.array([self._read[text] for text in texts], np.float32).reshape(-1, DIMENSIONS)


def fit(rows: Rows, chosen: NDArray[np.bool_]) -> Model:
    """Return the trees fitted on the chosen rows, not yet calibrated."""
    values, labels = rows.values[chosen], rows.labels[chosen]
    weights = rows.weights[chosen]
    features = FEATURES if values.shape[1] == len(FEATURES) else SEMANTIC_FEATURES
    by_meaning = features is SEMANTIC_FEATURES
    seeds, tree_share = SEEDS[by_meaning], TREE_SHARE[by_meaning]
    linear, middle = regress(values, labels, weights)
    bias = (1 - tree_share) * middle
    trees = []
    for seed in seeds:
        grown = grow(values, labels, weights, seed, TREES[by_meaning])
        scale, (start,) = grown["scale_and_bias"]
        share = tree_share / len(seeds)
        bias += share * start
        trees += [
            {
                "questions": [split["float_feature_index"] for split in tree["splits"]],
                "borders": [round(split["border"], 6) for split in tree["splits"]],
                "leaves": [
                    round(share * scale * leaf * LEAF_STEPS) for leaf in tree["leaf_values"]
                ],
            }
            for tree in grown["oblivious_trees"]
            if len(tree["splits"]) == SETTINGS["depth"]
        ]
    row = {
        "about": ABOUT, "features": list(features), "slope": 1.0,
        "bias": bias, "threshold": 0.5,
        "weights": dict(zip(features, ((1 - tree_share) * linear).tolist(), strict=True)),
        "trees": trees,
    }  # fmt: skip
    return model_from_row(row)


def grow(
    values: NDArray[np.float64],
    labels: NDArray[np.float64],
    weights: NDArray[np.float64],
    seed: int,
    trees: int,
) -> dict[str, Any]:
    """Return the boosted trees of one seed, as CatBoost writes them."""
    learner = CatBoostClassifier(
        verbose=0,
        thread_count=2,
        allow_writing_files=False,
        random_seed=seed,
        iterations=trees,
        **SETTINGS,
    )
    learner.fit(values, labels, sample_weight=weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        learner.save_model(str(path), format="json")
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def regress(
    values: NDArray[np.float64], labels: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return weights and bias of a ridge logistic regression, by Newton's method.

    The number of claims gets no weight: what it says of sizes between those of the training
    collections is no line that could be drawn further.
    """
    middle = np.average(values, axis=0, weights=weights)
    spread = np.sqrt(np.average((values - middle) ** 2, axis=0, weights=weights))
    spread[(spread < LEAST_SPREAD) | (np.array(SEMANTIC_FEATURES)[: len(spread)] == "claims")] = (
        np.inf
    )
    design = np.hstack([(values - middle) / spread, np.ones((len(values), 1))])
    ridge = np.append(np.full(values.shape[1], RIDGE), 1e-6)
    beta = np.zeros(design.shape[1])
    for _ in range(20):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weights * (probability - labels)) + ridge * beta
        curvature = (design * (weights * probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        beta -= step
        if np.abs(step).max() < 1e-5:
            break
    found = beta[:-1] / spread
    return found, float(beta[-1] - found @ middle)


def fit_order(rows: Mapping[str, Rows]) -> dict[str, float]:
    """Return the weights by feature that order the claims of a sentence.

    They make the right claims of the train queries likely among all candidates of their sentence
    (the list-wise likelihood of Cao et al., 2007), so that nothing is asked of values that are the
    same for all of them. Both query sets count alike. What a claim shares with a sentence may only
    raise it and what differs only lower it: features say much the same, and weights left free
    rewarded a wrong number. By Newton's method within these bounds, each step halved until the loss
    falls.
    """
    parts = [(rows[name], weight) for name, weight in ORDER_WEIGHTS.items()]
    joined = Rows.joined([part for part, _ in parts])
    groups = joined.sentences
    by_group = np.argsort(groups, kind="stable")
    weights = np.repeat([weight for _, weight in parts], [len(p.labels) for p, _ in parts])
    answered = np.bincount(groups, joined.labels) > 0
    chosen = by_group[answered[groups[by_group]]]
    labels, weights, groups = joined.labels[chosen], weights[chosen], groups[chosen]
    design = joined.values[chosen]
    middle = np.average(design, axis=0, weights=weights)
    spread = np.sqrt(np.average((design - middle) ** 2, axis=0, weights=weights))
    spread[spread < LEAST_SPREAD] = np.inf
    design = design / spread
    begin = np.flatnonzero(np.diff(groups, prepend=-1))
    group = np.cumsum(np.diff(groups, prepend=-1) != 0) - 1
    wanted = labels / np.add.reduceat(labels, begin)[group]

    def likely(beta: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        sums = design @ beta
        raised = np.exp(sums - np.maximum.reduceat(sums, begin)[group])
        chance = raised / np.add.reduceat(raised, begin)[group]
        loss = -(weights * wanted * np.log(np.maximum(chance, 1e-300))).sum()
        return chance, float(loss + ORDER_RIDGE * (beta**2).sum() / 2)

    features = FEATURES if design.shape[1] == len(FEATURES) else SEMANTIC_FEATURES
    lower = np.array([-np.inf if name in FALLING | UNDIRECTED else 0.0 for name in features])
    upper = np.array([0.0 if name in FALLING else np.inf for name in features])
    beta = np.zeros(design.shape[1])
    chance, now = likely(beta)
    for _ in range(50):
        gradient = design.T @ (weights * (chance - wanted)) + ORDER_RIDGE * beta
        centred = design - np.add.reduceat(design * chance[:, None], begin, axis=0)[group]
        curvature = (centred * (weights * chance)[:, None]).T @ centred
        pressed = ((beta <= lower) & (gradient > 0)) | ((beta >= upper) & (gradient < 0))
        (free,) = np.nonzero(~pressed)
        inner = (curvature + ORDER_RIDGE * np.eye(len(beta)))[np.ix_(free, free)]
        step = np.zeros(len(beta))
        step[free] = np.linalg.solve(inner, gradient[free])
        before = beta
        beta = np.clip(before - step, lower, upper)
        while np.abs(step).max() > 1e-9 and likely(beta)[1] > now:
            step /= 2
            beta = np.clip(before - step, lower, upper)
        chance, now = likely(beta)
        if np.abs(beta - before).max() < 1e-6:
            break
    found = (beta / spread).tolist()
    rounded = [round(weight, 4) for weight in found]
    return {name: weight for name, weight in zip(features, rounded, strict=True) if weight}


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
    rows: dict[str, Rows],
    unseen: dict[str, NDArray[np.float64]],
    slope: float,
    bias: float,
    budgets: dict[str, float],
) -> float:
    """Return the least score at which each file of negatives keeps its budget on its train half.

    The log-odds of the highest are taken to thin out exponentially, so that not one single sentence
    decides (the usual estimate of Hill, 1975, of a tail). Pairs that hold word for word get a note
    at any threshold and are taken off the budget.
    """
    needed = 0.0
    for name, budget in budgets.items():
        part = rows[name]
        odds = np.where(part.verbatim, np.inf, slope * unseen[name] + bias)
        ranked = np.sort(part.best(odds, least=-np.inf))[::-1]
        certain = int(np.isposinf(ranked).sum())
        allowed = budget * len(ranked) / 1000 - certain
        if allowed <= 0:
            raise ValueError(f"{name}: {certain} sentences hold a claim word for word")
        floor = ranked[certain + TAIL]
        thinning = float((ranked[certain : certain + TAIL] - floor).mean())
        odds_needed = float(floor + thinning * np.log(TAIL / allowed))
        at = 1 / (1 + np.exp(-odds_needed))
        print(f"{name}: {len(ranked)} sentences; the budget needs {at:.4f}")
        needed = max(needed, at)
    return round(needed + 0.0005, 3)


if __name__ == "__main__":
    main()
