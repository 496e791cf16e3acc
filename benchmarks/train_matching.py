"""Fit the weights of the matching model and choose its threshold from a budget of false notes.

usage: python benchmarks/train_matching.py EVAL_FOLDER [-o contextlib_news/data/matching_model.json]

EVAL_FOLDER holds the public evaluation data (CheckThat! 2022 2A and 2B, news sentences that match
nothing). Fitted on the train queries and on the half of each negatives file whose ids hash to an
even number; the other half and the dev queries are only ever reported. Only numbers come out: no
text and no vocabulary of that data.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.scoring import FEATURES
from contextlib_news.models import Claim

NEGATIVES = ("babe", "debates", "headlines", "abc2006")

# False notes per 1,000 sentences that the threshold may give on the training halves.
BUDGETS = {"babe": 8.0, "debates": 2.0, "headlines": 1.0, "abc2006": 1.0}
CANDIDATES_A_QUERY = 10
RIDGE = 1.0

_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S+")
_SIGNED = re.compile(r"—\s*(?P<name>[^(]*)\(@\w+\)\s*\w+ \d{1,2}, \d{4}\s*$")


def main() -> None:
    """Fit, choose the threshold, print the model and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    random.seed(20261124)
    rows: list[tuple[float, ...]] = []
    labels: list[float] = []
    weights: list[float] = []
    index = ClaimIndex.build(read_claims(options.folder, "checkthat2022-2a"))
    other = ClaimIndex.build(read_claims(options.folder, "checkthat2022-2b"))
    fillers = [text for name in NEGATIVES for text in negatives(options.folder, name, train=True)]
    sets = ((index, "checkthat2022-2a", 1.0), (other, "checkthat2022-2b", 0.3))
    for claims, name, weight in sets:
        for text, gold in read_queries(options.folder, name, "train"):
            # A sentence of news often holds more than the claim: half the queries are padded.
            for sentence in (text, pad(text, fillers)):
                for features, claim_id in pairs(claims, sentence):
                    rows.append(features)
                    labels.append(float(claim_id in gold))
                    weights.append(weight)
    for text in fillers:
        sentence = pad(text, fillers) if random.random() < 0.3 else text
        for features, _ in pairs(index, sentence, 4):
            rows.append(features)
            labels.append(0.0)
            weights.append(1.0)
    fitted = fit(np.array(rows), np.array(labels), np.array(weights))
    model = {
        "about": "Logistic weights over the features named in matching/scoring.py. Fitted by "
        "benchmarks/train_matching.py on CheckThat! 2022 tasks 2A and 2B (train) and on news "
        "sentences that match nothing; numbers only, no text of that data.",
        "bias": round(float(fitted[-1]), 4),
        "weights": {
            name: round(float(w), 4) for name, w in zip(FEATURES, fitted[:-1], strict=True)
        },
    }
    model["threshold"] = choose_threshold(index, fitted, options.folder)
    print(json.dumps(model, indent=2))
    if options.output:
        options.output.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")


def read_claims(folder: Path, name: str) -> Iterator[Claim]:
    """Yield the claims of an evaluation set in our own form."""
    with gzip.open(folder / name / "claims.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            yield Claim(
                id=row["id"],
                text=row["claim"],
                title=row.get("title") or None,
                subtitle=row.get("subtitle") or None,
                claimant=row.get("speaker") or None,
            )


def read_queries(folder: Path, name: str, part: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the queries without links, handles and dates; the author's name is kept."""
    with (folder / name / f"{part}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text = _LINK.sub(" ", row["text"])
            signed = _SIGNED.search(text)
            if signed:
                text = f"{text[: signed.start()]} {signed['name']}"
            yield " ".join(text.split()), set(row["gold"])


def negatives(folder: Path, name: str, *, train: bool) -> list[str]:
    """Return the sentences of one half of a negatives file, split by a hash of their ids."""
    with gzip.open(folder / "news-negatives" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows if (_hash(row["id"]) % 2 == 0) is train]


def pairs(index: ClaimIndex, text: str, limit: int = CANDIDATES_A_QUERY) -> Iterator[Any]:
    """Yield the features and the claim id of a sentence's best candidates."""
    (matches,) = index.search([text], limit=limit)
    for match in matches:
        found = index.features(text, match.claim_id)
        if found is not None and not found.verbatim:
            yield found.values, match.claim_id


def pad(text: str, fillers: list[str]) -> str:
    """Return the sentence with another one before or behind it."""
    filler = random.choice(fillers)
    return f"{filler} {text}" if random.random() < 0.5 else f"{text} {filler}"


def fit(rows: Any, labels: Any, weights: Any) -> Any:
    """Return logistic weights and a bias by Newton's method with a ridge."""
    design = np.hstack([rows, np.ones((len(rows), 1))])
    beta = np.zeros(design.shape[1])
    ridge = np.full(design.shape[1], RIDGE)
    ridge[-1] = 0.0
    for _ in range(30):
        probability = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weights * (probability - labels)) + ridge * beta
        curvature = (design * (weights * probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(ridge + 1e-9), gradient)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def choose_threshold(index: ClaimIndex, beta: Any, folder: Path) -> float:
    """Return the least score at which every negatives file keeps its budget on its train half."""
    needed = 0.3
    for name, budget in BUDGETS.items():
        texts = negatives(folder, name, train=True)
        best = []
        for text in texts:
            scores = [np.dot(f, beta[:-1]) + beta[-1] for f, _ in pairs(index, text, 6)]
            best.append(1 / (1 + np.exp(-max(scores, default=-30.0))))
        allowed = int(budget * len(texts) / 1000)
        ranked = sorted(best, reverse=True)
        at = ranked[allowed] if allowed < len(ranked) else 0.0
        print(name, len(texts), "sentences; budget needs a threshold of", round(float(at), 4))
        needed = max(needed, float(at))
    return round(needed, 3)


def _hash(identifier: str) -> int:
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:4], "big")


if __name__ == "__main__":
    main()
