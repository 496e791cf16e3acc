"""Recall by language on short claims with one paraphrase and one look-alike each.

Run as a script it prints the table of docs/quality.md. The index holds the claims and look-alikes
of all languages, and every claim's or look-alike's first half joined with another's second half, so
that the right claim competes with about 250 texts made of its own words and its neighbours'.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from contextlib_news import ClaimIndex
from contextlib_news.models import Claim

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """A claim with a sentence that says the same and one that only looks like it."""

    id: str
    language: str
    claim: str
    paraphrase: str
    lookalike: str


@dataclass(slots=True)
class Score:
    """Counts of one language."""

    asked: int = 0
    first: int = 0
    noted: int = 0
    false: int = 0


def read_rows() -> list[Row]:
    """Return the rows of the table."""
    lines = (HERE / "claims.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [Row(f"{i:03}-{row[0]}", *row) for i, row in enumerate(rows)]


def distractors(rows: list[Row]) -> list[Claim]:
    """Return the look-alikes, and halves of claims and look-alikes of a language joined."""
    texts = [(row.id, row.language, text) for row in rows for text in (row.claim, row.lookalike)]
    found = [Claim(id=f"{row.id}-x", text=row.lookalike, language=row.language) for row in rows]
    for i, (first, language, start) in enumerate(texts):
        for j, (second, other, end) in enumerate(texts):
            if language == other and first != second:
                text = start[: _middle(start)] + end[_middle(end) :]
                found.append(Claim(id=f"{first}-{second}-{i}-{j}", text=text, language=language))
    return found


def _middle(text: str) -> int:
    """Return the space nearest to the middle of a text, or its middle where it has hardly any."""
    middle = len(text) // 2
    while text[middle - 1].isdigit() and text[middle].isdigit():
        middle += 1
    spaces = [i for i, character in enumerate(text) if character == " "]
    return min(spaces, key=lambda i: abs(i - middle)) if len(spaces) > 3 else middle


def measure(*, tagged: bool) -> dict[str, Score]:
    """Return the counts by language; ``tagged`` gives the sentence's language to the search.

    ``first``: the right claim came first of all. ``noted``: it came first and above the default
    threshold where only claims are indexed. ``false``: there the look-alike got a claim above it.
    """
    rows = read_rows()
    claims = [Claim(id=row.id, text=row.claim, language=row.language) for row in rows]
    crowded, alone = ClaimIndex.build([*claims, *distractors(rows)]), ClaimIndex.build(claims)
    least = alone.threshold
    scores: dict[str, Score] = defaultdict(Score)
    for row in rows:
        score = scores[row.language]
        language = row.language if tagged else None
        score.asked += 1
        found = crowded.search([row.paraphrase], limit=1, language=language)[0]
        score.first += bool(found) and found[0].claim_id == row.id
        noted, false = alone.search(
            [row.paraphrase, row.lookalike], limit=1, min_score=least, language=language
        )
        score.noted += bool(noted) and noted[0].claim_id == row.id
        score.false += bool(false)
    return dict(scores)


if __name__ == "__main__":
    tables = {"tagged": measure(tagged=True), "untagged": measure(tagged=False)}
    print("| language | first | above the threshold | first, untagged | look-alikes noted |")
    print("| --- | --- | --- | --- | --- |")
    for tag, score in tables["tagged"].items():
        other = tables["untagged"][tag]
        print(
            f"| {tag} | {score.first} of {score.asked} | {score.noted} | {other.first} | "
            f"{score.false} |"
        )
