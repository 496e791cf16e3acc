"""A sentence paired with a claim, and what it does to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contextlib_news.models.claims import Claim

__all__ = ["Difference", "DifferenceKind", "Match", "Reading", "Stance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A sentence paired with a claim. ``score`` in 0..1: the probability that they belong together.

    ``field`` names the claim's field that matched (``text``, ``variants``, ``title``,
    ``subtitle``), ``variant`` is the place among the claim's variants where it was one of those.
    """

    claim_id: str
    score: float
    field: str = "text"
    variant: int = 0

    def wording(self, claim: Claim) -> str:
        """Return the words of the claim that matched."""
        if self.field == "variants":
            return claim.variants[self.variant]
        return str(getattr(claim, self.field))


class Stance(StrEnum):
    """What a text does to a claim; an unrelated pair has none."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    DISCUSSES = "discusses"


class DifferenceKind(StrEnum):
    """In what a sentence and a claim differ."""

    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    UNIT = "unit"
    NAME = "name"
    PLACE = "place"
    ROLE = "role"
    NEGATION = "negation"
    HEDGE = "hedge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: the page's words and the claim's words."""

    kind: DifferenceKind
    page: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a sentence does to a claim, what differs, and the words that decided it.

    ``covered`` in 0..1 is how much of the claim the sentence answers, by the weight of its words;
    too little, and the stance is None.
    """

    stance: Stance | None
    differences: tuple[Difference, ...] = ()
    cues: tuple[str, ...] = ()
    covered: float = 0.0
