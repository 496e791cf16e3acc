"""The outlets as one compact list for local use: raters told once, ratings as short rows.

::

    {"version": "412", "since": null,
     "raters": [{"source": "Lin et al. 2023", "date": "2023-09-14", "url": "https://…", …}],
     "outlets": [{"domain": "a.org", "name": "A", "aliases": ["b.org"], "categories": ["satire"],
                  "ratings": [[0, "0.17 of 1", 0.17]]}],
     "impersonated": ["a.org"], "removed": []}

A rating is ``[rater, label, score, path]``, with ``rater`` a place in ``raters`` and what is null
at its end left out. A name that is the domain is left out too, and so are empty fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contextlib_news.models import Outlet, Rating

__all__ = ["outlets_to_list"]

# What ratings of one rater have in common; remarks are left to the full answer.
_SHARED = ("source", "date", "url", "method", "licence", "scale")


def outlets_to_list(
    outlets: Iterable[Outlet],
    *,
    version: str,
    since: str | None = None,
    removed: Iterable[str] = (),
    impersonated: Iterable[str] = (),
) -> dict[str, Any]:
    """Return outlets as the list described above; with ``since`` only those that changed after."""
    raters: dict[tuple[Any, ...], int] = {}
    rows: list[dict[str, Any]] = []
    for outlet in outlets:
        row: dict[str, Any] = {"domain": outlet.domain}
        if outlet.name != outlet.domain:
            row["name"] = outlet.name
        for name in ("aliases", "categories"):
            if value := getattr(outlet, name):
                row[name] = list(value)
        if outlet.look_alike_of:
            row["look_alike_of"] = outlet.look_alike_of
        if outlet.ratings:
            row["ratings"] = [_rating(rating, raters) for rating in outlet.ratings]
        rows.append(row)
    return {
        "version": version,
        "since": since,
        "raters": [_rater(key) for key in raters],
        "outlets": rows,
        "impersonated": sorted(impersonated),
        "removed": sorted(removed),
    }


def _rating(rating: Rating, raters: dict[tuple[Any, ...], int]) -> list[Any]:
    key = tuple(getattr(rating, name) for name in _SHARED)
    row = [raters.setdefault(key, len(raters)), rating.label, rating.score, rating.path]
    while row[-1] is None:
        row.pop()
    return row


def _rater(key: tuple[Any, ...]) -> dict[str, Any]:
    named = dict(zip(_SHARED, key, strict=True))
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in named.items()
        if value is not None
    }
