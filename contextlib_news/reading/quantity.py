"""A number in running text as an interval, and when two of them can be true together."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Quantity"]

# A number with a word of scale is rounded: 1.5 million and 1,523,412 meet, 5 and 5.2 million don't.
ROUNDED_SHARE = 0.025

# Converted values are rounded when written; two units of one dimension meet within this at least.
CONVERTED_SHARE = 0.01


# The zero of Fahrenheit in degrees Celsius.
FAHRENHEIT_ZERO = -160 / 9


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval ``low`` to ``high`` of a dimension's base unit, with the words that say it.

    ``dimension`` is ``count``, ``ordinal``, ``ratio``, ``money``, ``share`` (percent), ``points``
    (percentage points), ``age`` (years), ``time`` (days), ``length`` (m), ``mass`` (kg), ``area``
    (ha), ``volume`` (l), ``speed`` (km/h), ``temperature`` (°C) or ``degrees``. ``exact`` is False
    for approximations, ranges and vague words. ``unit`` is the unit or currency as named in the
    tables, ``said`` the number before conversion, ``counted`` the words behind it that say of what.
    """

    low: float
    high: float
    dimension: str
    text: str
    start: int
    end: int
    exact: bool
    unit: str = ""
    said: float | None = None
    half_step: float = 0.0
    rounded: bool = False
    counted: tuple[str, ...] = ()

    def meets(self, other: Quantity) -> bool:
        """Say whether both can be true together: same dimension, intervals that overlap.

        Values in different units are compared as rounded as they are written; money in different
        currencies cannot be told apart and meets, unless both write the same figure.
        """
        if self.dimension != other.dimension:
            return False
        if self.dimension == "money" and self.unit != other.unit:
            return not self.same_figure(other)
        slack = 0.0
        if self.unit != other.unit:
            slack = max(self.half_step + other.half_step, CONVERTED_SHARE * _size(self, other))
        elif self.rounded != other.rounded or self.dimension == "share":
            slack = _rounding(self, other)
        if self.low <= other.high + slack and other.low <= self.high + slack:
            return True
        if self.dimension == "temperature" and self.unit != other.unit:
            # "Warmed by 7 degrees Fahrenheit": a change, for which the two zeros do not count.
            mine, theirs = self._above_zero(), other._above_zero()
            return mine[0] <= theirs[1] + slack and theirs[0] <= mine[1] + slack
        return False

    def _above_zero(self) -> tuple[float, float]:
        zero = FAHRENHEIT_ZERO if self.unit == "°F" else 0.0
        return self.low - zero, self.high - zero

    def same_figure(self, other: Quantity) -> bool:
        """Say whether both write the same number, of different units or currencies."""
        return (
            self.said is not None
            and self.said == other.said
            and self.unit != other.unit
            and self.exact
            and other.exact
        )


def _size(one: Quantity, other: Quantity) -> float:
    return max(abs(q) for q in (one.low, one.high, other.low, other.high) if math.isfinite(q))


def _rounding(one: Quantity, other: Quantity) -> float:
    """Return how far the coarser of two exact values may lie from the finer one."""
    coarse, fine = sorted((one, other), key=lambda q: -q.half_step)
    if coarse.half_step <= fine.half_step or not (coarse.exact and fine.exact):
        return 0.0
    if coarse.dimension == "share":
        return coarse.half_step
    return min(coarse.half_step, ROUNDED_SHARE * abs(coarse.low))
