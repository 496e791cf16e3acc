"""What an import did with each record, collected while the records pass by.

A hostile file may have as many faults as records: everything is counted, the first ones are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contextlib_news.formats.records import Record, Rejection
from contextlib_news.models import Claim

__all__ = ["ImportReport"]

MAX_WORDS = 1_000
MAX_KEPT = 1_000
MAX_CHARACTERS = 500


@dataclass(slots=True)
class ImportReport:
    """Rejected records and dropped parts with place and reason, rating words that are new.

    ``reviews_joined`` reviews became ``claims_joined`` claims; ``in_part`` claims were kept without
    some of their parts. ``name`` stands in places where the path of the file does. ``say`` is told
    a line for each fault as it comes up.
    """

    path: str = ""
    name: str = ""
    say: Callable[[str], object] = lambda _: None
    rejections: list[tuple[str, str]] = field(default_factory=list)
    rejected: int = 0
    parts: list[tuple[str, str]] = field(default_factory=list)
    dropped: int = 0
    words: Counter[str] = field(default_factory=Counter)
    reviews_joined: int = 0
    claims_joined: int = 0
    in_part: int = 0

    def claims(self, records: Iterable[Record | Rejection]) -> Iterator[Claim | Rejection]:
        """Yield the claims of records, and note what was left out of each as it passes."""
        for one in records:
            if isinstance(one, Rejection):
                yield one
                continue
            for part in one.dropped:
                said = f"{part.field}: " if part.field else ""
                self._note(self.parts, "left out", part.place, f"{said}{part.reason}")
                self.dropped += 1
            self.in_part += bool(one.dropped)
            if one.held > 1:
                self.reviews_joined += one.held
                self.claims_joined += 1
            for word in one.unknown_ratings:
                if word in self.words or len(self.words) < MAX_WORDS:
                    self.words[word] += 1
            yield one.claim

    def reject(self, rejection: Rejection) -> None:
        """Note a record that was left out."""
        self._note(self.rejections, "rejected", rejection.place, rejection.reason)
        self.rejected += 1

    def new_words(self) -> list[tuple[str, int]]:
        """Return the rating words that no verdict follows from, the most frequent first."""
        return sorted(self.words.items(), key=lambda item: (-item[1], item[0]))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as it is kept."""
        return {
            "rejections": self.rejections,
            "rejected": self.rejected,
            "parts": self.parts,
            "dropped": self.dropped,
            "words": [[word[:200], count] for word, count in self.new_words()],
            "reviews_joined": self.reviews_joined,
            "claims_joined": self.claims_joined,
            "in_part": self.in_part,
        }

    def _note(self, kept: list[tuple[str, str]], what: str, place: str, reason: str) -> None:
        self.say(f"{what} {place}: {reason}")
        if len(kept) < MAX_KEPT:
            if self.path:
                place, reason = (said.replace(self.path, self.name) for said in (place, reason))
            kept.append((place[:MAX_CHARACTERS], reason[:MAX_CHARACTERS]))
