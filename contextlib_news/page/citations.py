"""Sources that a page names: links, bare addresses, numbered references, unnamed sources."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from contextlib_news.context.domains import registrable_domain, unwrap_address
from contextlib_news.models import BlockRole, Citation, Document, DocumentLink, Sentence
from contextlib_news.page.named_sources import (
    is_unnamed,
    known_outlet,
    named_sources,
    reported_on,
)
from contextlib_news.page.references import is_place_on_page, read_references

__all__ = ["citation_share", "find_citations"]

MAX_CITATIONS = 300

# Words that carry the source of the sentence before on to this one.
_CARRIES_ON = re.compile(
    r"^\W*(?:the|this|that|its) (?:\w+ )?(?:report|article|story|paper|piece|investigation|account)"
    r"\b|^\W*(?:it|they) (?:also )?(?:adds?|added|notes?|noted|reports?|reported|says?|said)\b",
    re.IGNORECASE,
)
_OPENING, _CLOSING = "“„«", "”»"

# Paths that are a site's own furniture or a share button, not a source.
_FURNITURE = re.compile(
    r"(?:/share|/sharer|/intent/|/login|/subscribe|/privacy|/terms|/contact|/tag/|/category/|/author/|"
    r"mailto:|/feed/?$)",
    re.IGNORECASE,
)


def find_citations(
    document: Document,
    *,
    sisters: Collection[str] = (),
    names: Mapping[str, str] | None = None,
) -> tuple[Citation, ...]:
    """Return the sources that the page names, in the order of the text.

    A link to another site, a bare address or an entry of a numbered list is one citation each;
    ``sentences`` are those that hold it or its number, and those that carry on from it ("The report
    adds"). An outlet of ``names`` (folded name to domain) that is named without an address is one
    too. The page's own site and ``sisters`` (domains) are ``circular``, unnamed sources without an
    address ``dead-end``.
    """
    own = frozenset(sisters)
    if document.url and (domain := registrable_domain(unwrap_address(document.url))):
        own |= {domain}
    references = read_references(document)
    listed = references.blocks
    found: dict[str, Citation] = {}
    for number, entry in references.entries.items():
        leaning = references.leaning[number]
        held = found.get(_key(entry.href))
        if held is not None:
            leaning = sorted({*held.sentences, *leaning})
            found[_key(entry.href)] = replace(held, sentences=tuple(leaning))
        else:
            found[_key(entry.href)] = _cite(entry.href, entry.title, entry.link, leaning, own)
    for link in document.links:
        key = _key(link.href)
        if key in found or len(found) >= MAX_CITATIONS or not _cites(document, link, own):
            continue
        at = _sentence_at(document, link.start)
        if at is not None and document.sentences[at].block in listed:
            at = None
        title = None if _is_address(link) else link.text.strip()
        found[key] = _cite(link.href, title or None, link, [at] if at is not None else [], own)
    citations = sorted(
        found.values(), key=lambda c: (c.sentences or (10**9,), -1 if c.start is None else c.start)
    )
    citations = _carry_on(document, citations, listed)
    named = _by_name(document, citations, listed, own, names or {})
    if named:
        citations = _carry_on(document, citations + named, listed)
    return tuple(citations) + _unnamed(document, citations)


def citation_share(citations: Collection[Citation], checkworthy: Collection[Sentence]) -> int:
    """Return how many of the check-worthy sentences lean on a citation with an address."""
    leaning = {index for c in citations if c.href is not None for index in c.sentences}
    return sum(sentence.index in leaning for sentence in checkworthy)


def _cite(
    href: str, title: str | None, link: DocumentLink, sentences: list[int], own: frozenset[str]
) -> Citation:
    circular = _domain_of(href) in own
    return Citation(
        href=href,
        title=title,
        start=link.start,
        end=link.end,
        sentences=tuple(sentences),
        flags=("circular",) if circular else (),
    )


def _cites(document: Document, link: DocumentLink, own: frozenset[str]) -> bool:
    """Say whether a link is a source: it stands in the text, and leads to a page elsewhere."""
    if "sponsored" in link.rel or _FURNITURE.search(link.href) or is_place_on_page(document, link):
        return False
    try:
        path = urlsplit(link.href).path
    except ValueError:
        return False
    if link.start is None:
        # Links without a place come from callers; a page of another site is still a source.
        return len(path) > 1 and _domain_of(link.href) not in own
    block = _block_at(document, link.start)
    if block is None or document.blocks[block].role in (BlockRole.FOOTER, BlockRole.OTHER):
        return _is_address(link) and len(path) > 1
    if _domain_of(link.href) in own:
        at = _sentence_at(document, link.start)
        return at is not None and len(document.sentences[at].text) > len(link.text) + 20
    return len(path) > 1


def _carry_on(
    document: Document, citations: list[Citation], listed: frozenset[int]
) -> list[Citation]:
    """Return the citations with the sentences that carry on from them ("The report adds …")."""
    if not citations:
        return []
    begins: dict[int, int] = {}
    labels: dict[str, int] = {}
    for number, citation in enumerate(citations):
        domain = citation.domain or _domain_of(citation.href or "") or ""
        label = domain.split(".")[0].replace("-", "")
        labels.setdefault(label, number)
        for index in citation.sentences:
            begins[index] = number
    extra: dict[int, list[int]] = {}
    latest: int | None = None
    block, quoting = -1, False
    leaned: set[int] = set()
    for sentence in document.sentences:
        # A quotation taken from the source runs on until it closes, opened anew each paragraph; a
        # paragraph that opens one right behind one that leans on the source quotes it too.
        opens = sentence.text[0] in _OPENING
        runs_on = quoting and (sentence.block == block or opens)
        if opens and sentence.block != block and block in leaned:
            runs_on = True
        named = _named(sentence.text, labels)
        block, quoting = sentence.block, False
        if sentence.block in listed:
            latest = None
        elif sentence.index in begins:
            latest = begins[sentence.index]
            leaned.add(sentence.block)
        elif named is not None:
            latest = named
            leaned.add(sentence.block)
            extra.setdefault(named, []).append(sentence.index)
        elif latest is not None and (runs_on or _CARRIES_ON.search(sentence.text[:120])):
            extra.setdefault(latest, []).append(sentence.index)
            leaned.add(sentence.block)
            opened = max(map(sentence.text.rfind, _OPENING))
            closed = max(map(sentence.text.rfind, _CLOSING))
            quoting = opened > closed or (runs_on and closed < 0)
    return [
        replace(c, sentences=(*c.sentences, *extra.get(number, ())))
        for number, c in enumerate(citations)
    ]


def _named(text: str, labels: dict[str, int]) -> int | None:
    """Return the citation whose site has the name of an outlet that the sentence leans on."""
    for name, _ in named_sources(text):
        words = [w for w in name.lower().split() if w not in ("the", "of")]
        initials = "".join(word[0] for word in words)
        for label in ("".join(words), initials, initials[:-1] + words[-1] if words else ""):
            if len(label) > 2 and label in labels:
                return labels[label]
    return None


def _by_name(
    document: Document,
    citations: list[Citation],
    listed: frozenset[int],
    own: frozenset[str],
    names: Mapping[str, str],
) -> list[Citation]:
    """Return the known outlets that sentences lean on by name where no address is given."""
    if not names:
        return []
    cited = {index for citation in citations for index in citation.sentences}
    found: dict[tuple[str, str | None], Citation] = {}
    for sentence in document.sentences:
        if sentence.index in cited or sentence.block in listed:
            continue
        named = known_outlet(sentence.text, names)
        if named is None:
            continue
        domain, start, end = named
        key = (domain, reported_on(sentence.text))
        held = found.get(key)
        if held is not None:
            found[key] = replace(held, sentences=(*held.sentences, sentence.index))
        elif len(found) < MAX_CITATIONS:
            found[key] = Citation(
                href=None,
                domain=domain,
                date=key[1],
                start=sentence.start + start,
                end=sentence.start + end,
                sentences=(sentence.index,),
                flags=("circular",) if domain in own else (),
            )
    return list(found.values())


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
        if sentence.index not in cited and is_unnamed(sentence.text)
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


def _is_address(link: DocumentLink) -> bool:
    """Say whether a link's words are an address themselves."""
    return "://" in link.text or link.text.lower().startswith("www.")


def _domain_of(href: str) -> str | None:
    """Return the registrable domain of the page behind a link, whatever copy it leads to."""
    return registrable_domain(unwrap_address(href))


def _key(href: str) -> str:
    return href.split("#", 1)[0].rstrip("/")
