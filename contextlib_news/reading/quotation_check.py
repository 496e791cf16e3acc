"""Quoted passages against the source's own words, where the claim database holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz import fuzz

from contextlib_news.matching.normalize import tokenize
from contextlib_news.models import (
    Quotation,
    QuotationDetail,
    QuotationStatus,
    QuotedPassage,
)
from contextlib_news.reading.names import find_names, may_be_same

__all__ = ["check_quotation"]

# Below this a passage and an excerpt are different texts, not versions of one (RapidFuzz, 0..100).
SAME_TEXT = 80.0

# An excerpt of so many words is taken for the whole of a statement; only then can a passage be
# missing from it. Excerpts kept for quotation are short, and show no absence.
WHOLE_TEXT_WORDS = 150

SHORTEST_RUN = 4
MAX_WORDS = 600
MAX_CHANGES = 12

# Words cut from the start of the source's sentence that make a change; more is another beginning.
CUT_START = 3

_ELLIPSIS = re.compile(r"\[?(?:…|\.\s?\.\s?\.)\]?|\[[^\]]{0,40}\]")
_PER_CENT = re.compile(r"\bper cent\b|(?<=\d)\s?%", re.IGNORECASE)

# House style, which is no change of a quotation: figures for words, British for American spelling.
_FIGURES = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_SPELLINGS = (
    (re.compile(r"is(e|ed|es|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|ite|able|ful|er|ers|hood|hoods)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z]{2})tre(s)?$"), r"ter\1"),
    (re.compile(r"(?<=[a-z])ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"^program(?:me)(s?)$"), r"program\1"),
    (re.compile(r"^defence$"), "defense"),
)


@dataclass(frozen=True, slots=True)
class _Words:
    folded: list[str]
    written: list[str]


def check_quotation(passage: QuotedPassage, quotations: Iterable[Quotation]) -> QuotationDetail:
    """Return how a passage compares with the excerpts held.

    ``verbatim``: the passage stands in an excerpt, or an excerpt in the passage, word for word but
    for quote style, capitals, brackets, marked omissions and house style. ``altered``: a version of
    an excerpt, with the words that differ; of several versions held (a paper's own and the wire's)
    the nearest counts. ``not-found``: the source it is attributed to is held whole, and has no such
    words. ``not-checked``: no excerpt held is of this text; excerpts are short, so a passage that
    is not in one may still be in its source.
    """
    said = _words(passage.text)
    best: tuple[int, float, Quotation, list[tuple[str, str]]] | None = None
    whole: Quotation | None = None
    for quotation in quotations:
        held = _words(quotation.text)
        if not held.folded or not said.folded:
            continue
        short, long = sorted((" ".join(said.folded), " ".join(held.folded)), key=len)
        # A few common words may stand anywhere; a passage must share a run of some length.
        if min(len(said.folded), len(held.folded)) < SHORTEST_RUN:
            continue
        likeness = fuzz.partial_ratio(short, long, score_cutoff=SAME_TEXT)
        if likeness < SAME_TEXT:
            if len(held.folded) >= WHOLE_TEXT_WORDS and _is_of(passage, quotation):
                whole = quotation
            continue
        changes = _changes(said, held, passage.text)
        if best is None or (len(changes), -likeness) < (best[0], -best[1]):
            best = (len(changes), likeness, quotation, changes)
    if best is not None:
        _, _, source, changes = best
        return QuotationDetail(
            status=QuotationStatus.ALTERED if changes else QuotationStatus.VERBATIM,
            attributed_to=passage.attributed_to,
            source=source.source,
            url=source.url,
            changes=tuple(changes[:MAX_CHANGES]),
        )
    if whole is not None:
        return QuotationDetail(
            status=QuotationStatus.NOT_FOUND,
            attributed_to=passage.attributed_to,
            source=whole.source,
            url=whole.url,
        )
    return QuotationDetail(status=QuotationStatus.NOT_CHECKED, attributed_to=passage.attributed_to)


def _is_of(passage: QuotedPassage, quotation: Quotation) -> bool:
    """Say whether a passage is attributed to the source of an excerpt."""
    if not passage.attributed_to:
        return False
    speakers, sources = find_names(passage.attributed_to), find_names(quotation.source)
    return any(may_be_same(one, other) for one in speakers for other in sources)


@lru_cache(maxsize=1_024)
def _words(text: str) -> _Words:
    plain = _PER_CENT.sub(" percent", _ELLIPSIS.sub(" ", text))
    tokens = tokenize(plain)[:MAX_WORDS]
    return _Words([_in_one_style(t.text) for t in tokens], [plain[t.start : t.end] for t in tokens])


def _in_one_style(word: str) -> str:
    """Return a folded word as any house would write it."""
    if word in _FIGURES:
        return _FIGURES[word]
    if len(word) > 4:
        for pattern, style in _SPELLINGS:
            word = pattern.sub(style, word)
    return word


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
        cut_start = kind == "insert" and number == 0 and d - c <= CUT_START
        if edge and kind != "replace" and not cut_start:
            continue
        if cut_start and not said.written[0][:1].isupper():
            continue
        if edge and kind == "replace" and number == len(operations) - 1:
            continue
        if kind == "insert" and omitted and not edge:
            continue
        changes.append((" ".join(said.written[a:b]), " ".join(held.written[c:d])))
    return changes
