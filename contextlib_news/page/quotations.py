"""Passages that a page puts between quotation marks, and who it says spoke them."""

from __future__ import annotations

import re

from contextlib_news.models import Document, QuotedPassage

__all__ = ["MIN_WORDS", "find_quotations"]

# Shorter passages are mostly words held at a distance, not quotations.
MIN_WORDS = 3

# A passage ends here at the latest, so that a mark never closed swallows no page.
MAX_CHARACTERS = 3_000
MAX_PASSAGES = 500

# Opening mark to the marks that may close it. Straight marks close themselves.
PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’", "「": "」"}

_SAID = (
    r"said|says|told|wrote|writes|added|adds|notes|noted|reported|reports|tweeted|stated|asked|"
    r"called"
)
# Names are capitalised words, joined by lower-case particles.
_PART = r"[A-ZÀ-Þ][\w.’'-]*"
_NAME = rf"(?:then-)?{_PART}(?:\s+(?:(?:of|the|al|de|von|bin|for)\s+)?{_PART}){{0,5}}"
_ROLE = r"(?:(?:senior|former|US|U\.S\.)\s+){0,3}(?:official|spokes\w+|minister|officer)"
_BEFORE = re.compile(
    rf"(?:(?:[Aa]ccording to|\bby)\s+(?P<by>(?:the\s+)?{_NAME})"
    rf"|(?P<who>(?:[Tt]he\s+)?(?:{_NAME}|report|statement|paper|article|study|letter|{_ROLE}))"
    rf",?[^.!?“”\"]{{0,60}}?\b(?:{_SAID})\b[^.!?“”\"]{{0,60}})[,:]?\s*$"
)
_AFTER = re.compile(
    rf"^[,\s]*(?:(?P<who>(?:[Tt]he\s+|[Aa]n?\s+)?(?:{_NAME}|{_ROLE}))\s+(?:{_SAID})\b"
    rf"|(?:{_SAID})\s+(?P<whom>(?:the\s+|an?\s+)?(?:{_ROLE}|{_NAME})))"
)
_WORD = re.compile(r"\w+")


def find_quotations(document: Document) -> tuple[QuotedPassage, ...]:
    """Return the quoted passages of at least :data:`MIN_WORDS` words, without their marks.

    A passage that runs on over paragraphs, each opened anew and only the last one closed, gives one
    passage a paragraph. A mark that closes what nothing opened is passed over, as is a passage
    inside another one.
    """
    found: list[QuotedPassage] = []
    speaker: str | None = None
    carried = False
    for block in document.blocks:
        text = document.text[block.start : block.end]
        closed_last = True
        for start, end, closed in _passages(text):
            if len(_WORD.findall(text[start:end])) < MIN_WORDS:
                continue
            said_by = _attribute(text, start, end)
            if said_by is None and carried and start <= 2:
                said_by = speaker
            speaker = said_by
            closed_last = closed
            found.append(
                QuotedPassage(
                    text=text[start:end],
                    start=block.start + start,
                    end=block.start + end,
                    attributed_to=said_by,
                )
            )
            if len(found) >= MAX_PASSAGES:
                return tuple(found)
        # Only a paragraph left open hands its speaker on to the next one.
        carried = not closed_last
    return tuple(found)


def _passages(text: str) -> list[tuple[int, int, bool]]:
    """Return start, end and whether it was closed, of each outermost quotation of a block."""
    passages: list[tuple[int, int, bool]] = []
    # Where each kind of closing mark comes next; kept, so that hostile text is read once a kind.
    closings: dict[str, int | None] = {}
    position = 0
    while position < len(text):
        mark = text[position]
        if mark not in PAIRS or not _opens(text, position):
            position += 1
            continue
        start = position + 1
        stop = min(len(text), start + MAX_CHARACTERS)
        marks = PAIRS[mark]
        known = closings.get(marks, -1)
        if known is not None and known < start:
            known = closings[marks] = _closing(text, start, marks)
        end = known if known is not None and known < stop else None
        if end is None and mark in "\"‘'":
            position += 1
            continue
        finish = stop if end is None else end
        while finish > start and (text[finish - 1].isspace() or text[finish - 1] in "‘’'"):
            finish -= 1
        while start < finish and (text[start].isspace() or text[start] in "‘'"):
            start += 1
        if finish > start:
            passages.append((start, finish, end is not None))
        position = (stop if end is None else end) + 1
    return passages


def _opens(text: str, position: int) -> bool:
    before = text[position - 1] if position else " "
    after = text[position + 1 : position + 2]
    return not before.isalnum() and bool(after) and not after.isspace()


def _closing(text: str, start: int, marks: str) -> int | None:
    """Return where the passage closes; an apostrophe inside a word closes nothing."""
    for position in range(start, len(text)):
        if text[position] in marks:
            after = text[position + 1 : position + 2]
            if marks in "’'" and after.isalnum():
                continue
            return position
    return None


def _attribute(text: str, start: int, end: int) -> str | None:
    """Return who the words before or after the passage name as its speaker."""
    before = _BEFORE.search(text[max(0, start - 160) : start].rstrip('“”"„«‘ '))
    if before:
        return _tidy(before["by"] or before["who"])
    after = _AFTER.match(text[end : end + 160].lstrip("“”\"»’'"))
    if after:
        return _tidy(after["who"] or after["whom"])
    return None


def _tidy(name: str | None) -> str | None:
    cleaned = (name or "").strip(" ,:;.’'").removeprefix("then-")
    return cleaned or None
