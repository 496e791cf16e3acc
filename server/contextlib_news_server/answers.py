"""What the API answers, for its description: the shapes that the presenters write.

The answers are not made from these classes, which would cost more than the search does; the tests
hold real answers against them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from contextlib_news.models import DifferenceKind, NoteKind, QuotationStatus, Stance, Verdict

__all__ = [
    "Annotation",
    "Batch",
    "ClaimReviews",
    "DisclaimerRuleList",
    "Flagged",
    "ListedClaims",
    "Outlet",
    "OutletList",
    "Outlets",
    "Problem",
    "ShownClaim",
    "Status",
]

Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class _Shape(BaseModel):
    """An answer; fields may be added, so that readers pass over those they do not know."""

    model_config = ConfigDict(extra="allow")


class Rating(_Shape):
    """One rater's rating of an outlet, in the rater's own words."""

    source: str
    label: str
    score: float | None
    scale: list[float] | None
    date: str | None
    url: str | None
    licence: str | None


class Outlet(_Shape):
    """An outlet with every rating beside its rater."""

    domain: str
    name: str
    ratings: list[Rating]


class Report(_Shape):
    """A report found about a claim."""

    outlet: str
    title: str
    url: str | None
    date: str | None
    origin: str | None
    says: str | None


class Reports(_Shape):
    """Reports by what they do to the claim's text."""

    corroborating: list[Report]
    contradicting: list[Report]


class Review(_Shape):
    """A fact-checker's review, in its own words."""

    publisher: str
    rating: str
    url: str | None
    date: str | None


class Target(_Shape):
    """Where a note belongs: a quote of what was sent; empty for the whole page."""

    block: str | None = None
    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None


class ClaimSummary(_Shape):
    """The claim that a note speaks of."""

    id: str
    text: str
    verdict: Verdict | None
    url: str | None
    updated: str | None


class NoteDifference(_Shape):
    """What differs between page and claim."""

    kind: DifferenceKind
    page: str
    claim: str


class NoteProvenance(_Shape):
    """Where the claim comes from."""

    source: str | None
    licence: str | None
    revision: int | None


class DisclaimerPart(_Shape):
    """The kinds of a disclaimer."""

    types: list[str]


class FigurePart(_Shape):
    """A figure as the page states it and as it follows from the page's other figures."""

    kind: str
    stated: str
    computed: str


class QuotationPart(_Shape):
    """How a quotation compares with its source."""

    status: QuotationStatus
    attributed_to: str | None
    source: str | None
    url: str | None
    changes: list[Pair]


class CitationPart(_Shape):
    """A cited address and what leans on it."""

    href: str | None
    outlet: Outlet | None
    sentences: list[str]
    report: Report | None
    flags: list[str]


class PagePart(_Shape):
    """What a note on the whole page is about."""

    kind: str


class Note(_Shape):
    """A note; the part that is named like its kind is there."""

    id: str
    kind: NoteKind
    target: Target
    title: str
    text: str
    claim: ClaimSummary | None = None
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    stance: Stance | None = None
    shared: list[Pair] | None = None
    differences: list[NoteDifference] | None = None
    reports: Reports | None = None
    reviews: list[Review] | None = None
    provenance: NoteProvenance | None = None
    disclaimer: DisclaimerPart | None = None
    figure: FigurePart | None = None
    quotation: QuotationPart | None = None
    citation: CitationPart | None = None
    outlet: Outlet | None = None
    page: PagePart | None = None


class DocumentPart(_Shape):
    """What was read: how many sentences, how many worth a check, how many with a claim note."""

    title: str | None
    url: str | None
    language: str | None
    sentences: int
    checkworthy: int
    matched: int


class Annotation(_Shape):
    """The notes on a page, in reading order."""

    document: DocumentPart
    outlet: Outlet | None
    notes: list[Note]


class Problem(_Shape):
    """What is wrong and what to do about it (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Batch(_Shape):
    """The answers for several pages in their order, each an annotation or a problem."""

    results: list[Annotation | Problem]


class Outlets(_Shape):
    """Outlets by the domains that were asked for, null for those that nobody here rates."""

    outlets: dict[str, Outlet | None]


class OutletList(_Shape):
    """All outlets, or those changed ``since`` a version; ratings are ``[rater, label, …]``."""

    version: str
    since: str | None
    raters: list[dict[str, Any]]
    outlets: list[dict[str, Any]]
    impersonated: list[str]
    removed: list[str]


class DisclaimerRuleList(_Shape):
    """Rules for disclaimers that a browser may run: expressions that any, all or none match."""

    version: str
    rules: list[dict[str, Any]]


class ShownClaim(_Shape):
    """A published claim; the fields that are empty are left out."""

    id: str
    text: str
    url: str


class ListedClaims(_Shape):
    """Published claims; ``next`` is the ``after`` of the next page, null on the last.

    ``threshold`` comes with a query: a score below it makes no note.
    """

    claims: list[ShownClaim]
    next: str | None
    threshold: float | None = None


class Flagged(_Shape):
    """The number under which a flag is kept."""

    id: int


class Status(_Shape):
    """Whether the service lives or is ready."""

    status: str


class ClaimReviews(_Shape):
    """The answer of the Google Fact Check Tools; both fields are left out where they are empty."""

    claims: list[dict[str, Any]] | None = None
    nextPageToken: str | None = None  # noqa: N815  # their name
