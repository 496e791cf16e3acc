"""Quoted passages against the source's own words, where the claim database holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from contextlib_news.matching.normalize import tokenize
from contextlib_news.models import (
    Quotation,
    QuotationDetail,
    QuotationStatus,
    QuotedPassage,
)

__all__ = ["check_quotation"]

# Below this a passage and an excerpt are different texts, not versions of one (RapidFuzz, 0..100).
SAME_TEXT = 80.0

SHORTEST_RUN = 4
MAX_WORDS = 600
MAX_CHANGES = 12

_ELLIPSIS = re.compile(r"\[?(?:…|\.\.\.)\]?|\[[^\]]{0,40}\]")


@dataclass(frozen=True, slots=True)
class _Words:
    folded: list[str]
    written: list[str]


def check_quotation(passage: QuotedPassage, quotations: Iterable[Quotation]) -> QuotationDetail:
    """Return how a passage compares with the excerpts held.

    ``verbatim``: the passage stands in an excerpt, or an excerpt in the passage, word for word but
    for quote style, brackets and marked omissions. ``altered``: a version of an excerpt, with the
    words that differ. ``not-checked``: no excerpt held is of this text. Excerpts are short, so a
    passage that is not in one may still be in its source.
    """
    said = _words(passage.text)
    best: tuple[float, Quotation] | None = None
    for quotation in quotations:
        held = _words(quotation.text)
        if not held.folded or not said.folded:
            continue
        short, long = sorted((" ".join(said.folded), " ".join(held.folded)), key=len)
        likeness = fuzz.partial_ratio(short, long, score_cutoff=SAME_TEXT)
        # A few common words may stand anywhere; a passage must share a run of some length.
        long_enough = min(len(said.folded), len(held.folded)) >= SHORTEST_RUN
        if likeness >= SAME_TEXT and long_enough and (best is None or likeness > best[0]):
            best = (likeness, quotation)
    if best is None:
        return QuotationDetail(
            status=QuotationStatus.NOT_CHECKED, attributed_to=passage.attributed_to
        )
    changes = _changes(said, _words(best[1].text), passage.text)
    return QuotationDetail(
        status=QuotationStatus.ALTERED if changes else QuotationStatus.VERBATIM,
        attributed_to=passage.attributed_to,
        source=best[1].source,
        url=best[1].url,
        changes=tuple(changes[:MAX_CHANGES]),
    )


def _words(text: str) -> _Words:
    plain = _ELLIPSIS.sub(" ", text)
    tokens = tokenize(plain)[:MAX_WORDS]
    return _Words([t.text for t in tokens], [plain[t.start : t.end] for t in tokens])


def _changes(said: _Words, held: _Words, passage: str) -> list[tuple[str, str]]:
    """Return the changed words inside the stretch that both texts cover."""
    matcher = SequenceMatcher(None, said.folded, held.folded, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return []
    omitted = bool(_ELLIPSIS.search(passage))
    changes: list[tuple[str, str]] = []
    operations = matcher.get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(operations):
        if kind == "equal":
            continue
        edge = number in (0, len(operations) - 1)
        # What only one of the two goes on to say is no change; a start that was cut in the middle
        # of the source's sentence and capitalised anew is one.
        cut_start = kind == "insert" and number == 0 and d - c <= 3
        if edge and kind != "replace" and not cut_start:
            continue
        if edge and kind == "replace" and number == len(operations) - 1:
            continue
        if kind == "insert" and omitted and not edge:
            continue
        changes.append((" ".join(said.written[a:b]), " ".join(held.written[c:d])))
    return changes
