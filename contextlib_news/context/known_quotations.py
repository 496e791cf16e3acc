"""The source's own words that a claim database holds, which quoted passages are compared with."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence

from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Quotation

__all__ = ["known_quotations"]

# Up to so many claims with quotations all are compared; of more those of the candidates.
MOST_CLAIMS = 1_000

_held: weakref.WeakKeyDictionary[ClaimIndex, tuple[Quotation, ...] | None] = (
    weakref.WeakKeyDictionary()
)


def known_quotations(
    index: ClaimIndex, candidates: Callable[[], Iterable[Claim]]
) -> Sequence[Quotation]:
    """Return the quotations that an index holds, of very many those of ``candidates``."""
    if index not in _held:
        claims = index.holding("quotations", MOST_CLAIMS)
        _held[index] = None if claims is None else _of(claims)
    held = _held[index]
    return _of(candidates()) if held is None else held


def _of(claims: Iterable[Claim]) -> tuple[Quotation, ...]:
    return tuple(quotation for claim in claims for quotation in claim.quotations)
