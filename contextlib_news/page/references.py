"""Numbered references: the list under its heading, and where its numbers stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contextlib_news.models import BlockRole, Document, DocumentLink

__all__ = ["Reference", "References", "is_place_on_page", "read_references"]

# A reference list stands under one of these words, alone on its line.
_LIST_HEADING = re.compile(
    r"^\W*(?:citations?|(?:notes and )?references?|(?:notes and )?sources?|notes?|footnotes?|"
    r"endnotes?|bibliography|works cited|quellen(?:angaben|verzeichnis)?|einzelnachweise|"
    r"literatur(?:verzeichnis)?|(?:notes et )?références|bibliographie|(?:notas y )?referencias|"
    r"notas|fuentes|bibliografía|المصادر|المراجع|مصادر|مراجع|هوامش|الهوامش)\W*$",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)])\s*(.*)$", re.DOTALL)

# "[1]", "[2, 3]", "[1-3]", "[4][5]".
_MARKER = re.compile(r"\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9})\]")
_NUMBER = re.compile(r"\[?(\d{1,3})\]?")

# A range longer than this is no reference to each source in it.
MOST_IN_RANGE = 12


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of the list: its address, the words before it, and the link that leads there."""

    href: str
    title: str | None
    link: DocumentLink


@dataclass(frozen=True, slots=True)
class References:
    """The entries by their numbers, the blocks that hold the list, and who refers to what.

    ``leaning`` has for each number the indices of the sentences that bear it.
    """

    entries: dict[str, Reference]
    blocks: frozenset[int]
    leaning: dict[str, list[int]]


def read_references(document: Document) -> References:
    """Return the numbered references of a page; items of a list without numbers count from one."""
    links = sorted((x for x in document.links if x.start is not None), key=lambda x: x.start or 0)
    links = [link for link in links if not is_place_on_page(document, link)]
    entries: dict[str, Reference] = {}
    blocks: set[int] = set()
    number: str | None = None
    title: str | None = None
    inside = False
    items = 0
    for index, block in enumerate(document.blocks):
        text = document.text[block.start : block.end].strip()
        if _LIST_HEADING.match(text):
            inside, number, items = True, None, 0
            blocks.add(index)
            continue
        if not inside:
            continue
        here = [x for x in links if block.start <= (x.start or 0) < block.end]
        entry = _ENTRY.match(text)
        if entry:
            number = entry[1] or entry[2]
            title = _title(entry[3])
        elif block.role is BlockRole.LIST:
            items += 1
            number, title = str(items), _title(text)
        elif not here:
            inside = False
            continue
        blocks.add(index)
        if here and number is not None and number not in entries:
            entries[number] = Reference(here[0].href, title, here[0])
    leaning: dict[str, list[int]] = {number: [] for number in entries}
    for number, sentence in _borne(document, blocks) if entries else ():
        if number in leaning and sentence not in leaning[number]:
            leaning[number].append(sentence)
    return References(entries, frozenset(blocks), leaning)


def is_place_on_page(document: Document, link: DocumentLink) -> bool:
    """Say whether a link leads to another place on the page itself."""
    page, _, place = link.href.partition("#")
    return bool(place) and page.rstrip("/") in ("", (document.url or "").split("#")[0].rstrip("/"))


def _title(text: str) -> str | None:
    return text.split("http", 1)[0].lstrip("^ ").strip(" :,\u00a0\n") or None


def _borne(document: Document, listed: set[int]) -> Iterator[tuple[str, int]]:
    """Yield the numbers that stand in the text as references, each with its sentence."""
    # Numbers that are set high are links to the list.
    raised = [
        (link.start, match[1])
        for link in document.links
        if link.start is not None
        and is_place_on_page(document, link)
        and (match := _NUMBER.fullmatch(link.text.strip()))
    ]
    raised.sort()
    at = 0
    for sentence in document.sentences:
        while at < len(raised) and raised[at][0] < sentence.start:
            at += 1
        if sentence.block in listed:
            continue
        for match in _MARKER.finditer(sentence.text):
            yield from ((number, sentence.index) for number in _numbers(match[1]))
        first = at
        while first < len(raised) and raised[first][0] < sentence.end:
            yield raised[first][1], sentence.index
            first += 1


def _numbers(written: str) -> Iterator[str]:
    for part in re.split(r"[,;]", written):
        first, _, last = (side.strip() for side in re.sub("–", "-", part).partition("-"))
        if last and int(first) < int(last) <= int(first) + MOST_IN_RANGE:
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield first
            if last:
                yield last
