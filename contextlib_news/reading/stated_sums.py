"""Stated totals whose listed parts add up to something else, and shares that do not follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contextlib_news.models import Figure, Sentence
from contextlib_news.reading.quantities import Quantity, find_quantities
from contextlib_news.reading.units import may_name
from contextlib_news.reading.value_hints import most_values

__all__ = ["find_wrong_shares", "find_wrong_sums"]

# "The toll was 500: 121 of these, 374 of those and four others."
_TOTAL = re.compile(
    r"\b(?:toll|total|sum|altogether|in all|number|count|came to|stood at|was|were|of)\b"
    r"[^.;:]{0,60}$",
    re.IGNORECASE,
)
_LIST_BEGINS = re.compile(
    r"^[^.;:\d]{0,40}(?::|—|–|, (?:including only|made up of|namely|that is))\s*$"
)
_BETWEEN_PARTS = re.compile(r"^[^.;:\d]{2,90}$")

# "…, for a total of 499", "… 499 in all"
_TOTAL_BEFORE = re.compile(
    r"\b(?:for a total of|totall?ing|making a total of|altogether|in all,)\s*[$€£]?\d", re.I
)
_TOTAL_AFTER = re.compile(
    r"^\s*(?:\w+\s+)?(?:in all|in total|altogether|all told)\b", re.IGNORECASE
)

# What a total with its parts cannot do without, looked for before the numbers are.
_LISTS = (
    *(":", "—", "–", ", including only", ", made up of", ", namely", ", that is"),
    *("total", "altogether", "in all", "all told"),
)

# Parts that leave much open list examples; a slip leaves little.
MOST_MISSING = 0.2

# Points by which a share may be off: rounding, and "about" left out.
SHARE_SLACK = 1.0
# A change is said more loosely than a share; it is off when it is off by a tenth of itself too.
CHANGE_SLACK = 0.1

_OF = re.compile(r"^\s*(?:out )?of (?:the |its |their |all |some )?$", re.IGNORECASE)
_SHARE_FOLLOWS = re.compile(r"^[^.;:()]{0,40}?(?:\(|, or |, that is |, i\.e\. )$", re.IGNORECASE)
_REST = re.compile(r"\bthe (?:remaining|other|rest,?)\s*$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:rose|rise|increased?|grew|jumped|climbed|up|fell|fall|dropped?|declined?|decreased?|down|cut)\b",
    re.I,
)
_DOWN = re.compile(r"\b(?:fell|fall|dropped?|declined?|decreased?|down|cut)\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:about\s+)?$", re.IGNORECASE)
_TO = re.compile(r"^[^.;:,()]{0,30}?\bto\s+$", re.IGNORECASE)


def find_wrong_sums(sentence: Sentence) -> Iterator[Figure]:
    """Yield totals whose listed parts, before or behind them, add up to something else."""
    text = sentence.text
    lower = text.lower()
    if not any(piece in lower for piece in _LISTS) or most_values(text) < 3:
        return
    counts = [q for q in find_quantities(text, None) if q.dimension in ("count", "share", "money")]
    for number, total in enumerate(counts):
        parts = _listed_parts(text, total, counts[number + 1 :])
        if parts and not _TOTAL.search(text[: total.start]):
            continue
        parts = parts or _leading_parts(text, total, counts[:number])
        if len(parts) < 2 or not _exact([total, *parts]):
            continue
        added = sum(part.low for part in parts)
        if added == total.low or abs(added - total.low) > MOST_MISSING * total.low:
            continue
        symbol = total.text[0] if total.text[0] in "$€£" else ""
        listed = " + ".join(f"{part.low:,.0f}" for part in parts)
        yield Figure(
            kind="sum",
            stated=f"{symbol}{total.low:,.0f}",
            computed=f"{symbol}{added:,.0f}",
            start=sentence.start,
            end=sentence.end,
            explanation=f"{listed} = {added:,.0f}.",
        )


def _leading_parts(text: str, total: Quantity, before: list[Quantity]) -> list[Quantity]:
    """Return the quantities of the list that a total closes, none where it closes none."""
    closes = _TOTAL_BEFORE.search(text[max(0, total.start - 20) : total.end]) or _TOTAL_AFTER.match(
        text[total.end :]
    )
    if not closes:
        return []
    parts: list[Quantity] = []
    position = total.start
    for quantity in reversed(before):
        between = text[quantity.end : position]
        closing = not parts and len(between) <= 60 and not re.search(r"[.;:]", between)
        goes_on = parts and _BETWEEN_PARTS.match(between) and _separates(between)
        if quantity.dimension != total.dimension or not (closing or goes_on):
            break
        parts.insert(0, quantity)
        position = quantity.start
    return parts


def _listed_parts(text: str, total: Quantity, following: list[Quantity]) -> list[Quantity]:
    """Return the quantities of the list that a total opens, none where no list follows."""
    parts: list[Quantity] = []
    position = total.end
    for quantity in following:
        between = text[position : quantity.start]
        opens = not parts and _LIST_BEGINS.match(between)
        goes_on = parts and _BETWEEN_PARTS.match(between) and _separates(between)
        if quantity.dimension != total.dimension or not (opens or goes_on):
            break
        parts.append(quantity)
        position = quantity.end
    return parts


def _separates(between: str) -> bool:
    return "," in between or bool(re.search(r"\band\s*$", between))


def _exact(quantities: list[Quantity]) -> bool:
    return all(q.exact and q.low == int(q.low) and q.low >= 0 for q in quantities)


def find_wrong_shares(sentence: Sentence) -> Iterator[Figure]:
    """Yield percentages that do not follow from the figures beside them."""
    if not may_name(sentence.text, "%") or most_values(sentence.text) < 2:
        return
    quantities = find_quantities(sentence.text, None)
    shares = [q for q in quantities if q.dimension == "share" and q.exact]
    if not shares:
        return
    for stated, computed, explanation in (
        *_parts_of_whole(sentence.text, quantities),
        *_changes(sentence.text, quantities),
        *_rests(sentence.text, shares),
    ):
        yield Figure(
            kind="percentage",
            stated=stated,
            computed=computed,
            start=sentence.start,
            end=sentence.end,
            explanation=explanation,
        )


def _parts_of_whole(text: str, quantities: tuple[Quantity, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield "45 of 90 members (60 percent)"."""
    for part, whole, share in zip(quantities, quantities[1:], quantities[2:], strict=False):
        counts = _exact([part, whole]) and part.dimension == whole.dimension == "count"
        if not counts or share.dimension != "share" or not share.exact or part.low > whole.low:
            continue
        if not _OF.match(text[part.end : whole.start]) or whole.low == 0:
            continue
        if not _SHARE_FOLLOWS.match(text[whole.end : share.start]):
            continue
        computed = 100 * part.low / whole.low
        if abs(computed - share.low) > SHARE_SLACK:
            reckoned = f"{part.low:,.0f} / {whole.low:,.0f} = {computed:.1f} %."
            yield share.text, f"{computed:.1f} %", reckoned


def _changes(text: str, quantities: tuple[Quantity, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield "rose 25 percent, from 50 to 75"; where the sentence has these three figures only."""
    shares = [q for q in quantities if q.dimension == "share"]
    others = [q for q in quantities if q.dimension in ("count", "money")]
    if len(shares) != 1 or len(others) != 2 or not shares[0].exact or not _exact(others):
        return
    before, after = others
    if before.dimension != after.dimension or before.low <= 0 or before.unit != after.unit:
        return
    if not _FROM.search(text[: before.start]) or not _TO.match(text[before.end : after.start]):
        return
    if not _CHANGE.search(text):
        return
    change = 100 * (after.low - before.low) / before.low
    said = shares[0].low
    if (change < 0) != (_DOWN.search(text) is not None):
        return
    if abs(abs(change) - said) > max(SHARE_SLACK, CHANGE_SLACK * abs(change)):
        yield (
            shares[0].text,
            f"{abs(change):.1f} %",
            f"{before.low:,.0f} → {after.low:,.0f}: {change:+.1f} %.",
        )


def _rests(text: str, shares: list[Quantity]) -> Iterator[tuple[str, str, str]]:
    """Yield "60 percent …, the remaining 30 percent": shares of one whole that do not make 100."""
    if len(shares) < 2 or not _REST.search(text[: shares[-1].start]):
        return
    if len(shares) != sum(q.dimension == "share" for q in find_quantities(text, None)):
        return
    added = sum(share.low for share in shares)
    if SHARE_SLACK * len(shares) < abs(added - 100) <= 100 * MOST_MISSING:
        rest = 100 - added + shares[-1].low
        listed = " + ".join(f"{share.low:g}" for share in shares)
        yield shares[-1].text, f"{rest:g} %", f"{listed} = {added:g}."
