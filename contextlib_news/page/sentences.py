"""Sentence boundaries with exact spans.

``sentencex`` finds the boundaries; this module repairs what news text does to it. Quotation marks
are masked first, because a quotation that runs over several sentences, or is never closed, would
otherwise swallow them; then boundaries after titles and abbreviations, before lower-case
continuations and before bare reference marks are taken back.
"""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

__all__ = ["MAX_SENTENCE_CHARACTERS", "split_sentences"]

# Longer runs are cut at white space, so that every later stage stays bounded. The longest sentence
# in the reference article has 560 characters.
MAX_SENTENCE_CHARACTERS = 2_000

QUOTES = "\"“”„‟«»‹›‘’‚‛'"
CLOSING = "\"”’»›')]"

# Mask by letters' neighbours: an apostrophe inside a word ("Syria’s") is no quotation mark.
_QUOTE = re.compile(r"[\"“”„‟«»‹›]|(?<!\w)[‘’‚‛']|[‘’‚‛'](?!\w)")

_SURROGATE = re.compile("[\ud800-\udfff]")

# Abbreviations after which a sentence goes on although a capital or a figure follows.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\u00a0–—-])(?:"
    r"Lt|Gen|Col|Maj|Capt|Sgt|Cpl|Pvt|Adm|Cmdr|Brig|Gov|Sen|Rep|Pres|Prof|Dr|Mr|Mrs|Ms|Messrs|St|Rev|"
    r"Hon|Fr|Sr|Sra|vs|v|cf|ca|approx|est|e\.g|i\.e|z\.B|bzw|M|Mme|Mlle|Dra"
    r")\.$"
)
# These go on only before a figure: "Feb. 3" and "No. 5", but "It came in Feb. Nobody saw it."
_BEFORE_FIGURE = re.compile(
    r"(?:^|[\s(\u00a0–—-])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|No|Nos|Vol|Fig|Art|Nr|"
    r"Bd|pp?|chap|sec)\.$"
)
_FIGURE = re.compile(r"\s*\d")
# One letter is an initial where a name or another initial stands before it, or nothing at all.
_INITIAL = re.compile(r"(?:^|[^\w.])[A-ZÀ-Þ]\.$")
_STARTER = re.compile(
    r"\s*(?:The|A|An|This|That|These|Those|It|He|She|They|We|You|I|His|Her|Its|Their|Our|But|And|Then|"
    r"There|In|On|At|For|From|If|When|While|Nobody|No|Not|So|As|After|Before|However|Now)\b"
)
# "5 p.m. Monday", "9 a.m. EST".
_CLOCK = re.compile(r"\b[ap]\.m\.$")
_CLOCK_GOES_ON = re.compile(
    r"\s*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|"
    r"Sep|Oct|Nov|Dec)|Eastern|Pacific|Central|Mountain|GMT|local)"
)
# "am 3. Oktober", "den 5. maj": ordinals before the month's name.
_ORDINAL = re.compile(r"(?:^|\s)[0-3]?\d\.$")
_MONTH = re.compile(
    r"\s*(?:Jan|Jän|Feb|Mär|Mar|Apr|Mai|Maj|Juni|Juli|Aug|Sep|Okt|Nov|Dez|Des|Dec)", re.IGNORECASE
)

# After these an unbroken name follows more often than a new sentence does, but only before a name.
_INITIALISM = re.compile(r"(?:^|[\s(\u00a0])(?:[A-Z]\.){2,}$")
_PROPER_CONTINUATION = re.compile(
    r"(?:Air|Army|Navy|Marine|Marines|Special|Central|Department|State|House|Senate|Embassy|President|"
    r"Secretary|military|Congress|Supreme|Capitol|District|Attorney|Treasury|Representative|Rep|Sen|"
    r"Gov|Ambassador|Coast)\b"
)

# A new piece that starts like this belongs to what came before.
_CONTINUATION = re.compile(r"[\s\u00a0]*(?:[a-zà-öø-ÿ,;:)\]]|\[\d{1,3}\]|[–—-]\s)")
_REFERENCE_ONLY = re.compile(r"[\s\u00a0]*(?:\[\d{1,3}\][\s\u00a0]*)+$")


def split_sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """Return the half-open spans of the sentences of a text, in order and without overlap.

    No span starts or ends with white space and none is longer than
    :data:`MAX_SENTENCE_CHARACTERS`. ``language`` is a tag such as ``en`` or ``pt-BR``; unknown ones
    are split as English. Text without a letter or figure gives spans too: nothing is dropped.
    """
    if not text.strip():
        return []
    masked = _QUOTE.sub(" ", _SURROGATE.sub("\ufffd", text))
    tag = (language or "en").split("-")[0].lower()
    boundaries = get_sentence_boundaries(tag if tag.isalpha() else "en", masked)
    starts = _repair(text, masked, [int(boundary["start_index"]) for boundary in boundaries])
    spans: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        spans.extend(_trim_and_cut(text, start, end))
    return spans


def _repair(text: str, masked: str, starts: list[int]) -> list[int]:
    """Return the starts with false boundaries taken back and closing marks handed back."""
    kept = [0]
    for start in sorted({start for start in starts if 0 < start < len(text)}):
        start = _hand_back_closing_marks(text, start)
        # Only the last word decides; a window keeps this linear on hostile text.
        before = masked[max(kept[-1], start - 60) : start].rstrip()
        after = masked[start : start + 80]
        if start <= kept[-1] or not after.strip():
            continue
        if _CONTINUATION.match(after) and not before.endswith(("?", "!", "。", "।", "؟")):
            continue
        if _CONTINUATION.match(after) and after.lstrip()[:1].islower():
            continue
        if _ABBREVIATION.search(before) or _is_unfinished(before, after):
            continue
        if _INITIALISM.search(before) and _PROPER_CONTINUATION.match(after.lstrip()):
            continue
        if _REFERENCE_ONLY.match(after):
            continue
        kept.append(start)
    return kept


def _is_unfinished(before: str, after: str) -> bool:
    """Say whether the stop at the end of ``before`` belongs to a date, number, time or name."""
    if _FIGURE.match(after) and _BEFORE_FIGURE.search(before):
        return True
    if _CLOCK.search(before):
        return bool(_CLOCK_GOES_ON.match(after))
    if _ORDINAL.search(before):
        return bool(_MONTH.match(after))
    if not _INITIAL.search(before) or _STARTER.match(after):
        return False
    # "vitamin C. Nobody" ends; "Stephen J. Townsend" does not.
    last = before.split()[-2:]
    return len(last) < 2 or last[0][:1].isupper() or not last[0][:1].isalpha()


def _hand_back_closing_marks(text: str, start: int) -> int:
    """Move a boundary behind the marks that touch, and so close, the words before it."""
    position = start
    while position > 0 and (text[position - 1].isspace() or text[position - 1] in QUOTES):
        position -= 1
    while position < len(text) and text[position] in CLOSING:
        position += 1
    return position


def _trim_and_cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the span without surrounding white space, cut where it is too long."""
    pieces: list[tuple[int, int]] = []
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = min(end, start + MAX_SENTENCE_CHARACTERS)
        if stop < end:
            space = text.rfind(" ", start + MAX_SENTENCE_CHARACTERS // 2, stop)
            stop = space if space > start else stop
        last = stop
        while last > start and text[last - 1].isspace():
            last -= 1
        if last > start:
            pieces.append((start, last))
        start = stop
    return pieces
