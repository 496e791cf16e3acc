"""The page of a claim: what is on record, since when, and what changed; withdrawn ones say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from contextlib_news.formats.claimreview import claim_to_claim_review
from contextlib_news.wording import describe_rating
from contextlib_news_server.errors import Problem
from contextlib_news_server.public.blueprint import PUBLISHER, bp, page
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import claims, flags, joining, publications
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.publications import Publication
from contextlib_news_server.store.revisions import Change

__all__ = ["FieldChange", "show_claim", "tell_changes"]

# Versions of the history on one page, and decisions beside a claim; there are links to the rest.
VERSIONS = 20
DECISIONS = 20

# A long text of the history is cut: a page of it is read by people.
LONGEST = 600

FIELDS = {
    "text": "Text",
    "variants": "Other wordings",
    "exclusions": "Wordings that are not this claim",
    "title": "Title",
    "subtitle": "Subtitle",
    "claimant": "Claimed by",
    "date": "Date",
    "language": "Language",
    "verdict": "Verdict",
    "summary": "Summary",
    "reviews": "Fact-checkers’ reviews",
    "reports": "Reports",
    "quotations": "Quotations",
    "topics": "Topics",
    "appearances": "Where it was read",
    "fingerprints": "Fingerprints of texts that carry it",
    "valid_from": "Holds from",
    "valid_until": "Holds until",
    "provenance": "Origin",
}
# What nobody reads; that it changed is enough.
UNTOLD = frozenset({"fingerprints"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one field lost and what it gained, as lines to read."""

    name: str
    taken: tuple[str, ...]
    given: tuple[str, ...]


@bp.get("/claims/<path:claim_id>")
def show_claim(claim_id: str) -> Response:
    """Show a claim with its reports and history; 410 with the reason for a withdrawn one."""
    if not is_keepable(claim_id):
        raise Problem(404, "No published claim has this id.")
    before = request.args.get("before", type=int)
    with read(services().engine) as connection:
        found = publications.find(connection, claim_id)
        if found is None:
            raise Problem(404, "No published claim has this id.")
        claim, state = found
        versions = publications.history(connection, claim_id, before=before, limit=VERSIONS + 1)
        decisions = flags.answered(connection, claim_id=claim_id, limit=DECISIONS)
        newest = versions if before is None else publications.history(connection, claim_id, limit=1)
        into = joining.joined_into(connection, claim_id)
        heir = None if into is None else claims.get(connection, into)
    shown = versions[:VERSIONS]
    values: dict[str, Any] = {
        "claim": claim,
        "versions": [(each, tell_changes(each)) for each in shown if not each.silent],
        "earlier": shown[-1].revision if len(versions) > VERSIONS else None,
        "decisions": decisions,
    }
    if state is ClaimState.RETIRED:
        return page(
            "withdrawn.html", 410, withdrawal=newest[0] if newest else None, heir=heir, **values
        )
    outlets = services().matcher.current().outlets
    return page(
        "claim.html",
        rated={r.url: outlets.find(r.url) for r in claim.reports if r.url},
        claim_review=claim_to_claim_review(claim, publisher=PUBLISHER, url=request.base_url),
        describe_rating=describe_rating,
        **values,
    )


def tell_changes(publication: Publication) -> tuple[FieldChange, ...]:
    """Return what changed in a version, field by field."""
    return tuple(map(_tell, publication.changes))


def _tell(change: Change) -> FieldChange:
    name = FIELDS.get(change.field, change.field.replace("_", " ").capitalize())
    if change.field in UNTOLD:
        return FieldChange(name, (), ())
    before, after = _lines(change.before), _lines(change.after)
    return FieldChange(
        name,
        tuple(line for line in before if line not in after),
        tuple(line for line in after if line not in before),
    )


def _lines(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [_line(item) for item in value]
    return [_line(value)]


def _line(value: object) -> str:
    parts = value.values() if isinstance(value, dict) else [value]
    line = " · ".join(str(part) for part in parts if part not in (None, "", []))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
