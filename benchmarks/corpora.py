"""The claims that are searched: real ones in a haystack of synthetic ones, kept in a folder.

A haystack of N claims holds the evaluation claims of both sets with all their fields (where they
are more than half of N, those that answer a query and then others up to half), and synthetic
statements of one field for the rest. Without the evaluation data it is synthetic throughout.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import grammar, vocabulary
from benchmarks.evaluation_data import read_claims, read_queries
from benchmarks.grammar import Grammar
from contextlib_news.models import Claim

__all__ = ["EVALUATION_SETS", "Corpus", "fresh_claims", "haystack"]

EVALUATION_SETS = ("checkthat2022-2a", "checkthat2022-2b")

# Statements of this number and on stand in no haystack: they are what changes add.
FIRST_FRESH = 40_000_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Claims in a file, a row each: id, text, title, subtitle and claimant, parted by tabs."""

    path: Path
    size: int
    real: int

    def claims(self) -> Iterator[Claim]:
        """Yield the claims in the order of their rows."""
        for row in self._rows():
            claim_id, text, title, subtitle, claimant = row
            yield Claim(
                id=claim_id,
                text=text,
                title=title or None,
                subtitle=subtitle or None,
                claimant=claimant or None,
            )

    def ids(self) -> list[str]:
        """Return the ids in the order of the rows."""
        return [row[0] for row in self._rows()]

    def texts(self) -> Iterator[str]:
        """Yield for each row all its text, as methods that know one field search it."""
        return (" ".join(filter(None, row[1:])) for row in self._rows())

    def fields(self) -> list[int]:
        """Return for each row how many fields it has."""
        return [sum(map(bool, row[1:])) for row in self._rows()]

    def pick(self, numbers: Iterable[int]) -> Iterator[tuple[str, str]]:
        """Yield id and text of the rows of these numbers, in the order of the rows."""
        wanted = set(numbers)
        for number, row in enumerate(self._rows()):
            if number in wanted:
                yield row[0], row[1]

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                yield line.rstrip("\n").split("\t")


def haystack(size: int, folder: Path, evaluation: Path | None = None) -> Corpus:
    """Return the haystack of ``size`` claims, made in ``folder`` where it is not yet there."""
    real = list(_real_claims(evaluation, size // 2)) if evaluation else []
    path = folder / f"haystack-{size}-{len(real)}-{_fingerprint()}.tsv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        statements = islice(Grammar().statements(), size - len(real))
        with partial.open("w", encoding="utf-8") as file:
            file.writelines(_row(claim) for claim in real)
            file.writelines(f"s{n:08d}\t{text}\t\t\t\n" for n, text in enumerate(statements))
        partial.replace(path)
    return Corpus(path, size, len(real))


def fresh_claims(count: int) -> list[Claim]:
    """Return claims that stand in no haystack, for measuring what a change costs."""
    texts = Grammar().take(count, FIRST_FRESH)
    return [Claim(id=f"fresh{number:06d}", text=text) for number, text in enumerate(texts)]


def _real_claims(folder: Path, limit: int) -> Iterator[Claim]:
    claims = [claim for name in EVALUATION_SETS for claim in read_claims(folder, name)]
    if len(claims) > limit:
        gold = {
            claim_id
            for name in EVALUATION_SETS
            for part in ("train", "dev")
            for _, answers in read_queries(folder, name, part)
            for claim_id in answers
        }
        claims.sort(key=lambda claim: (claim.id not in gold, _digest(claim.id)))
    yield from claims[:limit]


def _row(claim: Claim) -> str:
    fields: Sequence[str | None] = (claim.text, claim.title, claim.subtitle, claim.claimant)
    return "\t".join([claim.id, *(" ".join((field or "").split()) for field in fields)]) + "\n"


def _fingerprint() -> str:
    """Return a short digest of what makes the statements, so that a changed grammar makes anew."""
    return _digest("".join(inspect.getsource(module) for module in (grammar, vocabulary)))[:8]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
