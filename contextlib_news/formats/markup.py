"""Finding the objects of JSON documents and saved pages, each with the place where it stands.

Feeds are taken apart item by item, so that an item's objects are gone before the next is read, and
an item that is broken costs itself only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from contextlib_news.formats.json_values import JsonError, Parsed, Repair, decoder
from contextlib_news.formats.lenient_json import parse_lenient
from contextlib_news.formats.microdata import read_items

__all__ = ["Broken", "Lines", "Located", "read_json", "read_page"]

# Lists at the top of a document whose items are read one at a time.
LISTS = frozenset({"dataFeedElement", "claims"})
MAX_SCRIPTS = 500
_SPACE = re.compile(r"[ \t\n\r\ufeff]*")


class Lines:
    """The line of an offset, counted from 1."""

    def __init__(self, text: str, first: int = 1) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._first = first

    def at(self, offset: int) -> int:
        """Return the line in which an offset lies."""
        return self._first + bisect_right(self._ends, offset - 1)


@dataclass(frozen=True, slots=True)
class Located:
    """A parsed value, its JSON path, the line where it begins, and what was mended in it.

    ``offsets`` are where its objects begin, by identity; empty where nothing had to be mended.
    """

    value: Any
    path: str
    line: int
    lines: Lines
    repairs: tuple[Repair, ...] = ()
    offsets: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """A part that cannot be read."""

    path: str
    line: int
    reason: str


def read_json(text: str, *, first_line: int = 1) -> Iterator[Located | Broken]:
    """Yield the values of a text: the items of its feed or list one by one, else the whole.

    Well-formed JSON is read strictly; from the first fault on the rest is mended, see
    :mod:`contextlib_news.formats.lenient_json`.
    """
    lines = Lines(text, first_line)
    start = _behind_space(text, 0)
    opening = text[start : start + 1]
    try:
        if opening == "[":
            end = yield from _items(text, start, "$", lines)
        elif opening == "{":
            end = yield from _object(text, start, lines)
        else:
            yield from _mended(text, 0, lines)
            return
    except _Stopped as stopped:
        yield from _mended(text, stopped.at, lines)
        return
    if text[end:].strip(" \t\r\n;\ufeff"):
        # Several documents one after the other, or a page's own words around them.
        yield from _mended(text, end, lines)


class _Stopped(Exception):  # noqa: N818 - no error, but how far strict reading came
    """Strict reading stops here, before anything behind it was handed out."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


_DECODER = decoder()


def _decode(text: str, at: int) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None


def _items(text: str, at: int, path: str, lines: Lines) -> Generator[Located | Broken, None, int]:
    """Yield the items of the list that begins here, and return the offset behind it."""
    at = _behind_space(text, at + 1)
    number = 0
    while text[at : at + 1] != "]":
        found = _decode(text, at)
        if found is not None:
            value, behind = found
            behind = _behind_space(text, behind)
            if text[behind : behind + 1] in (",", "]"):
                yield Located(value, f"{path}[{number}]", lines.at(at), lines)
                number += 1
                if text[behind] == ",":
                    behind = _behind_space(text, behind + 1)
                at = behind
                continue
        yield from _mended(text, at, lines, path=path, number=number)
        return len(text)
    return at + 1


def _object(text: str, start: int, lines: Lines) -> Generator[Located | Broken, None, int]:
    """Yield the items of an object's feed, then the rest of the object; return where it ends.

    Raises _Stopped where it is broken before anything was yielded.
    """
    at = _behind_space(text, start + 1)
    rest: dict[str, Any] = {}
    handed_out = False
    while text[at : at + 1] != "}":
        name = _decode(text, at) if text[at : at + 1] == '"' else None
        colon = _behind_space(text, name[1]) if name else at
        if name is None or text[colon : colon + 1] != ":":
            break
        at = _behind_space(text, colon + 1)
        if name[0] in LISTS and text[at : at + 1] == "[":
            handed_out = True
            at = yield from _items(text, at, f"$.{name[0]}", lines)
            if at >= len(text):
                return at
        else:
            found = _decode(text, at)
            if found is None:
                break
            rest[name[0]], at = found
        at = _behind_space(text, at)
        if text[at : at + 1] == ",":
            at = _behind_space(text, at + 1)
        elif text[at : at + 1] != "}":
            break
    else:
        if rest and (not handed_out or any(isinstance(v, dict | list) for v in rest.values())):
            yield Located(rest, "$", lines.at(start), lines)
        return at + 1
    if not handed_out:
        raise _Stopped(start)
    yield Broken("$", lines.at(at), "what stands behind the list is no JSON")
    return len(text)


def _mended(
    text: str, start: int, lines: Lines, *, path: str = "$", number: int | None = None
) -> Iterator[Located | Broken]:
    """Yield what can be read from a fault on; ``number`` where it stands inside a list."""
    try:
        parsed = parse_lenient(text, start, in_list=number is not None)
    except JsonError as error:
        yield Broken(path, lines.at(error.offset), f"not JSON: {error.reason}")
        return
    several = len(parsed.values) > 1 or number is not None
    for position, (offset, value) in enumerate(parsed.values):
        place = f"{path}[{(number or 0) + position}]" if several else path
        repairs = _repairs(parsed, position)
        yield Located(value, place, lines.at(offset), lines, repairs, parsed.offsets)
    if not parsed.values and number is not None:
        yield Broken(f"{path}[{number}]", lines.at(start), _first_fault(parsed))


def _first_fault(parsed: Parsed) -> str:
    return f"not JSON: {parsed.repairs[0].what}" if parsed.repairs else "not JSON"


def _repairs(parsed: Parsed, position: int) -> tuple[Repair, ...]:
    """Return what was mended from the beginning of one value to the beginning of the next."""
    values = parsed.values
    since = values[position][0] if position else -1
    until = values[position + 1][0] if position + 1 < len(values) else None
    return tuple(
        repair
        for repair in parsed.repairs
        if repair.offset >= since and (until is None or repair.offset < until)
    )


def _behind_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def read_page(text: str) -> tuple[list[tuple[str, Located | Broken]], str | None]:
    """Return the objects in a page's JSON-LD, microdata and RDFa with places, and its address.

    The address is what the page names as its own, None where it names none.
    """
    soup = BeautifulSoup(text.encode("utf-8", "replace").decode("utf-8"), "lxml")
    found: list[tuple[str, Located | Broken]] = []
    number = behind = 0
    for script in soup.find_all("script", limit=MAX_SCRIPTS):
        kind = script.get("type")
        if not isinstance(kind, str) or "ld+json" not in kind.lower():
            continue
        number += 1
        content = script.get_text()
        if content.strip():
            # The parser keeps no lines; scripts stand in the text as they are.
            behind = max(behind, text.find(content[:500], behind))
            line = text.count("\n", 0, behind) + 1
            found += [(f"script {number}", one) for one in read_json(content, first_line=line)]
            behind += len(content)
    for position, item in enumerate(read_items(soup), 1):
        found.append((f"item {position}", Located(item, "$", 0, Lines(""))))
    return found, _own_address(soup)


def _own_address(soup: BeautifulSoup) -> str | None:
    for element, attribute in (
        (soup.find("link", rel="canonical"), "href"),
        (soup.find("meta", property="og:url"), "content"),
        (soup.find("base", href=True), "href"),
    ):
        value = element.get(attribute) if element is not None else None
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return None
