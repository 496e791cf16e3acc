"""How well an index finds the claims of labelled sentences, and what a threshold costs.

For whoever has labels of their own: sentences with the claims that they are about, among them
sentences that are about none. Out comes recall against false notes, a threshold for a budget of
false notes, and on request a refit of the model on these labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.errors import InvalidPairsError
from contextlib_news.formats.pairs import LabelledSentence, read_pairs
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.scoring import VERBATIM_SCORE, Model, model_from_row, size_shift

__all__ = ["Curve", "LabelledSentence", "Point", "evaluate", "read_pairs", "refit"]

# False notes per 1,000 sentences that match nothing, at which recall is told.
BUDGETS = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)

# A refit is fitted and measured in so many parts: each sentence is judged by a model that has not
# seen it.
FOLDS = 5
LEAST_RIGHT = 20
CANDIDATES = 12

# How strongly a refit is held back: what one unit of slope or bias, and of a feature measured in
# its own spread, costs in log-likelihood (halved, squared). Few labels move the features little.
RIDGE_SCALE = 1.0
RIDGE = 30.0

LEAST_SPREAD = 1e-6

# Sentences compared at a time: their features take about 1 MB.
BATCH = 256

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one threshold gives: shares in 0..1, notes per 1,000 sentences."""

    threshold: float
    recall: float
    precision: float
    false_notes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Recall against false notes over all thresholds that make a difference.

    ``about`` and ``nothing`` count the sentences that are about a claim and about none; ``unknown``
    holds the ids among the labels that the index does not have.
    """

    points: tuple[Point, ...]
    current: Point
    about: int
    nothing: int
    unknown: tuple[str, ...] = ()

    def suggest(self, budget: float) -> Point:
        """Return the point with the most recall within a budget of false notes per 1,000.

        Of equal ones that with the highest threshold. Raises ValueError for a budget below 0.
        """
        if not budget >= 0:
            raise ValueError("a budget of false notes is 0 or more")
        fitting = [point for point in self.points if point.false_notes <= budget]
        return max(fitting, key=lambda point: (point.recall, point.threshold))

    def at_budgets(self) -> tuple[tuple[float, Point], ...]:
        """Return the best point of some round budgets."""
        return tuple((budget, self.suggest(budget)) for budget in BUDGETS)


def evaluate(index: ClaimIndex, pairs: Sequence[LabelledSentence]) -> Curve:
    """Return what the best match of each sentence is worth at every threshold."""
    found = [
        matches
        for at in range(0, len(pairs), BATCH)
        for matches in index.search([pair.text for pair in pairs[at : at + BATCH]], limit=1)
    ]
    scores = np.array([matches[0].score if matches else 0.0 for matches in found])
    right = np.array(
        [
            bool(matches) and matches[0].claim_id in pair.claims
            for matches, pair in zip(found, pairs, strict=True)
        ],
        bool,
    )
    return _curve(scores, right, pairs, index.threshold, _unknown(index, pairs))


def refit(
    index: ClaimIndex, pairs: Sequence[LabelledSentence], budget: float
) -> tuple[Model, Curve]:
    """Return the index's model fitted to these labels, and the curve on sentences held out.

    The trees stay; what is fitted is how their sum becomes a probability and a correction by
    feature, drawn towards none by a ridge. The threshold is the one that ``budget`` (false notes
    per 1,000 sentences that match nothing) allows. Raises InvalidPairsError where the labels are
    too few to learn from, ValueError where ``budget`` is below 0.
    """
    sentences, values, labels, verbatim = _compare(index, pairs)
    about = sum(bool(pair.claims) for pair in pairs)
    found = len(np.unique(sentences[labels > 0]))
    if found < LEAST_RIGHT or len(pairs) - about < LEAST_RIGHT:
        raise InvalidPairsError(
            f"too few labels for a refit: it needs at least {LEAST_RIGHT} sentences that are about "
            f"a claim of the index and share words with it (here {found}), and {LEAST_RIGHT} that "
            f"are about none (here {len(pairs) - about})"
        )
    held_out = np.zeros(len(labels))
    for fold in range(FOLDS):
        chosen = sentences % FOLDS != fold
        part = _fit(index.model, values[chosen], labels[chosen], len(index), 0.5)
        held_out[~chosen] = part.probabilities(values[~chosen], verbatim[~chosen], len(index))
    scores = np.zeros(len(pairs))
    right = np.zeros(len(pairs), bool)
    order = np.argsort(index.model.standing(values, verbatim, held_out), kind="stable")
    scores[sentences[order]] = held_out[order]
    right[sentences[order]] = labels[order] > 0
    unknown = _unknown(index, pairs)
    threshold = _curve(scores, right, pairs, index.threshold, unknown).suggest(budget).threshold
    model = _fit(index.model, values, labels, len(index), threshold)
    return model, _curve(scores, right, pairs, model.threshold, unknown)


def _compare(
    index: ClaimIndex, pairs: Sequence[LabelledSentence]
) -> tuple[NDArray[np.int64], Floats, Floats, NDArray[np.bool_]]:
    """Return what a model is fitted on, a row a candidate.

    The number of its sentence, its features (candidates x the model's features), 1 or 0 for a right
    or a wrong claim, and whether it stands in the sentence word for word.
    """
    wide = len(index.model.features)
    sentences, labels, verbatim = [], [], []
    values: list[Floats] = []
    for start in range(0, len(pairs), BATCH):
        rows = list(index.compare([pair.text for pair in pairs[start : start + BATCH]], CANDIDATES))
        # An index opened with its encoder may carry a model that knows nothing of it.
        values += [np.array([row[2][:wide] for row in rows], np.float64).reshape(-1, wide)]
        sentences += [start + row[0] for row in rows]
        labels += [float(row[1] in pairs[start + row[0]].claims) for row in rows]
        verbatim += [row[3] for row in rows]
    return (
        np.array(sentences, np.int64),
        np.concatenate([*values, np.zeros((0, wide))]),
        np.array(labels, np.float64),
        np.array(verbatim, bool),
    )


def _unknown(index: ClaimIndex, pairs: Sequence[LabelledSentence]) -> tuple[str, ...]:
    """Return the labelled ids that the index does not have."""
    labelled = {claim_id for pair in pairs for claim_id in pair.claims}
    return tuple(sorted(claim_id for claim_id in labelled if index.claim(claim_id) is None))


def _curve(
    scores: Floats,
    right: NDArray[np.bool_],
    pairs: Sequence[LabelledSentence],
    threshold: float,
    unknown: tuple[str, ...],
) -> Curve:
    about = np.array([bool(pair.claims) for pair in pairs], bool)
    wanted, nothing = int(about.sum()), int((~about).sum())

    def at(limit: float) -> Point:
        shown = (scores >= limit) & (scores > 0)
        return Point(
            threshold=limit,
            recall=float((shown & right).sum() / max(wanted, 1)),
            precision=float((shown & right).sum() / max(shown.sum(), 1)),
            false_notes=float(1000 * (shown & ~about).sum() / max(nothing, 1)),
        )

    limits = [*sorted({float(score) for score in scores if score > 0}), 1.0]
    points = tuple(at(limit) for limit in _thinned(limits))
    return Curve(
        points=points, current=at(threshold), about=wanted, nothing=nothing, unknown=unknown
    )


def _thinned(limits: Sequence[float], most: int = 2_000) -> Iterator[float]:
    """Yield at most so many of the limits, the first and the last among them."""
    step = max(1, -(-len(limits) // most))
    yield from (limit for at, limit in enumerate(limits) if at % step == 0 or at == len(limits) - 1)


def _fit(model: Model, values: Floats, labels: Floats, claims: int, threshold: float) -> Model:
    """Return the model with slope, bias and correction fitted by Newton's method.

    The ridge draws the slope towards 1 and all else towards 0, so that labels which some border
    parts without a mistake do not send the weights to infinity.
    """
    size = size_shift(values, claims)
    base = model.logits(values, claims) - size
    middle, spread = values.mean(axis=0), values.std(axis=0)
    # What is the same in all pairs, such as the size of the index, gets no weight.
    spread = np.where(spread > LEAST_SPREAD, spread, np.inf)
    design = np.hstack([base[:, None], np.ones((len(base), 1)), (values - middle) / spread])
    start = np.zeros(design.shape[1])
    start[0] = 1.0
    ridge = np.full(design.shape[1], RIDGE)
    ridge[:2] = RIDGE_SCALE

    def loss(beta: Floats) -> float:
        sums = design @ beta + size
        missed = np.logaddexp(0, sums) - labels * sums
        return float(missed.sum() + (ridge * (beta - start) ** 2).sum() / 2)

    beta, now = start, loss(start)
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta + size, -500, 500)))
        gradient = design.T @ (probability - labels) + ridge * (beta - start)
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        # A whole step may overshoot where the labels are parted almost without a mistake.
        for _ in range(20):
            if (after := loss(beta - step)) <= now:
                break
            step /= 2
        else:
            break
        beta, now = beta - step, after
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[2:] / spread
    row: dict[str, Any] = model.row | {
        "slope": float(model.slope * beta[0]),
        "bias": float(model.bias * beta[0] + beta[1] - weights @ middle),
        "threshold": min(threshold, VERBATIM_SCORE),
        "weights": {
            name: float(old * beta[0] + new)
            for name, old, new in zip(model.features, model.weights, weights, strict=True)
        },
    }
    return model_from_row(row)
