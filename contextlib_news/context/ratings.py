"""Whether raters disagree about an outlet. Nothing is averaged, and nothing hides the raters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from contextlib_news.models import Rating

__all__ = ["Leaning", "disagree", "fits_path", "leaning"]


class Leaning(StrEnum):
    """Which way a rating points on its rater's own scale."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"


# Raters' own words. What is no matter of quality (satire, state, political) points nowhere, and
# neither does "mixed" or "no consensus".
_UNFAVOURABLE = re.compile(
    r"\b(?:generally unreliable|unreliable|deprecated|blacklist\w*|fake|conspiracy|junksci|"
    r"low.credibility|not credible|rumor)\b",
    re.IGNORECASE,
)
_FAVOURABLE = re.compile(r"\b(?:generally reliable|reliable|credible|high.credibility)\b", re.I)
_NEITHER = re.compile(
    r"\b(?:mixed|no consensus|satire|satirical|additional considerations)\b", re.I
)

# A number alone points somewhere only in the outer parts of its scale. Ours: a third at each end;
# most scales here crowd in the middle and are partly computed.
LOW, HIGH = 1 / 3, 2 / 3


def leaning(rating: Rating) -> Leaning | None:
    """Return which way a rating points, by its words first and by its number second.

    >>> leaning(Rating(source="A", label="generally reliable"))
    <Leaning.FAVOURABLE: 'favourable'>
    >>> leaning(Rating(source="B", label="0.17", score=0.17, scale=(0, 1)))
    <Leaning.UNFAVOURABLE: 'unfavourable'>
    >>> leaning(Rating(source="C", label="satire; credibility 0.26", score=0.26, scale=(0, 1)))
    """
    if _NEITHER.search(rating.label):
        return None
    if _UNFAVOURABLE.search(rating.label):
        return Leaning.UNFAVOURABLE
    if rating.score is None or rating.scale is None:
        return Leaning.FAVOURABLE if _FAVOURABLE.search(rating.label) else None
    low, high = rating.scale
    place = (rating.score - low) / (high - low) if high > low else 0.5
    if place >= HIGH:
        return Leaning.FAVOURABLE
    return Leaning.UNFAVOURABLE if place <= LOW else None


def disagree(ratings: Iterable[Rating]) -> bool:
    """Say whether some ratings point one way and some the other."""
    return len({leaning(rating) for rating in ratings} - {None}) > 1


def fits_path(rating: Rating, path: str) -> bool:
    """Say whether a rating speaks of the page at a path; one without a path speaks of all.

    The path of a rating is the beginning of the pages' paths, ending at a slash, or a pattern of
    filter lists, in which ``*`` stands for any letters and ``^`` for a border. A query or fragment
    in it is passed over. Case makes no difference.
    """
    if not rating.path:
        return True
    plain = re.split(r"[?#]", rating.path.casefold(), maxsplit=1)[0].replace("^", "/")
    first, *others = f"/{plain.strip('/')}".rstrip("/").split("*")
    place = path.casefold().rstrip("/") + "/"
    if not others:
        return place == "/" if not first else place.startswith(f"{first}/")
    if not place.startswith(first):
        return False
    at = len(first)
    for part in (*others[:-1], f"{others[-1]}/"):
        found = place.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True
