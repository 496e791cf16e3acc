"""What reading costs beside matching, on pages of sixty sentences.

usage: python -m benchmarks.reading [--claims 1M] [--index FILE] [--eval FOLDER] [--cache FOLDER]

Processor time of one thread, each page read once after other pages of news. *BABE* are sentences of
news that mostly match nothing, *2A* tweets and *2B* debate sentences with their claims, *planted*
noisy copies of synthetic claims, whose made-up words no cache has met. A sentence is read with each
claim above the threshold, at most five, as ``annotate`` does it. The cost of a pair is told over
the ten best candidates of every sentence, whatever their score: mostly sentences that say nothing
about the claim, which is also what a reader's page holds most.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.corpora import haystack
from benchmarks.pages import query_sets, warm_up
from contextlib_news import ClaimIndex, read_sentence
from contextlib_news.annotate import CANDIDATES_PER_SENTENCE, CLAIMS_PER_SENTENCE
from contextlib_news.models import Claim
from contextlib_news.reading.stance import MATCHED_COVERED

PLANTED = 600
SETS = ("news", "2a", "2b", "planted")


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time for one page, and how many pairs were read."""

    matching: float
    reading: float
    pairs: int
    candidates: float
    candidate_pairs: int


def main() -> None:
    """Print the table."""
    options = _options()
    evaluation = options.eval if options.eval.exists() else None
    corpus = haystack(options.claims, options.cache / "corpora", evaluation)
    path = options.index or options.cache / "reading" / f"{corpus.path.stem}.idx"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        ClaimIndex.build(corpus.claims()).save(path)
    index = ClaimIndex.open(path)
    for page in warm_up(evaluation).pages():
        measure(page, index)
    print(f"{len(index):,} claims, milliseconds of processor time a page of 60 sentences, median\n")
    print("| page | matching | reading | reading / matching | pairs read | ms a pair |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for queries in query_sets(corpus, evaluation, PLANTED):
        if queries.name in SETS:
            print(_row(queries.title, [measure(page, index) for page in queries.pages()]))


def _row(title: str, costs: Sequence[Cost]) -> str:
    matching = float(np.median([cost.matching for cost in costs]))
    reading = float(np.median([cost.reading for cost in costs]))
    pairs = float(np.median([cost.pairs for cost in costs]))
    each = sum(cost.candidates for cost in costs) / max(1, sum(c.candidate_pairs for c in costs))
    return (
        f"| {title} | {matching:.1f} | {reading:.1f} | {reading / matching:.2f} | {pairs:.0f} "
        f"| {each:.3f} |"
    )


def measure(page: Sequence[str], index: ClaimIndex) -> Cost:
    """Return what matching and reading one page cost."""
    started = time.process_time()
    hits = index.search(page, limit=CANDIDATES_PER_SENTENCE)
    matching = time.process_time() - started
    found: list[tuple[int, list[Claim]]] = []
    others: list[tuple[int, list[Claim]]] = []
    for number, matches in enumerate(hits):
        above = [m for m in matches if m.score >= index.threshold][:CLAIMS_PER_SENTENCE]
        found.append((number, _claims(index, [m.claim_id for m in above])))
        others.append((number, _claims(index, [m.claim_id for m in matches if m not in above])))
    reading = _read(page, found)
    candidates = _read(page, others)
    return Cost(1000 * matching, 1000 * reading, _count(found), 1000 * candidates, _count(others))


def _claims(index: ClaimIndex, ids: Sequence[str]) -> list[Claim]:
    return [claim for claim in map(index.claim, ids) if claim is not None]


def _count(found: Sequence[tuple[int, list[Claim]]]) -> int:
    return sum(len(claims) for _, claims in found)


def _read(page: Sequence[str], found: Sequence[tuple[int, list[Claim]]]) -> float:
    """Return the seconds that reading each sentence with its claims takes."""
    told = ["", *page, ""]
    started = time.process_time()
    for number, claims in found:
        context = told[number], told[number + 2]
        for claim in claims:
            read_sentence(page[number], claim, context=context, least_covered=MATCHED_COVERED)
    return time.process_time() - started


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=_size, default=1_000_000)
    parser.add_argument("--index", type=Path, help="an index file of the same claims")
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--cache", type=Path, default=Path("build/benchmarks"))
    return parser.parse_args()


def _size(text: str) -> int:
    scale = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text.rstrip("kM")) * scale


if __name__ == "__main__":
    main()
