"""Passages that a page puts between quotation marks, and who it says spoke them."""

from __future__ import annotations

import re

from contextlib_news.models import Document, DocumentBlock, QuotedPassage
from contextlib_news.page.attribution import Speakers

__all__ = ["MIN_WORDS", "find_quotations"]

# Shorter passages are mostly words held at a distance, not quotations.
MIN_WORDS = 3

# A passage ends here at the latest, so that a mark never closed swallows no page.
MAX_CHARACTERS = 3_000
MAX_PASSAGES = 500

# Opening mark to the marks that may close it. Straight marks close themselves.
PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’", "「": "」"}

_OPENING = re.compile(f"[{''.join(PAIRS)}]")

# Words between two passages of one speaker at most: "…,” said Anna Berg, the mayor. “…".
BETWEEN_PARTS = 120

_WORD = re.compile(r"\w+")


def find_quotations(document: Document) -> tuple[QuotedPassage, ...]:
    """Return the quoted passages of at least :data:`MIN_WORDS` words, without their marks.

    A passage that runs on over paragraphs, each opened anew and only the last one closed, gives one
    passage a paragraph. A mark that closes what nothing opened is passed over, as is a passage
    inside another one.
    """
    found: list[QuotedPassage] = []
    speakers = Speakers(document.text, document.language)
    speaker: str | None = None
    carried = False
    for block in document.blocks:
        text = document.text[block.start : block.end]
        closed_last = True
        last_end: int | None = None
        for start, end, closed in _passages(text):
            if len(_WORD.findall(text[start:end])) < MIN_WORDS or _is_title(text[start:end]):
                last_end = end
                continue
            named = speakers.near(text, start, end)
            said_by = speakers.resolve(named, block.start + start)
            if named is None:
                between = text[last_end - 1 : start] if last_end else None
                goes_on = between is not None and len(between) <= BETWEEN_PARTS
                opens, whole = start <= 2, len(text) - end <= 2
                if (carried and opens) or (goes_on and speakers.goes_on(between or "")):
                    said_by = speaker
                elif opens and whole:
                    # A paragraph that is all quotation: who the paragraph before let speak.
                    said_by = _introduced(document, block, speakers)
            speaker = said_by
            closed_last, last_end = closed, end
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


def _is_title(passage: str) -> bool:
    """Say whether a passage is the title of a work or page: all its long words have capitals."""
    words = [word for word in _WORD.findall(passage) if len(word) > 3 and word[0].isalpha()]
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _introduced(document: Document, block: DocumentBlock, speakers: Speakers) -> str | None:
    """Return the speaker that the paragraph before a quotation names or refers to last."""
    number = document.blocks.index(block)
    if number == 0:
        return None
    before = document.blocks[number - 1]
    return speakers.introduced(document.text[before.start : before.end], before.start)


def _passages(text: str) -> list[tuple[int, int, bool]]:
    """Return start, end and whether it was closed, of each outermost quotation of a block."""
    passages: list[tuple[int, int, bool]] = []
    # Where each kind of closing mark comes next; kept, so that hostile text is read once a kind.
    closings: dict[str, int | None] = {}
    position = 0
    while (found := _OPENING.search(text, position)) is not None:
        mark, position = found[0], found.start()
        if not _opens(text, position):
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
    # French puts a space inside its marks.
    spaced = text[position] == "«" and after in (" ", "\u00a0", "\u202f")
    return not before.isalnum() and bool(after) and (spaced or not after.isspace())


def _closing(text: str, start: int, marks: str) -> int | None:
    """Return where the passage closes; an apostrophe inside a word closes nothing."""
    for position in range(start, len(text)):
        if text[position] in marks:
            after = text[position + 1 : position + 2]
            if marks in "’'" and after.isalnum():
                continue
            return position
    return None
