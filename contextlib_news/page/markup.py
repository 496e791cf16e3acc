"""HTML to visible text blocks, links and metadata; parsed by beautifulsoup4 on lxml.

The walk is one pass without recursion, so nesting of any depth costs no stack. What a reader does
not see (scripts, styles, hidden elements, navigation) is left out; the page's foot is kept, because
the fine print stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PreformattedString, Tag

from contextlib_news.models import BlockRole, PageMetadata
from contextlib_news.page.charsets import codec_of
from contextlib_news.page.metadata import read_metadata

__all__ = ["Markup", "MarkupLink", "decode_html", "read_markup"]

SKIPPED = frozenset(
    "script style noscript template svg math canvas iframe object embed audio video select option "
    "textarea input button nav head menu".split()
)

BLOCKS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "hgroup"), BlockRole.HEADING),
    **dict.fromkeys(("p", "pre", "address"), BlockRole.PARAGRAPH),
    **dict.fromkeys(("li", "dt", "dd"), BlockRole.LIST),
    **dict.fromkeys(("blockquote",), BlockRole.QUOTE),
    **dict.fromkeys(("figcaption", "caption"), BlockRole.CAPTION),
    **dict.fromkeys(("footer",), BlockRole.FOOTER),
    **dict.fromkeys(("aside", "table", "tr", "td", "th", "summary", "legend"), BlockRole.OTHER),
    **dict.fromkeys(
        (
            "article body center details div dl fieldset figure header html hr main ol section "
            "tbody thead tfoot ul"
        ).split(),
        None,
    ),
}

# What stands inside these keeps their role, whatever element it is in.
STICKY = frozenset({BlockRole.FOOTER, BlockRole.QUOTE, BlockRole.CAPTION, BlockRole.LIST})

_SPACE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"<\?xml", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?([\w:.-]{1,40})""", re.I
)
_FOOT = re.compile(r"(?:site|page|global|main)?[-_]?(?:footer|colophon)", re.IGNORECASE)

# A declared character set must stand within this many bytes, as browsers ask too.
CHARSET_BYTES = 2_048
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

MAX_BLOCKS = 50_000


@dataclass(frozen=True, slots=True)
class MarkupLink:
    """A link as written, with the block and the span of its words where it has any."""

    href: str
    text: str
    rel: tuple[str, ...]
    block: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Markup:
    """What was read from HTML: blocks of visible text with roles, links, title and metadata."""

    blocks: tuple[tuple[str, BlockRole], ...]
    links: tuple[MarkupLink, ...]
    title: str | None
    language: str | None
    base: str | None
    metadata: PageMetadata


@dataclass(slots=True)
class _Place:
    """Where in the page an element stands: its block, role and link, and whether it is seen."""

    block: int
    role: BlockRole
    seen: bool = True
    link: int | None = None
    sticky: bool = False


@dataclass(slots=True)
class _Run:
    """A block that is being filled."""

    role: BlockRole
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spaced: bool = True

    def add(self, text: str) -> tuple[int, int]:
        text = _INVISIBLE.sub("", _SPACE.sub(" ", text))
        if self.spaced:
            text = text.removeprefix(" ")
        start = self.length
        if text:
            self.parts.append(text)
            self.length += len(text)
            self.spaced = text.endswith(" ")
        return start, self.length


def read_markup(html: str | bytes) -> Markup:
    """Return the visible blocks, links and metadata of an HTML page; broken HTML is mended."""
    if isinstance(html, bytes):
        html = decode_html(html)
    # lxml wants encodable text; half a surrogate pair has no reading anyway.
    html = _SURROGATE.sub("\ufffd", html)
    # An XML declaration, or a text that is an address, would make the parser warn; neither is news.
    soup = BeautifulSoup("\n" + _XML_DECLARATION.sub("<?_xml", html), "lxml")
    walk = _Walk()
    for node in soup.descendants:
        walk.visit(node)
    blocks, numbers = walk.finish()
    language = soup.html.get("lang") if isinstance(soup.html, Tag) else None
    title, metadata = read_metadata(soup)
    base = soup.find("base", href=True)
    return Markup(
        blocks=tuple(blocks),
        links=tuple(_links(walk, numbers)),
        title=title,
        language=language.strip() or None if isinstance(language, str) else None,
        base=str(base["href"]) if isinstance(base, Tag) else None,
        metadata=metadata,
    )


def decode_html(html: bytes, charset: str | None = None) -> str:
    """Return bytes as text: by byte order mark, then charset, then UTF-8.

    ``charset`` is what the server named, which goes before what the page itself declares. What
    cannot be decoded is replaced by U+FFFD; a charset that is none is passed over.
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if html.startswith(mark):
            return html.decode(name, "replace").removeprefix("\ufeff")
    declared = _CHARSET.search(html[:CHARSET_BYTES])
    within = declared[1].decode("ascii", "replace") if declared else ""
    return html.decode(codec_of(charset or "") or codec_of(within) or "utf-8", "replace")


class _Walk:
    def __init__(self) -> None:
        self.places: dict[int, _Place] = {}
        self.runs: list[_Run] = []
        self.current = -1
        self.next_block = 1
        self.links: list[tuple[str, tuple[str, ...], list[tuple[int, int, int]]]] = []

    def visit(self, node: object) -> None:
        if isinstance(node, Tag):
            self.enter(node)
        elif isinstance(node, NavigableString) and (
            isinstance(node, CData) or not isinstance(node, PreformattedString)
        ):
            self.read(node)

    def place_of(self, node: Tag | NavigableString) -> _Place:
        parent = node.parent
        if parent is not None:
            place = self.places.get(id(parent))
            if place is not None:
                return place
        return _Place(block=0, role=BlockRole.PARAGRAPH)

    def enter(self, tag: Tag) -> None:
        outer = self.place_of(tag)
        place = _Place(outer.block, outer.role, outer.seen, outer.link, outer.sticky)
        name = tag.name
        if not outer.seen or name in SKIPPED or _hidden(tag):
            place.seen = False
        elif name == "br":
            self.current = -1
        elif name == "a" and isinstance(tag.get("href"), str):
            rel = tag.get("rel") or ()
            tokens = tuple((rel if isinstance(rel, str) else " ".join(rel)).lower().split())
            place.link = len(self.links)
            self.links.append((str(tag["href"]), tokens, []))
        elif name in BLOCKS:
            place.block = self.next_block
            self.next_block += 1
            role = BLOCKS[name]
            if name in ("div", "section") and _is_foot(tag):
                role = BlockRole.FOOTER
            if role is not None and not outer.sticky:
                place.role = role
                # An aside is another matter as a whole; a table may lay out the entire page.
                place.sticky = role in STICKY or name == "aside"
            self.current = -1
        self.places[id(tag)] = place

    def read(self, text: NavigableString) -> None:
        place = self.place_of(text)
        if not place.seen or len(self.runs) >= MAX_BLOCKS:
            return
        if self.current != place.block or not self.runs:
            if not text.strip():
                return
            self.runs.append(_Run(place.role))
            self.current = place.block
        start, end = self.runs[-1].add(str(text))
        if place.link is not None and end > start:
            self.links[place.link][2].append((len(self.runs) - 1, start, end))

    def finish(self) -> tuple[list[tuple[str, BlockRole]], dict[int, int]]:
        """Return the blocks with text, and where each run went among them."""
        blocks: list[tuple[str, BlockRole]] = []
        numbers: dict[int, int] = {}
        for number, run in enumerate(self.runs):
            text = "".join(run.parts).rstrip(" ")
            if text.strip():
                numbers[number] = len(blocks)
                blocks.append((text, run.role))
        return blocks, numbers


def _links(walk: _Walk, numbers: dict[int, int]) -> Iterator[MarkupLink]:
    for href, rel, places in walk.links:
        found = [place for place in places if place[0] in numbers]
        if not found:
            yield MarkupLink(href, "", rel, None, 0, 0)
            continue
        run, start, end = found[0]
        for other, _, stop in found[1:]:
            if other == run:
                end = stop
        whole = "".join(walk.runs[run].parts).rstrip(" ")
        end = min(end, len(whole))
        yield MarkupLink(href, whole[start:end], rel, numbers[run], start, end)


def _hidden(tag: Tag) -> bool:
    attributes = tag.attrs
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if attributes.get("role") == "navigation":
        return True
    style = attributes.get("style")
    return isinstance(style, str) and bool(_HIDDEN_STYLE.search(style))


def _is_foot(tag: Tag) -> bool:
    if tag.get("role") == "contentinfo":
        return True
    classes = tag.get("class")
    names = classes.split() if isinstance(classes, str) else list(classes or ())
    names.append(str(tag.get("id") or ""))
    return any(_FOOT.fullmatch(name) for name in names)
