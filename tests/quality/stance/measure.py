"""Stance and differences on minimal pairs: one claim, sentences that differ in what they do to it.

Run as a script it prints the tables of docs/quality.md; ``-v`` adds what fails, ``FILE.tsv`` takes
one table only. A line of a table holds: phenomenon, claim, sentence, stance (``none`` where the
sentence says nothing about the claim), differences, the sentence before, the one after, the role of
the block. Differences are ``kind: page ~ claim`` joined by ``;``, or only the kind where the words
that show it may be chosen freely. ``blind.tsv`` was written before the rules it tests.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from contextlib_news import read_sentence
from contextlib_news.models import BlockRole, Difference, Reading

HERE = Path(__file__).parent
COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, a claim, and what the contract says the one does to the other."""

    table: str
    phenomenon: str
    claim: str
    sentence: str
    stance: str
    differences: tuple[tuple[str, str, str], ...]
    before: str
    after: str
    role: BlockRole | None

    def read(self) -> Reading:
        """Return what is read in it."""
        return read_sentence(
            self.sentence, self.claim, context=(self.before, self.after), role=self.role
        )


@dataclass(slots=True)
class Score:
    """Counts over items, and what went wrong."""

    asked: int = 0
    right: int = 0
    expected: int = 0
    found: int = 0
    met: int = 0
    wrong: list[str] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def accuracy(self) -> float:
        """Share of items whose stance is right."""
        return self.right / max(1, self.asked)

    @property
    def precision(self) -> float:
        """Share of the differences told that were expected."""
        return self.met / max(1, self.found)

    @property
    def recall(self) -> float:
        """Share of the expected differences that were told."""
        return self.met / max(1, self.expected)


def read_items(*names: str) -> list[Item]:
    """Return the items of the named tables, of all without a name."""
    paths = [HERE / name for name in names] if names else sorted(HERE.glob("*.tsv"))
    items = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            cells += [""] * (COLUMNS - len(cells))
            phenomenon, claim, sentence, stance, differences, before, after, role = cells
            items.append(
                Item(
                    table=path.stem,
                    phenomenon=phenomenon,
                    claim=claim,
                    sentence=sentence,
                    stance=stance,
                    differences=tuple(map(_difference, filter(None, differences.split("; ")))),
                    before=before,
                    after=after,
                    role=BlockRole(role) if role else None,
                )
            )
    return items


def _difference(cell: str) -> tuple[str, str, str]:
    kind, _, words = cell.partition(": ")
    page, _, claim = words.partition("~")
    return kind.strip(), page.strip(), claim.strip()


def measure(items: list[Item]) -> dict[str, Score]:
    """Return scores by phenomenon, and under ``all`` over all of them."""
    scores: dict[str, Score] = defaultdict(Score)
    for item in items:
        reading = item.read()
        stance = "none" if reading.stance is None else reading.stance.value
        met = _met(item.differences, reading.differences)
        for score in (scores["all"], scores[item.phenomenon]):
            score.asked += 1
            score.right += stance == item.stance
            score.expected += len(item.differences)
            score.found += len(reading.differences)
            score.met += met
            score.confusion[item.stance, stance] += 1
            exact = met == len(item.differences) == len(reading.differences)
            if stance != item.stance or not exact:
                told = [f"{d.kind}: {d.page} ~ {d.claim}" for d in reading.differences]
                score.wrong.append(
                    f"{'' if stance == item.stance else 'STANCE '}[{item.phenomenon}] "
                    f"{item.claim} | {item.sentence} | "
                    f"{item.before}>{item.after} | expected {item.stance} {item.differences}, "
                    f"read {stance} {told} by {reading.cues}"
                )
    return dict(scores)


def _met(expected: tuple[tuple[str, str, str], ...], told: tuple[Difference, ...]) -> int:
    """Return how many expected differences were told, each by one of its own."""
    free = list(told)
    met = 0
    for kind, page, claim in expected:
        for difference in free:
            if (
                difference.kind == kind
                and _same_words(page, difference.page)
                and _same_words(claim, difference.claim)
            ):
                free.remove(difference)
                met += 1
                break
    return met


def _same_words(expected: str, told: str) -> bool:
    """Say whether the words expected were told, give or take the words around them."""
    if not expected:
        return True
    one, other = (" ".join(text.casefold().split()) for text in (expected, told))
    return bool(other) and (one in other or other in one)


if __name__ == "__main__":
    chosen = [argument for argument in sys.argv[1:] if argument.endswith(".tsv")]
    table = measure(read_items(*chosen))
    print("| Phenomenon | Items | Stance right | Differences: precision | recall |")
    print("| --- | --- | --- | --- | --- |")
    for name, row in sorted(table.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        precision = f"{row.precision:.3f}" if row.found else ""
        recall = f"{row.recall:.3f}" if row.expected else ""
        print(f"| {name} | {row.asked} | {row.accuracy:.3f} | {precision} | {recall} |")
    if "-v" in sys.argv:
        print(*table["all"].wrong, sep="\n")
