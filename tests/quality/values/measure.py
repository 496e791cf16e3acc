"""Changed values in sentences of news: how many are told, and what is told without reason.

Run as a script with the folder of the evaluation data it prints the table of docs/quality.md;
``-v`` adds what was missed. Each sentence of the news negatives is taken for a claim, and a copy of
it with one value changed for the page's sentence: a number that is larger by seven tenths and two,
a year that is seven less, a country or an unknown name for a name. A changed number that is no
number any more (an age of 129, "37st", a count that reads as a year) is left out. Without reason is
what is told of a sentence and itself, or of two sentences that follow each other in the data, which
say different things of different matters.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contextlib_news.reading.dates import find_dates
from contextlib_news.reading.differences import find_differences
from contextlib_news.reading.names import find_names
from contextlib_news.reading.quantities import find_quantities

COUNTRIES = ("Bolivia", "Zambia", "Norway", "Laos")
UNKNOWN = ("Marchetti", "Fenwick", "Kimura", "Gunnarsson")
_FIGURES = re.compile(r"\d[\d,.]*\d|\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(slots=True)
class Score:
    """Changes made and told, and those that were not."""

    made: int = 0
    told: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the changes that were told."""
        return self.told / max(1, self.made)

    def count(self, changed: str, sentence: str, kinds: frozenset[str]) -> None:
        """Count a changed sentence against the one that it was made of."""
        self.made += 1
        if any(d.kind.value in kinds for d in find_differences(changed, sentence)):
            self.told += 1
        else:
            self.missed.append(changed)


def read_sentences(folder: Path) -> list[str]:
    """Return the sentences of the news negatives, in the order of their files."""
    sentences = []
    for path in sorted((folder / "news-negatives").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            sentences += [json.loads(line)["text"] for line in lines]
    return sentences


def change_number(sentence: str) -> Iterator[str]:
    """Yield the sentence with its first exact number in digits changed, if there is one."""
    for quantity in find_quantities(sentence):
        figures = _FIGURES.search(quantity.text)
        if figures is None or not quantity.exact or quantity.dimension in ("age", "ordinal"):
            continue
        said = figures[0].replace(",", "")
        if said.count(".") > 1:
            continue
        number = f"{float(said) * 1.7:.1f}" if "." in said else f"{int(int(said) * 1.7) + 2:,}"
        changed = quantity.text[: figures.start()] + number + quantity.text[figures.end() :]
        yield sentence[: quantity.start] + changed + sentence[quantity.end :]
        return


def change_year(sentence: str) -> Iterator[str]:
    """Yield the sentence with its first date's year changed, if there is one."""
    for found in find_dates(sentence):
        if year := _YEAR.search(found.text):
            changed = found.text.replace(year[0], str(int(year[0]) - 7))
            yield sentence[: found.start] + changed + sentence[found.end :]
            return


def change_name(sentence: str, number: int) -> Iterator[str]:
    """Yield the sentence with its first name inside changed, if there is one."""
    for name in find_names(sentence):
        if name.opens or name.kind in ("people", "region", "capital"):
            continue
        others = COUNTRIES if name.kind == "country" else UNKNOWN
        yield sentence[: name.start] + others[number % 4] + sentence[name.end :]
        return


def measure(sentences: list[str]) -> tuple[dict[str, Score], list[str]]:
    """Return a score for each kind of change, and what was told without reason."""
    scores = {"number": Score(), "date": Score(), "name": Score()}
    told: list[str] = []
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else sentence
        for other in (sentence, following):
            if found := find_differences(sentence, other):
                told.append(f"{[(d.kind.value, d.page, d.claim) for d in found]} {other}")
        for changed in change_number(sentence):
            kinds = frozenset({"number", "duration", "unit", "date"})
            scores["number"].count(changed, sentence, kinds)
        for changed in change_year(sentence):
            scores["date"].count(changed, sentence, frozenset({"date"}))
        for changed in change_name(sentence, number):
            scores["name"].count(changed, sentence, frozenset({"name", "place"}))
    return scores, told


def main() -> None:
    """Print the table."""
    options = [argument for argument in sys.argv[1:] if argument != "-v"]
    sentences = read_sentences(Path(options[0]))
    scores, told = measure(sentences)
    print("| Changed | Sentences | Told |\n| --- | --- | --- |")
    for kind, score in scores.items():
        print(f"| {kind} | {score.made:,} | {score.recall:.3f} |")
    print(f"\nTold without reason: {len(told)} of {2 * len(sentences):,} pairs.")
    if "-v" in sys.argv:
        print("\n".join([*told, *(f"{k} {m}" for k, s in scores.items() for m in s.missed)]))


if __name__ == "__main__":
    main()
