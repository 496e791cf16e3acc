"""Claims as JSON objects and files: JSONL, JSON, CSV, ClaimReview and Data Commons feeds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claimreview import claims_from_markup, looks_like_claim_review
from contextlib_news.formats.fields import FieldError, Fields
from contextlib_news.formats.tables import read_claim_table
from contextlib_news.models import (
    Claim,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)

__all__ = [
    "Rejection",
    "claim_from_dict",
    "claim_to_dict",
    "load_claims",
    "read_claims",
    "write_claims",
]

STARTER_FILE = "starter_claims.jsonl"
MAX_FILE_BYTES = 4 * 1024**3
MAX_LINE_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that was left out: where it stands and why."""

    place: str
    reason: str


def load_claims(path: str | Path | None = None) -> tuple[Claim, ...]:
    """Return the claims of a file, or the starter claims that ship.

    Takes ``.jsonl``, ``.json`` (a list, or an object with ``claims``), ``.csv``, ClaimReview
    JSON-LD (also inside a saved page) and Data Commons feeds. Raises
    :class:`~contextlib_news.errors.InvalidClaimError` naming the place of the first record that
    does not fit, and OSError where the file cannot be read.
    """
    if path is None:
        text = (files("contextlib_news.data") / STARTER_FILE).read_text(encoding="utf-8")
        rows = _read_lines(text.splitlines(), STARTER_FILE)
    else:
        rows = read_claims(path)
    claims: list[Claim] = []
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, Rejection):
            raise InvalidClaimError(f"{row.place}: {row.reason}")
        if row.id in seen:
            raise InvalidClaimError(f"{path}: the id {row.id!r} stands there twice")
        seen.add(row.id)
        claims.append(row)
    return tuple(claims)


def read_claims(path: str | Path) -> Iterator[Claim | Rejection]:
    """Yield the claims of a file one by one, and a rejection for each record that does not fit.

    JSONL and CSV are read as a stream; the other forms are one document and are read whole. Raises
    InvalidClaimError where the file as a whole is none of the forms.
    """
    path = Path(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InvalidClaimError(f"{path}: larger than {MAX_FILE_BYTES // 2**30} GB")
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            yield from _read_lines(file, str(path))
        return
    if path.suffix.lower() in (".csv", ".tsv"):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for line, fields in read_claim_table(file, tabs=path.suffix.lower() == ".tsv"):
                place = f"{path}: line {line}"
                yield fields if isinstance(fields, Rejection) else _try(fields, place)
        return
    yield from _read_document(path)


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
        "reviews": [
            {"publisher": r.publisher, "rating": r.rating, "url": r.url, "date": r.date}
            for r in claim.reviews
        ],
        "reports": [_report_to_dict(report) for report in claim.reports],
        "quotations": [
            {"text": q.text, "source": q.source, "url": q.url, "date": q.date}
            for q in claim.quotations
        ],
        "topics": list(claim.topics),
        "appearances": list(claim.appearances),
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
        json.dump(claim_to_dict(claim), stream, ensure_ascii=False, separators=(", ", ": "))
        stream.write("\n")
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


def _provenance_to_dict(provenance: Provenance | None) -> dict[str, Any] | None:
    if provenance is None:
        return None
    names = ("source", "licence", "url", "date")
    row = {name: getattr(provenance, name) for name in names}
    return {name: value for name, value in row.items() if value is not None}


# --- Files ----------------------------------------------------------------------------------------


def _read_lines(lines: Iterable[str], name: str) -> Iterator[Claim | Rejection]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{name}: line {number}"
        if len(line) > MAX_LINE_CHARACTERS:
            yield Rejection(place=place, reason=f"more than {MAX_LINE_CHARACTERS:,} characters")
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Rejection(place=place, reason=f"not JSON: {error}")
            continue
        yield _try(row, place)


def _try(row: object, place: str) -> Claim | Rejection:
    try:
        return claim_from_dict(row)
    except InvalidClaimError as error:
        return Rejection(place=place, reason=str(error))


def _read_document(path: Path) -> Iterator[Claim | Rejection]:
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    content: object = None
    try:
        content = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        if "<" not in text[:2000]:
            raise InvalidClaimError(f"{path}: not JSON: {error}") from None
    if content is None or looks_like_claim_review(content):
        for place, found in claims_from_markup(text if content is None else content):
            where = f"{path}: {place}"
            yield found if isinstance(found, Claim) else Rejection(place=where, reason=found)
        return
    rows = content.get("claims") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise InvalidClaimError(
            f"{path}: expected a list of claims, an object with 'claims', or ClaimReview markup"
        )
    for number, row in enumerate(rows, 1):
        yield _try(row, f"{path}: claim {number}")
