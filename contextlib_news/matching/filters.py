"""Which claims a search may return: by language, topic, publisher and date of validity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import day_number
from contextlib_news.matching.segment import Segment

__all__ = ["ClaimFilter"]


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Conditions that a claim must fit, all of them; None for no condition."""

    language: str | None = None
    topics: Collection[str] | None = None
    publisher: str | None = None
    as_of: str | None = None

    def mask(self, segment: Segment, alive: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Return which claims of a segment fit and are alive; None where all do."""
        masks = [] if alive is None else [alive]
        if self.language is not None:
            tag = self.language.split("-")[0].lower()
            masks.append(_any_of(segment, [f"language:{tag}", "language:"]))
        if self.topics is not None:
            masks.append(_any_of(segment, [f"topic:{topic}" for topic in self.topics]))
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
