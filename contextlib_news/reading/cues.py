"""A word or words that decide what a sentence does to a claim, and the span it rules over."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["START_LETTERS", "Cue", "CueKind", "starts_of"]

# So many letters of each word are looked at before any cue is searched for.
START_LETTERS = 4


class CueKind(StrEnum):
    """What a cue does: the first three turn a statement around, the others keep it at a distance.

    A negation or an untruth beside "may" leaves a statement open; a denial is somebody's act and
    stands whatever else is said.
    """

    NEGATION = "negation"
    DENIAL = "denial"
    UNTRUTH = "untruth"
    HEDGE = "hedge"
    QUESTION = "question"
    CONDITION = "condition"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Cue:
    """The words of a cue and the span ``start`` to ``end`` of the text that they rule over.

    ``at`` is where the words stand; ``source`` names who says it, where the cue is a source.
    """

    kind: CueKind
    text: str
    at: int
    start: int
    end: int
    source: str = ""

    def rules(self, place: int) -> bool:
        """Say whether a place of the text lies in the span it rules over."""
        return self.start <= place < self.end


def starts_of(words: str) -> frozenset[str]:
    """Return the first letters of words, to be met by those of a text that may hold a cue."""
    return frozenset(word[:START_LETTERS] for word in words.split())
