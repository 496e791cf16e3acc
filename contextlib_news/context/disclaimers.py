"""The fine print: what a publisher or page says it does not answer for, sorted by type.

The patterns are data (``data/disclaimers.json``), in the subset of regular expressions that Python
and JavaScript share. Each is matched against one sentence at a time, cut to a bounded length, with
bounded quantifiers, so that hostile text costs linear time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contextlib_news.models import Disclaimer, Document

__all__ = ["DisclaimerPattern", "find_disclaimers", "load_patterns", "match_disclaimer"]

MAX_SENTENCE_CHARACTERS = 600
MAX_FOUND = 100

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "\u00a0": " "})
_SPACES = re.compile(r"\s+")

_DIGITAL_SOURCE = re.compile(r"trainedAlgorithmicMedia|algorithmicallyEnhanced", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclaimerPattern:
    """One way of disclaiming: it matches, may need another word, and may be taken back."""

    type: str
    language: str
    match: tuple[re.Pattern[str], ...]
    needs: re.Pattern[str] | None
    unless: tuple[re.Pattern[str], ...]


def find_disclaimers(document: Document) -> tuple[Disclaimer, ...]:
    """Return the disclaimers of a page in the order of its text, those in the markup last."""
    found = list(_in_text(document))
    found += _in_markup(document)
    return tuple(found[:MAX_FOUND])


def match_disclaimer(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the types that a sentence disclaims, and the words that say so; two empty for none."""
    text = _SPACES.sub(" ", sentence[:MAX_SENTENCE_CHARACTERS].translate(_QUOTES)).strip()
    types: list[str] = []
    cues: list[str] = []
    for pattern in load_patterns():
        if pattern.type in types:
            continue
        for expression in pattern.match:
            match = expression.search(text)
            if match is None:
                continue
            if pattern.needs is not None and not pattern.needs.search(text):
                continue
            if any(taken_back.search(text) for taken_back in pattern.unless):
                continue
            types.append(pattern.type)
            cues.append(match[0])
            break
    return tuple(types), tuple(cues)


@cache
def load_patterns() -> tuple[DisclaimerPattern, ...]:
    """Return the patterns that ship, compiled once."""
    text = (files("contextlib_news.data") / "disclaimers.json").read_text(encoding="utf-8")
    return tuple(
        DisclaimerPattern(
            type=row["type"],
            language=row["language"],
            match=tuple(_compile_match(e, row["language"]) for e in row["match"]),
            needs=re.compile(rf"\b{row['needs']}\b", re.IGNORECASE) if "needs" in row else None,
            unless=tuple(re.compile(rf"\b(?:{e})", re.IGNORECASE) for e in row["not"]),
        )
        for row in json.loads(text)["patterns"]
    )


def _compile_match(expression: str, language: str) -> re.Pattern[str]:
    """Return the expression bound to the start of a word; Arabic writes "and" onto the word."""
    start = "" if language == "ar" else r"(?<!\w)"
    return re.compile(f"{start}(?:{expression})", re.IGNORECASE)


@cache
def _types_of_markup() -> dict[str, str]:
    text = (files("contextlib_news.data") / "disclaimers.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)["types_of_markup"]
    return table


def _in_text(document: Document) -> Iterator[Disclaimer]:
    for sentence in document.sentences:
        types, cues = match_disclaimer(sentence.text)
        if types:
            yield Disclaimer(
                types=types,
                text=sentence.text,
                start=sentence.start,
                end=sentence.end,
                cues=cues,
            )


def _in_markup(document: Document) -> Iterator[Disclaimer]:
    metadata = document.metadata
    for name in metadata.types:
        kind = _types_of_markup().get(name)
        if kind:
            yield Disclaimer(types=(kind,), text=name, origin="schema.org", cues=(name,))
    for name, value in metadata.policies:
        if name == "correction":
            yield Disclaimer(types=("correction",), text=value, origin="schema.org", cues=(name,))
        elif name == "digitalSourceType" and _DIGITAL_SOURCE.search(value):
            yield Disclaimer(types=("ai-generated",), text=value, origin="schema.org", cues=(name,))
    if any(link.rel and "sponsored" in link.rel for link in document.links):
        words = next(link.text for link in document.links if "sponsored" in link.rel)
        yield Disclaimer(
            types=("sponsored",),
            text=f"a link marked as paid for: {words}",
            origin="link",
            cues=("rel=sponsored",),
        )
