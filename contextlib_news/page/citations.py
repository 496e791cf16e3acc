"""Sources that a page names: links, bare addresses, numbered references, unnamed sources."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from contextlib_news.context.domains import registrable_domain
from contextlib_news.models import BlockRole, Citation, Document, DocumentLink, Sentence

__all__ = ["citation_share", "find_citations"]

MAX_CITATIONS = 300

# A reference list stands under one of these words, alone on its line.
_LIST_HEADING = re.compile(
    r"^\W*(?:citations?|references?|sources?|notes?|footnotes?|endnotes?|quellen|références|fuentes)"
    r"\W*$",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\[(\d{1,3})\]")
_ENTRY = re.compile(r"^\s*(?:\[(\d{1,3})\]|(\d{1,3})[.)])\s*(.*)$", re.DOTALL)
# Words that carry the source of the sentence before on to this one.
_CARRIES_ON = re.compile(
    r"^\W*(?:the|this|that|its) (?:\w+ )?(?:report|article|story|paper|piece|investigation|account)"
    r"\b|^\W*(?:it|they) (?:also )?(?:adds?|added|notes?|noted|reports?|reported|says?|said)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"\b(?:according to|quoting|citing)\b[^.;]{0,60}\b(?:sources?|officials?|insiders?)\b"
    r"[^.;]{0,40}\b(?:who|which) (?:refused|declined|asked not|did not want|requested|spoke on "
    r"condition|cannot be named|wished to remain)\b"
    r"|\bsources? (?:who|that) (?:refused|declined|asked not|wished)",
    re.IGNORECASE,
)
# "the Washington Post reported", "according to the BBC", "inaccuracies in the Times report".
_OUTLET = r"\b(?P<name>[A-Z][\w&]{0,30}(?: (?:of |the )?[A-Z][\w&]{0,30}){0,4})"
_NAMED = (
    re.compile(_OUTLET + r",? (?:has |had |also )?(?:report(?:s|ed)?|wrote|revealed|published)\b"),
    re.compile(r"\b(?:[Aa]ccording to|[Cc]iting|[Qq]uoting) (?:the |The )?" + _OUTLET),
)
_OPENING, _CLOSING = "“„«", "”»"

# Paths that are a site's own furniture or a share button, not a source.
_FURNITURE = re.compile(
    r"(?:/share|/sharer|/intent/|/login|/subscribe|/privacy|/terms|/contact|/tag/|/category/|/author/|"
    r"mailto:|/feed/?$)",
    re.IGNORECASE,
)


def find_citations(document: Document) -> tuple[Citation, ...]:
    """Return the sources that the page names, in the order of the text.

    A link to another site, a bare address or an entry of a numbered list is one citation each;
    ``sentences`` are those that hold it or its number, and those that carry on from it ("The report
    adds"). The page's own site is ``circular``, unnamed sources without an address ``dead-end``.
    """
    own = registrable_domain(document.url) if document.url else None
    entries, listed = _reference_list(document)
    found: dict[str, Citation] = {}
    for number, (href, title, link) in entries.items():
        sentences = _with_marker(document, number, listed)
        found[_key(href)] = _cite(href, title, link, sentences, own)
    for link in document.links:
        key = _key(link.href)
        if key in found or len(found) >= MAX_CITATIONS or not _cites(document, link, own):
            continue
        at = _sentence_at(document, link.start)
        title = link.text.strip() if "://" not in link.text else None
        found[key] = _cite(link.href, title or None, link, [at] if at is not None else [], own)
    citations = sorted(
        found.values(), key=lambda c: (c.sentences or (10**9,), -1 if c.start is None else c.start)
    )
    return tuple(_carry_on(document, citations, listed)) + _unnamed(document, citations)


def citation_share(citations: Collection[Citation], checkworthy: Collection[Sentence]) -> int:
    """Return how many of the check-worthy sentences lean on a citation with an address."""
    leaning = {index for c in citations if c.href is not None for index in c.sentences}
    return sum(sentence.index in leaning for sentence in checkworthy)


def _cite(
    href: str, title: str | None, link: DocumentLink, sentences: list[int], own: str | None
) -> Citation:
    circular = own is not None and registrable_domain(href) == own
    return Citation(
        href=href,
        title=title,
        start=link.start,
        end=link.end,
        sentences=tuple(sentences),
        flags=("circular",) if circular else (),
    )


def _cites(document: Document, link: DocumentLink, own: str | None) -> bool:
    """Say whether a link is a source: it stands in the text, and leads to a page elsewhere."""
    if "sponsored" in link.rel or _FURNITURE.search(link.href):
        return False
    try:
        path = urlsplit(link.href).path
    except ValueError:
        return False
    if link.start is None:
        # Links without a place come from callers; a page of another site is still a source.
        return len(path) > 1 and registrable_domain(link.href) != own
    block = _block_at(document, link.start)
    if block is None or document.blocks[block].role in (BlockRole.FOOTER, BlockRole.OTHER):
        return "://" in link.text and len(path) > 1
    if own is not None and registrable_domain(link.href) == own:
        at = _sentence_at(document, link.start)
        return at is not None and len(document.sentences[at].text) > len(link.text) + 20
    return len(path) > 1


def _reference_list(
    document: Document,
) -> tuple[dict[str, tuple[str, str | None, DocumentLink]], frozenset[int]]:
    """Return the numbered entries (address, title, link) and the indices of the list's blocks."""
    links = sorted((x for x in document.links if x.start is not None), key=lambda x: x.start or 0)
    entries: dict[str, tuple[str, str | None, DocumentLink]] = {}
    blocks: set[int] = set()
    number: str | None = None
    title: str | None = None
    inside = False
    for index, block in enumerate(document.blocks):
        text = document.text[block.start : block.end].strip()
        if _LIST_HEADING.match(text):
            inside, number = True, None
            blocks.add(index)
            continue
        if not inside:
            continue
        here = [x for x in links if block.start <= (x.start or 0) < block.end]
        entry = _ENTRY.match(text)
        if entry:
            number = entry[1] or entry[2]
            words = entry[3].split("http", 1)[0].strip(" :\u00a0\n")
            title = words or None
        elif not here:
            inside = False
            continue
        blocks.add(index)
        if here and number is not None and number not in entries:
            entries[number] = (here[0].href, title, here[0])
    return entries, frozenset(blocks)


def _with_marker(document: Document, number: str, listed: frozenset[int]) -> list[int]:
    mark = f"[{number}]"
    return [s.index for s in document.sentences if mark in s.text and s.block not in listed]


def _carry_on(
    document: Document, citations: list[Citation], listed: frozenset[int]
) -> list[Citation]:
    """Return the citations with the sentences that carry on from them ("The report adds …")."""
    begins: dict[int, int] = {}
    labels: dict[str, int] = {}
    for number, citation in enumerate(citations):
        label = (registrable_domain(citation.href or "") or "").split(".")[0].replace("-", "")
        labels.setdefault(label, number)
        for index in citation.sentences:
            begins[index] = number
    extra: dict[int, list[int]] = {}
    latest: int | None = None
    block, quoting = -1, False
    for sentence in document.sentences:
        # A quotation taken from the source runs on until it closes, opened anew each paragraph.
        runs_on = quoting and (sentence.block == block or sentence.text[0] in _OPENING)
        named = _named(sentence.text, labels)
        block, quoting = sentence.block, False
        if sentence.block in listed:
            latest = None
        elif sentence.index in begins:
            latest = begins[sentence.index]
        elif named is not None:
            latest = named
            extra.setdefault(named, []).append(sentence.index)
        elif latest is not None and (runs_on or _CARRIES_ON.search(sentence.text[:120])):
            extra.setdefault(latest, []).append(sentence.index)
            opened = max(map(sentence.text.rfind, _OPENING))
            closed = max(map(sentence.text.rfind, _CLOSING))
            quoting = opened > closed or (runs_on and closed < 0)
    return [
        Citation(
            href=c.href,
            title=c.title,
            start=c.start,
            end=c.end,
            sentences=(*c.sentences, *extra.get(number, ())),
            flags=c.flags,
        )
        for number, c in enumerate(citations)
    ]


def _named(text: str, labels: dict[str, int]) -> int | None:
    """Return the citation whose site has the name of an outlet that the sentence leans on."""
    for pattern in _NAMED:
        for match in pattern.finditer(text[:2_000]):
            words = [w for w in match["name"].lower().split() if w not in ("the", "of")]
            initials = "".join(word[0] for word in words)
            for label in ("".join(words), initials, initials[:-1] + words[-1] if words else ""):
                if len(label) > 2 and label in labels:
                    return labels[label]
    return None


def _unnamed(document: Document, citations: list[Citation]) -> tuple[Citation, ...]:
    """Return a dead end for each sentence that rests on sources it does not name."""
    cited = {index for citation in citations for index in citation.sentences}
    return tuple(
        Citation(
            href=None,
            start=sentence.start,
            end=sentence.end,
            sentences=(sentence.index,),
            flags=("dead-end",),
        )
        for sentence in document.sentences
        if sentence.index not in cited and _UNNAMED.search(sentence.text)
    )[:MAX_CITATIONS]


def _sentence_at(document: Document, position: int | None) -> int | None:
    if position is None:
        return None
    low, high = 0, len(document.sentences)
    while low < high:
        middle = (low + high) // 2
        if document.sentences[middle].end <= position:
            low = middle + 1
        else:
            high = middle
    if low < len(document.sentences) and document.sentences[low].start <= position:
        return low
    return None


def _block_at(document: Document, position: int) -> int | None:
    low, high = 0, len(document.blocks)
    while low < high:
        middle = (low + high) // 2
        if document.blocks[middle].end <= position:
            low = middle + 1
        else:
            high = middle
    return low if low < len(document.blocks) else None


def _key(href: str) -> str:
    return href.split("#", 1)[0].rstrip("/")
