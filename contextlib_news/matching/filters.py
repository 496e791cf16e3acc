"""Which claims a search may return: by language, topic, publisher and date of validity."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import day_number
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.segment import Segment

__all__ = ["ClaimFilter"]

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ].*)?)?)?")


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Conditions that a claim must fit, all of them; None for no condition.

    Raises ValueError where ``as_of`` is no date (YYYY, YYYY-MM, YYYY-MM-DD, a time after it is
    passed over).
    """

    language: str | None = None
    topics: Collection[str] | None = None
    publisher: str | None = None
    as_of: str | None = None

    def __post_init__(self) -> None:
        if self.as_of is not None and _DATE.fullmatch(self.as_of) is None:
            raise ValueError(f"as_of must be YYYY, YYYY-MM or YYYY-MM-DD, not {self.as_of!r}")

    def mask(self, segment: Segment, alive: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Return which claims of a segment fit and are alive; None where all do."""
        masks = [] if alive is None else [alive]
        if self.language is not None:
            masks.append(_any_of(segment, [f"language:{primary_tag(self.language)}", "language:"]))
        if self.topics is not None:
            # A text is a collection of texts too: of its letters.
            topics = [self.topics] if isinstance(self.topics, str) else self.topics
            masks.append(_any_of(segment, [f"topic:{topic}" for topic in topics]))
        if self.publisher is not None:
            masks.append(_any_of(segment, [f"publisher:{self.publisher}"]))
        if self.as_of is not None:
            # Dates of different precision compare by what they share ("2022" holds "2022-05-01").
            first, last = day_number(self.as_of, 0), day_number(self.as_of, 99)
            masks.append((segment.valid_from <= last) & (segment.valid_until >= first))
        return None if not masks else np.logical_and.reduce(masks)


def _any_of(segment: Segment, facets: Collection[str]) -> NDArray[np.bool_]:
    fits = np.zeros(len(segment), np.bool_)
    for facet in facets:
        fits[segment.facet(facet)] = True
    return fits
