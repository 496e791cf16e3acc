"""How well an index finds the claims of labelled sentences, and what a threshold costs.

For whoever has labels of their own: sentences with the claims that they are about, among them
sentences that are about none. Out comes recall against false notes, a threshold for a budget of
false notes, and on request a refit of the model on these labels.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.errors import InvalidPairsError
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.scoring import VERBATIM_SCORE, Model, model_from_row, size_shift

__all__ = ["Curve", "LabelledSentence", "Point", "evaluate", "read_pairs", "refit"]

# False notes per 1,000 sentences that match nothing, at which recall is told.
BUDGETS = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)

# A refit is fitted and measured in so many parts: each sentence is judged by a model that has not
# seen it.
FOLDS = 5
RIDGE = 30.0
LEAST_RIGHT = 20
CANDIDATES = 12

MAX_LINE_CHARACTERS = 1_000_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSentence:
    """A sentence and the ids of the claims that it is about; none where it matches nothing."""

    text: str
    claims: frozenset[str]


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
        """Return the point with the most recall within a budget of false notes per 1,000."""
        fitting = [point for point in self.points if point.false_notes <= budget]
        return max(fitting, key=lambda point: (point.recall, point.threshold))

    def at_budgets(self) -> tuple[tuple[float, Point], ...]:
        """Return the best point of some round budgets."""
        return tuple((budget, self.suggest(budget)) for budget in BUDGETS)


def read_pairs(path: str | Path) -> list[LabelledSentence]:
    """Return the labelled sentences of a file.

    JSONL with ``text`` and ``claims`` (a list of ids, empty for none) a line, or CSV with the
    columns ``text`` and ``claim`` (an id, empty for none); lines of one text are joined. Raises
    :class:`~contextlib_news.errors.InvalidPairsError` naming the line, OSError where the file
    cannot be read.
    """
    path = Path(path)
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = _csv_rows(file) if path.suffix.lower() == ".csv" else _json_rows(file)
        for line, text, claims in rows:
            if not isinstance(text, str) or not text.strip():
                raise InvalidPairsError(f"{path}: line {line}: 'text' must be a sentence")
            if not isinstance(claims, list) or not all(isinstance(c, str) for c in claims):
                raise InvalidPairsError(f"{path}: line {line}: 'claims' must be a list of ids")
            found.setdefault(text, set()).update(claims)
    if not found:
        raise InvalidPairsError(f"{path}: no labelled sentence in it")
    return [LabelledSentence(text=text, claims=frozenset(ids)) for text, ids in found.items()]


def evaluate(index: ClaimIndex, pairs: Sequence[LabelledSentence]) -> Curve:
    """Return what the best match of each sentence is worth at every threshold."""
    found = index.search([pair.text for pair in pairs], limit=1)
    scores = np.array([matches[0].score if matches else 0.0 for matches in found])
    right = np.array(
        [
            bool(matches) and matches[0].claim_id in pair.claims
            for matches, pair in zip(found, pairs, strict=True)
        ],
        bool,
    )
    unknown = sorted({i for pair in pairs for i in pair.claims if index.claim(i) is None})
    return _curve(scores, right, pairs, index.threshold, tuple(unknown))


def refit(
    index: ClaimIndex, pairs: Sequence[LabelledSentence], budget: float
) -> tuple[Model, Curve]:
    """Return the index's model fitted to these labels, and the curve on sentences held out.

    The trees stay; what is fitted is how their sum becomes a probability and a correction by
    feature, drawn towards none by a ridge. The threshold is the one that ``budget`` (false notes
    per 1,000 sentences that match nothing) allows. Raises InvalidPairsError where the labels are
    too few to learn from.
    """
    rows = list(index.compare([pair.text for pair in pairs], CANDIDATES))
    values = np.array([row[2] for row in rows], np.float64).reshape(len(rows), -1)
    labels = np.array([float(row[1] in pairs[row[0]].claims) for row in rows])
    about = sum(bool(pair.claims) for pair in pairs)
    if labels.sum() < LEAST_RIGHT or about == len(pairs):
        raise InvalidPairsError(
            f"too few labels for a refit: at least {LEAST_RIGHT} sentences that are about a claim "
            "of the index, and some that are about none"
        )
    sentences = np.array([row[0] for row in rows])
    verbatim = np.array([row[3] for row in rows], bool)
    held_out = np.zeros(len(rows))
    for fold in range(FOLDS):
        chosen = sentences % FOLDS != fold
        part = _fit(index.model, values[chosen], labels[chosen], len(index), 0.5)
        held_out[~chosen] = part.probabilities(values[~chosen], verbatim[~chosen], len(index))
    scores = np.zeros(len(pairs))
    right = np.zeros(len(pairs), bool)
    order = np.argsort(held_out, kind="stable")
    scores[sentences[order]] = held_out[order]
    right[sentences[order]] = labels[order] > 0
    curve = _curve(scores, right, pairs, index.threshold, ())
    threshold = min(round(curve.suggest(budget).threshold, 4), VERBATIM_SCORE)
    model = _fit(index.model, values, labels, len(index), threshold)
    return model, _curve(scores, right, pairs, threshold, ())


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
    """Return the model with slope, bias and correction fitted by Newton's method."""
    size = size_shift(values, claims)
    base = model.logits(values, claims) - size
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    design = np.hstack([base[:, None], np.ones((len(base), 1)), (values - middle) / spread])
    beta = np.zeros(design.shape[1])
    beta[0] = 1.0
    ridge = np.full(design.shape[1], RIDGE)
    ridge[:2] = 1e-6
    for _ in range(40):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta + size, -30, 30)))
        gradient = design.T @ (probability - labels) + ridge * (beta * (np.arange(len(beta)) > 1))
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(ridge), gradient)
        beta -= step
        if np.abs(step).max() < 1e-8:
            break
    weights = beta[2:] / spread
    row: dict[str, Any] = model.row | {
        "slope": float(model.slope * beta[0]),
        "bias": float(model.bias * beta[0] + beta[1] - weights @ middle),
        "threshold": threshold,
        "weights": {
            name: float(old * beta[0] + new)
            for name, old, new in zip(model.features, model.weights, weights, strict=True)
        },
    }
    return model_from_row(row)


def _json_rows(file: Iterable[str]) -> Iterator[tuple[int, object, object]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line) if len(line) <= MAX_LINE_CHARACTERS else None
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InvalidPairsError(
                f"line {number}: not a JSON object such as "
                '{"text": "a sentence", "claims": ["an-id"]}'
            )
        yield number, row.get("text"), row.get("claims", row.get("gold"))


def _csv_rows(file: Iterable[str]) -> Iterator[tuple[int, object, object]]:
    reader = csv.DictReader(file)
    if not {"text", "claim"} <= set(reader.fieldnames or ()):
        raise InvalidPairsError("the first line must name the columns 'text' and 'claim'")
    for row in reader:
        claim = (row.get("claim") or "").strip()
        yield reader.line_num, row.get("text"), [claim] if claim else []
