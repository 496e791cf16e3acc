"""Pages as callers send them, and the documents they are read into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Block",
    "BlockRole",
    "Document",
    "DocumentBlock",
    "DocumentLink",
    "Link",
    "Page",
    "PageMetadata",
    "Sentence",
]


class BlockRole(StrEnum):
    """What part a block plays on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    QUOTE = "quote"
    CAPTION = "caption"
    FOOTER = "footer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of visible text as a caller sends it; ``id`` is the caller's own name for it."""

    text: str
    id: str | None = None
    role: BlockRole = BlockRole.PARAGRAPH


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page as a caller sends it; ``block`` is the id of the block it stands in."""

    href: str
    text: str = ""
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a caller hands in: exactly one of ``html``, ``text`` and ``blocks``.

    ``links`` accompany ``text`` or ``blocks``; those of ``html`` are read from it.
    """

    url: str | None = None
    title: str | None = None
    language: str | None = None
    html: str | bytes | None = None
    text: str | None = None
    blocks: tuple[Block, ...] | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBlock:
    """A block with its span in :attr:`Document.text`."""

    start: int
    end: int
    role: BlockRole
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLink:
    """A link with an absolute address and, where known, the span of its words in the text.

    ``rel`` holds the tokens of the link's ``rel`` attribute (``sponsored``, ``nofollow``).
    """

    href: str
    text: str
    start: int | None = None
    end: int | None = None
    rel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int
    index: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What the markup says about the page, apart from its visible text.

    ``types`` are schema.org type names (``OpinionNewsArticle``), ``meta`` pairs of lower-case
    name and content, ``policies`` pairs of schema.org property and address or text.
    """

    canonical_url: str | None = None
    site_name: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    types: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    policies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page read into text, blocks, sentences and links. ``date`` is the page's own date."""

    text: str
    blocks: tuple[DocumentBlock, ...]
    sentences: tuple[Sentence, ...]
    links: tuple[DocumentLink, ...] = ()
    url: str | None = None
    title: str | None = None
    language: str | None = None
    date: str | None = None
    metadata: PageMetadata = PageMetadata()
