"""From a page to its notes, read top to bottom.

``page -> document -> sentences -> matches -> stance -> notes``. Each stage is a module of its own
and can be called alone on plain values; this one only joins them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contextlib_news import notes as composing
from contextlib_news.context.disclaimers import find_disclaimers
from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.matching.explain import align_words
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import (
    Annotation,
    Claim,
    Document,
    DocumentSummary,
    Match,
    Note,
    Outlet,
    Page,
    Quotation,
    Reading,
    Report,
    Sentence,
)
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.citations import find_citations
from contextlib_news.page.document import read_page
from contextlib_news.page.quotations import find_quotations
from contextlib_news.reading.figures import check_figures
from contextlib_news.reading.quotation_check import check_quotation
from contextlib_news.reading.stance import read_sentence

__all__ = ["annotate"]

# A sentence shows at most this many claims, as the contract of the answer says.
CLAIMS_PER_SENTENCE = 5

# How many candidates a sentence contributes to the claims whose reports and quotations the page is
# compared with; wider than what is shown, as a citation may support a claim put in other words.
CANDIDATES_PER_SENTENCE = 10

# A page gets at most this many notes of one kind; far above any article read so far, it bounds the
# answer to a hostile page.
NOTES_PER_KIND = 500

# Up to this size every quotation held is compared; above it only those of candidate claims.
QUOTATION_SCAN_CLAIMS = 1_000


@dataclass(frozen=True, slots=True)
class _Finding:
    """A sentence, a claim it is about, and what it does to it."""

    sentence: Sentence
    claim: Claim
    match: Match
    reading: Reading


def annotate(
    page: Page,
    *,
    index: ClaimIndex,
    outlets: OutletDirectory | None = None,
    reader_language: str = "en",
) -> Annotation:
    """Return what is known about a page: its outlet and its notes, in reading order.

    ``index`` holds the claims to match, ``outlets`` the publishers known (none: no outlet is
    looked up). ``reader_language`` is the language of the notes; English is spoken so far, and any
    other falls back to it. Raises :class:`~contextlib_news.errors.InvalidPageError` when the page
    cannot be read; a page about which nothing is known gets no claim note, which never means that
    it is right.
    """
    document = read_page(page)
    checkworthy = [s for s in document.sentences if is_checkworthy(s, document)]
    findings, candidates = _match_sentences(document, checkworthy, index)
    outlet = outlets.find(document.url) if outlets is not None and document.url else None

    found: list[tuple[int | None, Note]] = []
    if outlet is not None:
        found.append((None, composing.outlet_note(outlet)))
    for disclaimer in find_disclaimers(document)[:NOTES_PER_KIND]:
        found.append((disclaimer.start, composing.disclaimer_note(document, disclaimer)))
    for finding in findings[:NOTES_PER_KIND]:
        found.append((finding.sentence.start, _compose_claim(document, finding)))
    for figure in check_figures(document)[:NOTES_PER_KIND]:
        found.append((figure.start, composing.figure_note(document, figure)))
    found.extend(_check_quotations(document, index, candidates))
    found.extend(_list_citations(document, outlets, candidates, checkworthy))

    matched = {finding.sentence.index for finding in findings[:NOTES_PER_KIND]}
    return Annotation(
        document=DocumentSummary(
            title=document.title,
            url=document.url,
            language=document.language,
            sentences=len(document.sentences),
            checkworthy=len(checkworthy),
            matched=len(matched),
        ),
        outlet=outlet,
        notes=composing.order_notes(found),
    )


def _match_sentences(
    document: Document, checkworthy: list[Sentence], index: ClaimIndex
) -> tuple[list[_Finding], dict[str, Claim]]:
    """Return the pairs above the threshold, and every candidate claim by its id."""
    roles = [block.role for block in document.blocks]
    findings: list[_Finding] = []
    candidates: dict[str, Claim] = {}
    hits = index.search(
        [s.text for s in checkworthy],
        limit=CANDIDATES_PER_SENTENCE,
        text_language=document.language,
    )
    for sentence, matches in zip(checkworthy, hits, strict=True):
        shown = 0
        for match in matches:
            claim = candidates.get(match.claim_id) or index.claim(match.claim_id)
            if claim is None:
                continue
            candidates[claim.id] = claim
            if match.score < index.threshold or shown == CLAIMS_PER_SENTENCE:
                continue
            reading = read_sentence(
                sentence.text,
                claim,
                context=_neighbours(document, sentence),
                page_date=document.date,
                role=roles[sentence.block],
            )
            if reading.stance is not None:
                shown += 1
                findings.append(_Finding(sentence, claim, match, reading))
    return findings, candidates


def _neighbours(document: Document, sentence: Sentence) -> tuple[str, str]:
    """Return the sentences before and after, empty at the ends of the document."""
    before = document.sentences[sentence.index - 1].text if sentence.index else ""
    after = sentence.index + 1
    return before, document.sentences[after].text if after < len(document.sentences) else ""


def _compose_claim(document: Document, finding: _Finding) -> Note:
    words = finding.match.wording(finding.claim)
    shared = align_words(finding.sentence.text, words, finding.claim.language)
    return composing.claim_note(
        document, finding.sentence, finding.claim, finding.match, finding.reading, shared
    )


def _check_quotations(
    document: Document, index: ClaimIndex, candidates: dict[str, Claim]
) -> Iterator[tuple[int | None, Note]]:
    passages = find_quotations(document)[:NOTES_PER_KIND]
    if not passages:
        return
    claims = index if len(index) <= QUOTATION_SCAN_CLAIMS else candidates.values()
    held: list[Quotation] = [quotation for claim in claims for quotation in claim.quotations]
    for passage in passages:
        detail = check_quotation(passage, held)
        yield passage.start, composing.quotation_note(document, passage, detail)


def _list_citations(
    document: Document,
    outlets: OutletDirectory | None,
    candidates: dict[str, Claim],
    checkworthy: list[Sentence],
) -> Iterator[tuple[int | None, Note]]:
    citations = find_citations(document)[:NOTES_PER_KIND]
    known = {
        _plain_address(report.url): report
        for claim in candidates.values()
        for report in claim.reports
        if report.url
    }
    leaning: set[int] = set()
    for citation in citations:
        outlet: Outlet | None = None
        report: Report | None = None
        if citation.href:
            leaning.update(citation.sentences)
            outlet = outlets.find(citation.href) if outlets is not None else None
            report = known.get(_plain_address(citation.href))
        yield citation.start, composing.citation_note(document, citation, outlet, report)
    if citations and checkworthy:
        cited = sum(sentence.index in leaning for sentence in checkworthy)
        yield None, composing.citation_share_note(cited, len(checkworthy))


def _plain_address(url: str) -> str:
    """Return an address without what varies between copies of a link: scheme, www, query, slash."""
    rest = url.split("://", 1)[-1].split("#", 1)[0].split("?", 1)[0]
    return rest.removeprefix("www.").rstrip("/").casefold()
