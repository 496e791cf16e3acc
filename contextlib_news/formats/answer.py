"""The answer for one page as plain JSON values, in the words of the HTTP API.

Every value is built afresh from the frozen annotation; nothing here decides anything. Optional
parts that are empty are left out, except where a caller relies on the key.
"""

from __future__ import annotations

from typing import Any

from contextlib_news.context.ratings import disagree
from contextlib_news.models import (
    Annotation,
    CitationDetail,
    ClaimReference,
    Note,
    NoteKind,
    Outlet,
    OutletFact,
    OutletRelation,
    PageDetail,
    QuotationDetail,
    Rating,
    Report,
    Review,
    Target,
)

__all__ = [
    "annotation_to_dict",
    "note_to_dict",
    "outlet_to_answer",
    "report_to_answer",
    "summary_to_dict",
]

Json = dict[str, Any]


def annotation_to_dict(annotation: Annotation) -> Json:
    """Return the whole answer: ``document``, ``outlet`` (None without an address) and ``notes``."""
    return summary_to_dict(annotation) | {"notes": [note_to_dict(n) for n in annotation.notes]}


def summary_to_dict(annotation: Annotation) -> Json:
    """Return an answer without its notes."""
    document = annotation.document
    return {
        "document": {
            "title": document.title,
            "url": document.url,
            "language": document.language,
            "sentences": document.sentences,
            "checkworthy": document.checkworthy,
            "matched": document.matched,
        },
        "outlet": None if annotation.outlet is None else outlet_to_answer(annotation.outlet),
    }


def note_to_dict(note: Note) -> Json:
    """Return one note with the parts that fit its kind."""
    answer: Json = {
        "id": note.id,
        "kind": note.kind.value,
        "target": _target(note.target),
        "title": note.title,
        "text": note.text,
    }
    if note.kind is NoteKind.CLAIM and note.claim is not None:
        answer |= _claim_parts(note, note.claim)
    elif note.disclaimer is not None:
        answer["disclaimer"] = {
            "types": list(note.disclaimer.types),
            "origin": note.disclaimer.origin,
            "cues": list(note.disclaimer.cues),
        }
    elif note.figure is not None:
        answer["figure"] = {
            "kind": note.figure.kind,
            "stated": note.figure.stated,
            "computed": note.figure.computed,
        }
    elif note.quotation is not None:
        answer["quotation"] = _quotation(note.quotation)
    elif note.citation is not None:
        answer["citation"] = _citation(note.citation)
    elif note.page is not None:
        answer["page"] = _page(note.page)
    elif note.outlet is not None:
        answer["outlet"] = outlet_to_answer(note.outlet)
    return answer


def outlet_to_answer(outlet: Outlet) -> Json:
    """Return an outlet with every rating beside its rater, date and link, and what is known of it.

    ``disagree`` is there (true) where some raters point one way and some the other.
    """
    answer: Json = {
        "domain": outlet.domain,
        "name": outlet.name,
        "relation": outlet.relation.value,
        "ratings": [_rating(rating) for rating in outlet.ratings],
    }
    if outlet.categories:
        answer["categories"] = list(outlet.categories)
    if outlet.aliases:
        answer["aliases"] = list(outlet.aliases)
    if outlet.country:
        answer["country"] = outlet.country
    answer |= {
        name: value
        for name in ("publisher", "section", "via", "reason")
        if (value := getattr(outlet, name))
    }
    if disagree(outlet.ratings):
        answer["disagree"] = True
    if outlet.facts:
        answer["facts"] = [_fact(fact) for fact in outlet.facts]
    if outlet.relation is OutletRelation.LOOK_ALIKE:
        answer["look_alike_of"] = outlet.look_alike_of
    return answer


def report_to_answer(report: Report) -> Json:
    """Return a report: where it stands, who reported it first, when, and what it says."""
    answer: Json = {
        "outlet": report.outlet,
        "title": report.title,
        "url": report.url,
        "date": report.date,
        "origin": report.origin,
        "says": report.says,
    }
    if report.date_text:
        answer["date_text"] = report.date_text
    if report.remark:
        answer["remark"] = report.remark
    return answer


def _target(target: Target) -> Json:
    parts = {
        "block": target.block,
        "exact": target.exact,
        "prefix": target.prefix,
        "suffix": target.suffix,
    }
    return {name: value for name, value in parts.items() if value is not None}


def _claim_parts(note: Note, claim: ClaimReference) -> Json:
    provenance = note.provenance
    return {
        "claim": {
            "id": claim.id,
            "text": claim.text,
            "verdict": None if claim.verdict is None else claim.verdict.value,
            "summary": claim.summary,
            "url": claim.url,
            "updated": claim.updated,
            "language": claim.language,
        },
        "score": None if note.score is None else round(note.score, 4),
        "stance": None if note.stance is None else note.stance.value,
        "shared": [list(pair) for pair in note.shared],
        "differences": [
            {"kind": difference.kind.value, "page": difference.page, "claim": difference.claim}
            for difference in note.differences
        ],
        "cues": list(note.cues),
        "reports": {
            "corroborating": [report_to_answer(report) for report in note.corroborating],
            "contradicting": [report_to_answer(report) for report in note.contradicting],
        },
        "reviews": [_review(review) for review in note.reviews],
        "provenance": {
            "source": None if provenance is None else provenance.source,
            "licence": None if provenance is None else provenance.licence,
            "revision": note.revision,
        },
    }


def _review(review: Review) -> Json:
    return {
        "publisher": review.publisher,
        "rating": review.rating,
        "url": review.url,
        "date": review.date,
    }


def _rating(rating: Rating) -> Json:
    answer: Json = {
        "source": rating.source,
        "label": rating.label,
        "score": rating.score,
        "scale": None if rating.scale is None else list(rating.scale),
        "date": rating.date,
        "url": rating.url,
        "licence": rating.licence,
    }
    extra = {"path": rating.path, "method": rating.method, "remark": rating.remark}
    return answer | {name: value for name, value in extra.items() if value is not None}


def _page(page: PageDetail) -> Json:
    answer: Json = {"kind": page.kind}
    for name in ("date", "url", "similarity", "claim_id", "cited", "checkworthy"):
        value = getattr(page, name)
        if value is not None:
            answer[name] = value
    if page.outlet is not None:
        answer["outlet"] = outlet_to_answer(page.outlet)
    return answer


def _fact(fact: OutletFact) -> Json:
    answer = {"kind": fact.kind, "text": fact.text, "source": fact.source, "date": fact.date}
    return answer | ({"remark": fact.remark} if fact.remark else {})


def _quotation(quotation: QuotationDetail) -> Json:
    return {
        "status": quotation.status.value,
        "attributed_to": quotation.attributed_to,
        "source": quotation.source,
        "url": quotation.url,
        "changes": [list(pair) for pair in quotation.changes],
    }


def _citation(citation: CitationDetail) -> Json:
    return {
        "href": citation.href,
        "title": citation.title,
        "outlet": None if citation.outlet is None else outlet_to_answer(citation.outlet),
        "sentences": list(citation.sentences),
        "report": None if citation.report is None else report_to_answer(citation.report),
        "flags": list(citation.flags),
    }
