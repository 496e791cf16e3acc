"""The public evaluation data for matching, read from beside the checkout and never shipped.

CheckThat! 2022 tasks 2A (tweets and Snopes claims) and 2B (debates and PolitiFact claims), and news
sentences that are presumed to match none of those claims. Origins and licences: docs/data.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contextlib_news.models import Claim

__all__ = ["NEGATIVES", "average_precision", "negatives", "read_claims", "read_queries"]

NEGATIVES = ("babe", "debates", "headlines", "abc2006")

# Sentences of the training halves that do state what a claim of 2A says, found by reading those
# that scored highest: learned from as matching nothing, they taught the opposite of what is wanted.
# Those of the reporting halves stay in and count as false notes.
TRUE_MATCHES = {
    "babe-504": "Melinda Gates on who is to be vaccinated first",
    "babe-630": "Pelosi's words that civilization is at stake",
    "babe-845": "one in four women has an abortion",
    "babe-1062": "Trump calls the virus a hoax of the Democrats",
    "babe-1560": "Hail Trump, and the salutes in response",
    "babe-1639": "a state of emergency before a gun rally in Virginia",
    "babe-1741": "Trump's remark on shooting somebody on Fifth Avenue",
    "debates-2044": "Trump says that he inherited a depleted military",
    "abc2006-698": "reef sharks are functionally extinct",
}

_LINK = re.compile(r"(?:https?://|pic\.twitter\.com/|t\.co/)\S+")
_SIGNED = re.compile(r"—\s*(?P<name>[^(]*)\(@\w+\)\s*\w+ \d{1,2}, \d{4}\s*$")


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
    """Return the sentences of one half of a negatives file, split by a hash of their ids.

    Those of the training half that match a claim after all are left out.
    """
    with gzip.open(folder / "news-negatives" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    half = [row for row in rows if (_hash(row["id"]) % 2 == 0) is train]
    return [row["text"] for row in half if row["id"] not in TRUE_MATCHES]


def average_precision(ranked: list[str], gold: set[str], depth: int = 5) -> float:
    """Mean of the precisions at each gold claim among the first ``depth``, over all gold claims."""
    hits, total = 0, 0.0
    for place, claim_id in enumerate(ranked[:depth], start=1):
        if claim_id in gold:
            hits += 1
            total += hits / place
    return total / len(gold)


def _hash(identifier: str) -> int:
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:4], "big")
