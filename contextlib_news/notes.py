"""From findings to notes: each with its quote, its words and a stable id, in reading order.

Outlet and disclaimer notes come first, because readers rarely reach the foot of a page where the
fine print stands; notes inside the text follow in the order of the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from contextlib_news import wording
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
    "disclaimer_note",
    "figure_note",
    "order_notes",
    "outlet_note",
    "quotation_note",
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
) -> Note:
    """Return the note on what a sentence does to a claim; the reading must have a stance."""
    stance = reading.stance
    if stance is None:
        raise ValueError("a sentence that says nothing about a claim gets no note")
    return Note(
        id=_note_id("claim", claim.id, sentence.text, sentence.index),
        kind=NoteKind.CLAIM,
        target=target_at(document, sentence.start, sentence.end),
        title=wording.claim_title(claim, stance, reading.differences),
        text=wording.claim_text(claim, stance, reading.differences),
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


def outlet_note(outlet: Outlet) -> Note:
    """Return the note on who publishes the page, or that nobody held here rates it."""
    return Note(
        id=_note_id("outlet", outlet.domain),
        kind=NoteKind.OUTLET,
        target=Target(),
        title=wording.outlet_title(outlet),
        text=wording.describe_outlet(outlet),
        outlet=outlet,
    )


def disclaimer_note(document: Document, disclaimer: Disclaimer) -> Note:
    """Return the note on the publisher's own fine print."""
    return Note(
        id=_note_id("disclaimer", disclaimer.text, disclaimer.start),
        kind=NoteKind.DISCLAIMER,
        target=target_at(document, disclaimer.start, disclaimer.end),
        title=wording.disclaimer_title(disclaimer),
        text=wording.describe_disclaimer(disclaimer),
        disclaimer=DisclaimerDetail(
            types=disclaimer.types, origin=disclaimer.origin, cues=disclaimer.cues
        ),
    )


def citation_note(
    document: Document, citation: Citation, outlet: Outlet | None, report: Report | None
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
        title=wording.citation_title(detail),
        text=wording.describe_citation(detail),
        citation=detail,
    )


def figure_note(document: Document, figure: Figure) -> Note:
    """Return the note on figures of the page that do not agree."""
    return Note(
        id=_note_id("figure", figure.kind, figure.start, figure.stated),
        kind=NoteKind.FIGURE,
        target=target_at(document, figure.start, figure.end),
        title=wording.figure_title(figure),
        text=wording.describe_figure(figure),
        figure=FigureDetail(kind=figure.kind, stated=figure.stated, computed=figure.computed),
    )


def quotation_note(document: Document, passage: QuotedPassage, detail: QuotationDetail) -> Note:
    """Return the note on how a quoted passage compares with the source's words held."""
    return Note(
        id=_note_id("quotation", passage.text, passage.start),
        kind=NoteKind.QUOTATION,
        target=target_at(document, passage.start, passage.end),
        title=wording.quotation_title(detail),
        text=wording.describe_quotation(detail),
        quotation=detail,
    )


def citation_share_note(cited: int, checkworthy: int) -> Note:
    """Return the plain count of check-worthy sentences that lean on a source the page names."""
    sentences = "sentence" if checkworthy == 1 else "sentences"
    return Note(
        id=_note_id("page", "citation-share"),
        kind=NoteKind.PAGE,
        target=Target(),
        title="How much of this page names its source",
        text=f"{cited} of {checkworthy} {sentences} that state something checkable lean on a "
        "source the page gives an address for.",
        page_kind="citation-share",
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
