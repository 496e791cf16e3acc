"""Claims as JSON objects with the names of their fields, and JSONL of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import IO, Any

from contextlib_news.context.same_text import is_fingerprint
from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.fields import FieldError, Fields
from contextlib_news.models import (
    Claim,
    Fingerprint,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)

__all__ = ["claim_from_dict", "claim_to_dict", "write_claims"]

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def claim_from_dict(row: object) -> Claim:
    """Return the claim that a JSON object describes; only ``id`` and ``text`` are required.

    Raises InvalidClaimError naming the field that is missing, unknown or of the wrong type.
    """
    try:
        return _claim(Fields(row))
    except FieldError as error:
        raise InvalidClaimError(str(error)) from None


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """Return a claim as a JSON object with the same names; what is empty is left out.

    ``claim_from_dict(claim_to_dict(claim)) == claim`` for every claim.
    """
    row: dict[str, Any] = {
        "id": claim.id,
        "text": claim.text,
        "variants": list(claim.variants),
        "exclusions": list(claim.exclusions),
        "title": claim.title,
        "subtitle": claim.subtitle,
        "claimant": claim.claimant,
        "date": claim.date,
        "language": claim.language,
        "verdict": claim.verdict.value if claim.verdict else None,
        "summary": claim.summary,
        "reviews": [_review_to_dict(review) for review in claim.reviews],
        "reports": [_report_to_dict(report) for report in claim.reports],
        "quotations": [
            {"text": q.text, "source": q.source, "url": q.url, "date": q.date}
            for q in claim.quotations
        ],
        "topics": list(claim.topics),
        "appearances": list(claim.appearances),
        "fingerprints": [_fingerprint_to_dict(found) for found in claim.fingerprints],
        "valid_from": claim.valid_from,
        "valid_until": claim.valid_until,
        "provenance": _provenance_to_dict(claim.provenance),
        "revision": claim.revision,
        "created": claim.created,
        "updated": claim.updated,
    }
    return {name: value for name, value in row.items() if value is not None and value != []}


def write_claims(claims: Iterable[Claim], stream: IO[str]) -> int:
    """Write claims as JSONL, one object a line in the order given, and return how many."""
    count = 0
    for claim in claims:
        line = json.dumps(claim_to_dict(claim), ensure_ascii=False)
        # Half a character has no form in UTF-8; as an escape it survives.
        stream.write(_HALF_CHARACTER.sub(lambda half: f"\\u{ord(half[0]):04x}", line) + "\n")
        count += 1
    return count


# --- One record -----------------------------------------------------------------------------------


def _claim(fields: Fields) -> Claim:
    verdict = fields.optional_text("verdict")
    if verdict is not None and verdict not in tuple(Verdict):
        raise FieldError(f"field 'verdict' must be one of {', '.join(Verdict)}, not {verdict!r}")
    provenance = fields.get("provenance")
    claim = Claim(
        id=fields.text("id"),
        text=fields.text("text"),
        variants=fields.texts("variants"),
        exclusions=fields.texts("exclusions"),
        title=fields.optional_text("title"),
        subtitle=fields.optional_text("subtitle"),
        claimant=fields.optional_text("claimant"),
        date=fields.date("date"),
        language=fields.optional_text("language"),
        verdict=Verdict(verdict) if verdict else None,
        summary=fields.optional_text("summary"),
        reviews=tuple(_review(item) for item in fields.objects("reviews")),
        reports=tuple(_report(item) for item in fields.objects("reports")),
        quotations=tuple(_quotation(item) for item in fields.objects("quotations")),
        topics=fields.texts("topics"),
        appearances=fields.texts("appearances"),
        fingerprints=tuple(_fingerprint(item) for item in fields.objects("fingerprints")),
        valid_from=fields.date("valid_from"),
        valid_until=fields.date("valid_until"),
        provenance=None if provenance is None else _provenance(Fields(provenance, "provenance")),
        revision=_revision(fields),
        created=fields.optional_text("created"),
        updated=fields.optional_text("updated"),
    )
    fields.finish()
    return claim


def _revision(fields: Fields) -> int:
    number = fields.optional_number("revision")
    if number is None:
        return 1
    if number < 1 or number != int(number):
        raise FieldError("field 'revision' must be a whole number from 1")
    return int(number)


def _report(fields: Fields) -> Report:
    stance = fields.text("stance")
    if stance not in tuple(ReportStance):
        raise FieldError(f"a report's 'stance' must be one of {', '.join(ReportStance)}")
    report = Report(
        stance=ReportStance(stance),
        outlet=fields.text("outlet"),
        title=fields.text("title"),
        url=fields.address("url"),
        date=fields.date("date"),
        origin=fields.optional_text("origin"),
        says=fields.optional_text("says"),
        date_text=fields.optional_text("date_text"),
        remark=fields.optional_text("remark"),
    )
    fields.finish()
    return report


def _review(fields: Fields) -> Review:
    review = Review(
        publisher=fields.text("publisher"),
        rating=fields.text("rating"),
        url=fields.address("url"),
        date=fields.date("date"),
        title=fields.optional_text("title"),
        value=fields.optional_text("value"),
        explanation=fields.optional_text("explanation"),
        licence=fields.optional_text("licence"),
    )
    fields.finish()
    return review


def _quotation(fields: Fields) -> Quotation:
    quotation = Quotation(
        text=fields.text("text"),
        source=fields.text("source"),
        url=fields.address("url"),
        date=fields.date("date"),
    )
    fields.finish()
    return quotation


def _fingerprint(fields: Fields) -> Fingerprint:
    found = Fingerprint(
        url=fields.address("url") or "", value=fields.text("value"), date=fields.date("date")
    )
    if not found.url or not is_fingerprint(found.value):
        raise FieldError("a fingerprint needs 'url' and the 172 letters of 'value'")
    fields.finish()
    return found


def _fingerprint_to_dict(found: Fingerprint) -> dict[str, Any]:
    row = {"url": found.url, "value": found.value}
    return row | ({"date": found.date} if found.date else {})


def _provenance(fields: Fields) -> Provenance:
    provenance = Provenance(
        source=fields.text("source"),
        licence=fields.optional_text("licence"),
        url=fields.address("url"),
        date=fields.date("date"),
    )
    fields.finish()
    return provenance


def _report_to_dict(report: Report) -> dict[str, Any]:
    row: dict[str, Any] = {
        "stance": report.stance.value,
        "outlet": report.outlet,
        "title": report.title,
        "url": report.url,
        "date": report.date,
        "origin": report.origin,
        "says": report.says,
    }
    extra = {"date_text": report.date_text, "remark": report.remark}
    return row | {name: value for name, value in extra.items() if value is not None}


def _review_to_dict(review: Review) -> dict[str, Any]:
    row: dict[str, Any] = {
        "publisher": review.publisher,
        "rating": review.rating,
        "url": review.url,
        "date": review.date,
    }
    names = ("title", "value", "explanation", "licence")
    extra = {name: getattr(review, name) for name in names}
    return row | {name: value for name, value in extra.items() if value is not None}


def _provenance_to_dict(provenance: Provenance | None) -> dict[str, Any] | None:
    if provenance is None:
        return None
    names = ("source", "licence", "url", "date")
    row = {name: getattr(provenance, name) for name in names}
    return {name: value for name, value in row.items() if value is not None}
