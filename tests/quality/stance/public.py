"""Stance on two public data sets beside the majority class and a bag of cues.

Run as a script (``public.py FOLDER``, by default ``../shared/eval`` beside the checkout) it prints
the tables of docs/quality.md. *climate-fever*: a claim and a sentence of Wikipedia; "not enough
information" is no stance, and so is a sentence that discusses. *fnc-1*: a headline and the body of
an article; the body's strongest sentence counts, "unrelated" is no stance. Nothing is fitted to
either; the bag of cues is fitted on the training half.

The bag of cues knows which kinds of cue a text holds and how often, and not what they rule over.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from contextlib_news import Page, read_sentence
from contextlib_news.models import Reading, Stance
from contextlib_news.page.document import read_page
from contextlib_news.reading.cues import CueKind
from contextlib_news.reading.stance import MATCHED_COVERED
from contextlib_news.reading.statement import read_statement

SETS = ("climate-fever", "fnc1")
LABELS = {
    "SUPPORTS": "supports", "REFUTES": "refutes", "NOT_ENOUGH_INFO": "none",
    "agree": "supports", "disagree": "refutes", "discuss": "discusses", "unrelated": "none",
}  # fmt: skip
CLASSES = {
    "climate-fever": ("supports", "refutes", "none"),
    "fnc1": ("supports", "refutes", "discusses", "none"),
}

# Sentences of a body that are read, and how near the strongest another one must come to count
# before it: a body that asserts a thing here and reports it there reports it.
SENTENCES_READ = 60
NEAR = 0.8

RANKS = {Stance.REFUTES: 0, Stance.DISCUSSES: 1, Stance.SUPPORTS: 2}

Confusion = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the sentences it is compared with, and what people said of the two."""

    claim: str
    sentences: tuple[str, ...]
    label: str


def read_pairs(folder: Path, name: str, part: str) -> list[Pair]:
    """Return the pairs of a set; ``part`` is ``train`` or ``dev``."""
    where = folder / f"stance-{name}"
    if name == "climate-fever":
        return [
            Pair(row["claim"], (row["evidence"],), LABELS[row["label"]])
            for row in _rows(where / f"{part}.jsonl.gz")
        ]
    bodies = {
        row["body_id"]: tuple(s.text for s in read_page(Page(text=row["text"])).sentences)
        for row in _rows(where / f"{part}_bodies.jsonl.gz")
    }
    return [
        Pair(row["headline"], bodies[row["body_id"]], LABELS[row["stance"]])
        for row in _rows(where / f"{part}_pairs.jsonl.gz")
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def stance_of(pair: Pair) -> str:
    """Return what the sentences do to the claim: the strongest one decides."""
    told = ["", *pair.sentences[:SENTENCES_READ], ""]
    readings = [
        read_sentence(sentence, pair.claim, context=(before, after), least_covered=MATCHED_COVERED)
        for (before, sentence), (_, after) in pairwise(pairwise(told))
    ]
    found = [reading for reading in readings if reading.stance is not None]
    if not found:
        return "none"
    most = max(reading.covered for reading in found)
    near = [reading for reading in found if reading.covered >= NEAR * most]
    return str(min(near, key=_rank).stance)


def _rank(reading: Reading) -> int:
    return RANKS[reading.stance or Stance.SUPPORTS]


def measure(pairs: list[Pair], classes: tuple[str, ...]) -> Confusion:
    """Return how often each label was read as each; a stance that is no class is none."""
    counts: Confusion = Counter()
    for pair in pairs:
        stance = stance_of(pair)
        counts[pair.label, stance if stance in classes else "none"] += 1
    return counts


def macro_f1(counts: Confusion, classes: tuple[str, ...]) -> float:
    """Return the mean over the classes of the harmonic mean of precision and recall."""
    scores = []
    for name in classes:
        right = counts[name, name]
        said = sum(n for (_, stance), n in counts.items() if stance == name)
        asked = sum(n for (label, _), n in counts.items() if label == name)
        scores.append(2 * right / (said + asked) if said + asked else 0.0)
    return sum(scores) / len(scores)


def majority(pairs: list[Pair]) -> Confusion:
    """Return the counts of always saying the most frequent label."""
    labels = Counter(pair.label for pair in pairs)
    most = labels.most_common(1)[0][0]
    return Counter({(label, most): n for label, n in labels.items()})


# --- The bag of cues ------------------------------------------------------------------------------


def bag_of_cues(train: list[Pair], dev: list[Pair], classes: tuple[str, ...]) -> Confusion:
    """Return the counts of a softmax regression on cues, classes weighed alike."""
    rows = np.array([_cue_row(pair) for pair in train])
    centre, spread = rows.mean(0), rows.std(0) + 1e-9
    labels = np.array([classes.index(pair.label) for pair in train])
    weights = _fit((rows - centre) / spread, labels, len(classes))
    given = (np.array([_cue_row(pair) for pair in dev]) - centre) / spread
    said = np.argmax(_with_one(given) @ weights, axis=1)
    return Counter(
        (pair.label, classes[number]) for pair, number in zip(dev, said.tolist(), strict=True)
    )


def _cue_row(pair: Pair) -> list[float]:
    """Return the share of sentences with each kind of cue, in the claim and in the sentences."""
    row: list[float] = []
    for texts in ((pair.claim,), pair.sentences[:SENTENCES_READ] or ("",)):
        kinds = [_kinds(text) for text in texts]
        row += [sum(kind in held for held in kinds) / len(kinds) for kind in CueKind]
    return row


def _kinds(text: str) -> set[CueKind]:
    read = read_statement(text)
    return {cue.kind for cue in (*read.turns, *read.distance, *read.sources)}


def _fit(rows: Any, labels: Any, classes: int, *, steps: int = 400, rate: float = 0.5) -> Any:
    weights = np.zeros((rows.shape[1] + 1, classes))
    wanted = np.eye(classes)[labels]
    balance = (len(labels) / (classes * np.bincount(labels, minlength=classes)))[labels][:, None]
    rows = _with_one(rows)
    for _ in range(steps):
        scores = rows @ weights
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        weights -= rate * rows.T @ (balance * (likely - wanted)) / len(labels)
    return weights


def _with_one(rows: Any) -> Any:
    return np.hstack([rows, np.ones((len(rows), 1))])


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[3]
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "shared" / "eval"
    for chosen in SETS:
        names = CLASSES[chosen]
        known, asked = read_pairs(data, chosen, "train"), read_pairs(data, chosen, "dev")
        ours = measure(asked, names)
        print(f"{chosen}: {macro_f1(ours, names):.3f}; ", end="")
        print(f"majority {macro_f1(majority(asked), names):.3f}; ", end="")
        print(f"bag of cues {macro_f1(bag_of_cues(known, asked, names), names):.3f}")
        print(f"| said by people | {' | '.join(names)} |")
        print("| --- |" + " ---: |" * len(names))
        for label in names:
            print(f"| {label} | {' | '.join(str(ours[label, stance]) for stance in names)} |")
