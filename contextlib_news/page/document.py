"""From what a caller hands in to a document: text, blocks, sentences and links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from contextlib_news.errors import InvalidPageError
from contextlib_news.models import (
    Block,
    BlockRole,
    Document,
    DocumentBlock,
    DocumentLink,
    Link,
    Page,
    PageMetadata,
    Sentence,
)
from contextlib_news.page.markup import MarkupLink, read_markup
from contextlib_news.page.page_date import date_in_address, visible_date
from contextlib_news.page.sentences import split_sentences

__all__ = ["MAX_CHARACTERS", "MAX_LINKS", "MAX_SENTENCES", "date_in_address", "read_page"]

# The longest articles have about 200,000 characters; a page above this is refused as a whole.
MAX_CHARACTERS = 5_000_000

# Bounds on what is looked at further, far above any page read so far.
MAX_SENTENCES = 20_000
MAX_BLOCKS = 50_000
MAX_LINKS = 2_000

BLOCK_SEPARATOR = "\n"

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w.@/])www\.(?=[\w-]{1,63}\.[a-z]{2}))[^\s<>\"“”'‘’\[\]{}|\\^`]{4,2000}",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", "…", "”", "’", '"', ":", ";", "。", "؟", "।")

# A line of plain text this short, without an end mark, is a heading rather than a paragraph.
HEADING_CHARACTERS = 160


def read_page(page: Page) -> Document:
    """Return the document that a page is: exactly one of ``html``, ``text`` and ``blocks``.

    ``Document.text`` of a plain text is that text, of blocks their texts joined by line breaks, of
    HTML its visible text; ``document.text[s.start:s.end] == s.text`` for every sentence. Raises
    :class:`~contextlib_news.errors.InvalidPageError` for no content, two contents, a wrong type, or
    more than :data:`MAX_CHARACTERS` characters.
    """
    given = [name for name in ("html", "text", "blocks") if getattr(page, name) is not None]
    if len(given) != 1:
        said = " and ".join(given) if given else "none"
        raise InvalidPageError(f"give exactly one of html, text and blocks; given: {said}")
    for name in ("url", "title", "language"):
        _require(getattr(page, name), str, name)
    _require(page.blocks, (tuple, list), "blocks")
    _require(page.links, (tuple, list), "links", optional=False)
    if page.html is not None:
        return _read_html(page, page.html)
    if page.text is not None:
        _require(page.text, str, "text")
        _bound(len(page.text))
        spans = [(match.start(), match.end()) for match in _LINE.finditer(page.text)]
        blocks = tuple(
            DocumentBlock(start=start, end=end, role=_guess_role(page.text[start:end]))
            for start, end in spans
            if page.text[start:end].strip()
        )[:MAX_BLOCKS]
        return _compose(page, page.text, blocks, _place_links(page.text, blocks, page.links))
    return _read_blocks(page, page.blocks or ())


def _read_blocks(page: Page, given: Iterable[Block]) -> Document:
    parts: list[str] = []
    blocks: list[DocumentBlock] = []
    position = 0
    for number, block in enumerate(given):
        if not isinstance(block, Block):
            raise InvalidPageError(f"blocks[{number}] must be a Block, not {type(block).__name__}")
        _require(block.text, str, f"blocks[{number}].text", optional=False)
        _require(block.id, str, f"blocks[{number}].id")
        try:
            role = BlockRole(block.role)
        except ValueError:
            roles = ", ".join(BlockRole)
            raise InvalidPageError(f"blocks[{number}].role must be one of {roles}") from None
        end = position + len(block.text)
        _bound(end)
        blocks.append(DocumentBlock(start=position, end=end, role=role, id=block.id))
        parts.append(block.text)
        position = end + len(BLOCK_SEPARATOR)
    text = BLOCK_SEPARATOR.join(parts)
    return _compose(page, text, tuple(blocks), _place_links(text, tuple(blocks), page.links))


def _read_html(page: Page, html: str | bytes) -> Document:
    _require(html, (str, bytes), "html")
    _bound(len(html))
    markup = read_markup(html)
    parts: list[str] = []
    blocks: list[DocumentBlock] = []
    position = 0
    starts: list[int] = []
    for text, role in markup.blocks:
        starts.append(position)
        blocks.append(DocumentBlock(start=position, end=position + len(text), role=role))
        parts.append(text)
        position += len(text) + len(BLOCK_SEPARATOR)
    joined = BLOCK_SEPARATOR.join(parts)
    base = _base(page.url or markup.metadata.canonical_url, markup.base)
    links = tuple(_absolute(base, link, starts) for link in markup.links)
    kept = [link for link in links if link is not None][:MAX_LINKS]
    kept += _bare_addresses(joined, kept)
    return _compose(
        page, joined, tuple(blocks), tuple(kept), markup.metadata, markup.title, markup.language
    )


def _compose(
    page: Page,
    text: str,
    blocks: tuple[DocumentBlock, ...],
    links: tuple[DocumentLink, ...],
    metadata: PageMetadata = PageMetadata(),  # noqa: B008  frozen, so safe to share
    title: str | None = None,
    language: str | None = None,
) -> Document:
    language = page.language or language
    sentences: list[Sentence] = []
    for number, block in enumerate(blocks):
        if len(sentences) >= MAX_SENTENCES:
            break
        for start, end in split_sentences(text[block.start : block.end], language):
            begin, stop = block.start + start, block.start + end
            sentences.append(
                Sentence(
                    text=text[begin:stop],
                    start=begin,
                    end=stop,
                    index=len(sentences),
                    block=number,
                )
            )
    heading = next((b for b in blocks if b.role is BlockRole.HEADING), None)
    first = text[heading.start : heading.end].strip() if heading else None
    return Document(
        text=text,
        blocks=blocks,
        sentences=tuple(sentences[:MAX_SENTENCES]),
        links=links,
        url=page.url,
        title=page.title or title or first,
        language=language,
        date=metadata.published
        or date_in_address(page.url or metadata.canonical_url)
        or visible_date(text, blocks, language),
        metadata=metadata,
    )


def _place_links(
    text: str, blocks: tuple[DocumentBlock, ...], links: Iterable[Link]
) -> tuple[DocumentLink, ...]:
    """Return the links with the span of their words in their block, and the bare addresses."""
    by_id = {block.id: block for block in blocks if block.id is not None}
    placed: list[DocumentLink] = []
    for number, link in enumerate(links):
        if not isinstance(link, Link):
            raise InvalidPageError(f"links[{number}] must be a Link, not {type(link).__name__}")
        _require(link.href, str, f"links[{number}].href", optional=False)
        _require(link.text, str, f"links[{number}].text", optional=False)
        if len(placed) >= MAX_LINKS or not _followable(link.href):
            continue
        block = by_id.get(link.block) if link.block is not None else None
        at = text.find(link.text, block.start, block.end) if block and link.text.strip() else -1
        placed.append(
            DocumentLink(
                href=link.href,
                text=link.text,
                start=at if at >= 0 else None,
                end=at + len(link.text) if at >= 0 else None,
            )
        )
    return (*placed, *_bare_addresses(text, placed))


def _bare_addresses(text: str, placed: list[DocumentLink]) -> list[DocumentLink]:
    """Return the addresses that stand in the text itself and are no link's words already."""
    taken = {link.start for link in placed if link.start is not None}
    found: list[DocumentLink] = []
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)”’")
        if match.start() not in taken and len(found) < MAX_LINKS:
            end = match.start() + len(address)
            href = address if "://" in address else f"https://{address}"
            found.append(DocumentLink(href=href, text=address, start=match.start(), end=end))
    return found


def _base(url: str | None, declared: str | None) -> str:
    """Return the address that relative links start from, as a base element may move it."""
    try:
        return urljoin(url or "", declared or "")
    except ValueError:
        return url or ""


def _absolute(base: str | None, link: MarkupLink, starts: list[int]) -> DocumentLink | None:
    try:
        href = urljoin(base or "", link.href)
    except ValueError:
        return None
    if not _followable(href):
        return None
    start = None if link.block is None else starts[link.block] + link.start
    end = None if link.block is None else starts[link.block] + link.end
    return DocumentLink(href=href, text=link.text, start=start, end=end, rel=link.rel)


def _followable(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(href) <= 4_000


def _guess_role(line: str) -> BlockRole:
    stripped = line.strip()
    if not any(character.isalpha() for character in stripped):
        return BlockRole.OTHER
    if len(stripped) <= HEADING_CHARACTERS and not stripped.endswith(_SENTENCE_END):
        return BlockRole.OTHER if "://" in stripped else BlockRole.HEADING
    return BlockRole.PARAGRAPH


def _require(
    value: object, kind: type | tuple[type, ...], name: str, *, optional: bool = True
) -> None:
    if value is None and optional:
        return
    if not isinstance(value, kind):
        wanted = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
        raise InvalidPageError(f"{name} must be {wanted}, not {type(value).__name__}")


def _bound(characters: int) -> None:
    if characters > MAX_CHARACTERS:
        raise InvalidPageError(
            f"the page has more than {MAX_CHARACTERS:,} characters; send the article alone"
        )
