"""From findings to notes: each with its quote, its words and a stable id, in reading order.

Outlet and disclaimer notes come first, because readers rarely reach the foot of a page where the
fine print stands; notes inside the text follow in the order of the text. ``language`` is that of
the reader, one of ``wording.LANGUAGES``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from contextlib_news import wording
from contextlib_news.context.since import SinceThen
from contextlib_news.models import (
    Citation,
    CitationDetail,
    Claim,
    ClaimReference,
    Disclaimer,
    DisclaimerDetail,
    Document,
    Figure,
    FigureDetail,
    Match,
    Note,
    NoteKind,
    Outlet,
    PageDetail,
    QuotationDetail,
    QuotedPassage,
    Reading,
    Report,
    ReportStance,
    Sentence,
    Target,
)

__all__ = [
    "citation_note",
    "citation_share_note",
    "claim_note",
    "date_note",
    "disclaimer_note",
    "figure_note",
    "order_notes",
    "outlet_note",
    "quotation_note",
    "same_text_note",
    "since_note",
    "target_at",
]

# Characters of context on either side of a quote, as the Web Annotation model suggests it; 32 is
# what Hypothesis sends.
CONTEXT_CHARACTERS = 32

KIND_ORDER = {
    NoteKind.OUTLET: 0,
    NoteKind.DISCLAIMER: 1,
    NoteKind.PAGE: 2,
    NoteKind.CLAIM: 3,
    NoteKind.FIGURE: 3,
    NoteKind.QUOTATION: 3,
    NoteKind.CITATION: 4,
}

# What a reader should hear first when a page disclaims several things.
DISCLAIMER_ORDER = ("seek-corroboration", "accuracy", "satire", "retraction", "correction")


def target_at(document: Document, start: int | None, end: int | None) -> Target:
    """Return the place of a span: its quote, the text around it in its block, the block's id."""
    if start is None or end is None or start >= end:
        return Target()
    for block in document.blocks:
        if block.start <= start < block.end:
            end = min(end, block.end)
            return Target(
                exact=document.text[start:end],
                prefix=document.text[max(block.start, start - CONTEXT_CHARACTERS) : start],
                suffix=document.text[end : min(block.end, end + CONTEXT_CHARACTERS)],
                block=block.id,
            )
    return Target(exact=document.text[start:end], prefix="", suffix="")


def claim_note(
    document: Document,
    sentence: Sentence,
    claim: Claim,
    match: Match,
    reading: Reading,
    shared: tuple[tuple[str, str], ...],
    language: str = "en",
) -> Note:
    """Return the note on what a sentence does to a claim; the reading must have a stance."""
    stance = reading.stance
    if stance is None:
        raise ValueError("a sentence that says nothing about a claim gets no note")
    return Note(
        id=_note_id("claim", claim.id, sentence.text, sentence.index),
        kind=NoteKind.CLAIM,
        target=target_at(document, sentence.start, sentence.end),
        title=wording.claim_title(claim, stance, reading.differences, language),
        text=wording.claim_text(
            claim,
            stance,
            reading.differences,
            language,
            sentence=sentence.text,
            page_date=document.date,
            page_language=document.language,
        ),
        claim=ClaimReference(
            id=claim.id,
            text=claim.text,
            verdict=claim.verdict,
            summary=claim.summary,
            updated=claim.updated,
            language=claim.language,
        ),
        score=match.score,
        stance=stance,
        shared=shared,
        differences=reading.differences,
        cues=reading.cues,
        corroborating=_reports(claim, ReportStance.CORROBORATING),
        contradicting=_reports(claim, ReportStance.CONTRADICTING),
        reviews=claim.reviews,
        provenance=claim.provenance,
        revision=claim.revision,
    )


def outlet_note(outlet: Outlet, language: str = "en") -> Note:
    """Return the note on who publishes the page, or that nobody held here rates it."""
    return Note(
        id=_note_id("outlet", outlet.domain),
        kind=NoteKind.OUTLET,
        target=Target(),
        title=wording.outlet_title(outlet, language),
        text=wording.describe_outlet(outlet, language),
        outlet=outlet,
    )


def disclaimer_note(document: Document, disclaimer: Disclaimer, language: str = "en") -> Note:
    """Return the note on the publisher's own fine print."""
    return Note(
        id=_note_id("disclaimer", disclaimer.text, disclaimer.start),
        kind=NoteKind.DISCLAIMER,
        target=target_at(document, disclaimer.start, disclaimer.end),
        title=wording.disclaimer_title(disclaimer, language),
        text=wording.describe_disclaimer(disclaimer, language),
        disclaimer=DisclaimerDetail(
            types=disclaimer.types, origin=disclaimer.origin, cues=disclaimer.cues
        ),
    )


def citation_note(
    document: Document,
    citation: Citation,
    outlet: Outlet | None,
    report: Report | None,
    language: str = "en",
) -> Note:
    """Return the note on a source the page names, with that source's outlet."""
    sentences = document.sentences
    detail = CitationDetail(
        href=citation.href,
        outlet=outlet,
        title=citation.title,
        sentences=tuple(
            sentences[index].text for index in citation.sentences if 0 <= index < len(sentences)
        ),
        report=report,
        flags=citation.flags,
    )
    return Note(
        id=_note_id("citation", citation.href, citation.start, citation.sentences),
        kind=NoteKind.CITATION,
        target=target_at(document, citation.start, citation.end),
        title=wording.citation_title(detail, language),
        text=wording.describe_citation(detail, language),
        citation=detail,
    )


def figure_note(document: Document, figure: Figure, language: str = "en") -> Note:
    """Return the note on figures of the page that do not agree."""
    return Note(
        id=_note_id("figure", figure.kind, figure.start, figure.stated),
        kind=NoteKind.FIGURE,
        target=target_at(document, figure.start, figure.end),
        title=wording.figure_title(figure, language),
        text=wording.describe_figure(figure, language),
        figure=FigureDetail(kind=figure.kind, stated=figure.stated, computed=figure.computed),
    )


def quotation_note(
    document: Document, passage: QuotedPassage, detail: QuotationDetail, language: str = "en"
) -> Note:
    """Return the note on how a quoted passage compares with the source's words held."""
    return Note(
        id=_note_id("quotation", passage.text, passage.start),
        kind=NoteKind.QUOTATION,
        target=target_at(document, passage.start, passage.end),
        title=wording.quotation_title(detail, language),
        text=wording.describe_quotation(detail, language),
        quotation=detail,
    )


def citation_share_note(cited: int, checkworthy: int, language: str = "en") -> Note:
    """Return the plain count of check-worthy sentences that lean on a source the page names."""
    return _page_note(
        PageDetail(kind="citation-share", cited=cited, checkworthy=checkworthy),
        wording.citation_share_title(language),
        wording.describe_citation_share(cited, checkworthy, language),
    )


def same_text_note(
    url: str, outlet: Outlet | None, similarity: float, date: str | None, language: str = "en"
) -> Note:
    """Return the note that much the same text stands elsewhere; ``similarity`` is 0..1."""
    return _page_note(
        PageDetail(
            kind="same-text", url=url, outlet=outlet, similarity=round(similarity, 2), date=date
        ),
        wording.same_text_title(language),
        wording.describe_same_text(url, outlet, similarity, date, language),
    )


def since_note(change: SinceThen, page_date: str | None, language: str = "en") -> Note:
    """Return the note on what became of a claim after the page appeared."""
    return _page_note(
        PageDetail(kind="since", claim_id=change.claim.id, date=change.date),
        wording.since_title(change, language),
        wording.describe_since(change, page_date, language),
    )


def date_note(dates: Sequence[tuple[str, str]], language: str = "en") -> Note:
    """Return the note on the day of a page, or on the days that it gives where they differ."""
    return _page_note(
        PageDetail(kind="date", date=dates[0][0]),
        wording.date_title(dates, language),
        wording.describe_dates(dates, language),
    )


def _page_note(page: PageDetail, title: str, text: str) -> Note:
    return Note(
        id=_note_id("page", page.kind, page.url, page.claim_id, page.date if page.claim_id else ""),
        kind=NoteKind.PAGE,
        target=Target(),
        title=title,
        text=text,
        page=page,
    )


def order_notes(notes: Iterable[tuple[int | None, Note]]) -> tuple[Note, ...]:
    """Return notes, given with their place in the text, in the order a reader should meet them."""

    def key(item: tuple[int | None, Note]) -> tuple[int, int, int, float, str]:
        start, note = item
        first = len(DISCLAIMER_ORDER)
        if note.disclaimer is not None:
            known = [
                DISCLAIMER_ORDER.index(t) for t in note.disclaimer.types if t in DISCLAIMER_ORDER
            ]
            first = min(known, default=first)
        return (
            KIND_ORDER[note.kind],
            first,
            -1 if start is None else start,
            -(note.score or 0.0),
            note.id,
        )

    ordered: list[Note] = []
    seen: set[str] = set()
    for _, note in sorted(notes, key=key):
        if note.id not in seen:
            seen.add(note.id)
            ordered.append(note)
    return tuple(ordered)


def _reports(claim: Claim, stance: ReportStance) -> tuple[Report, ...]:
    return tuple(report for report in claim.reports if report.stance is stance)


def _note_id(*parts: object) -> str:
    """Return a short id that is the same for the same finding on the same page."""
    joined = "\x1f".join(map(str, _flatten(parts)))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _flatten(parts: Sequence[object]) -> Iterable[object]:
    for part in parts:
        if isinstance(part, tuple):
            yield from part
        else:
            yield part
