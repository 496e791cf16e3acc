"""Claims and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Claim",
    "Fingerprint",
    "Provenance",
    "Quotation",
    "Report",
    "ReportStance",
    "Review",
    "Verdict",
]


class Verdict(StrEnum):
    """What the reports found say about a claim's text, whatever a page does with it."""

    CORROBORATED = "corroborated"
    CONTRADICTED = "contradicted"
    DISPUTED = "disputed"
    UNVERIFIED = "unverified"


class ReportStance(StrEnum):
    """What a report does to the claim's text."""

    CORROBORATING = "corroborating"
    CONTRADICTING = "contradicting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An outlet's published article about a claim; not a claim review.

    ``outlet`` is the site where the report stands and was read, ``origin`` who reported it first
    (so that ten papers repeating one agency count once), ``says`` its figure or statement in one
    sentence of ours, ``date_text`` the date as the curator found it where it was no plain date,
    ``remark`` what a curator still has to verify.
    """

    stance: ReportStance
    outlet: str
    title: str
    url: str | None = None
    date: str | None = None
    origin: str | None = None
    says: str | None = None
    date_text: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A fact-checker's published review of a claim; ``rating`` is in the publisher's own words.

    ``value`` is the publisher's number with its scale where it gave one beside its words,
    ``explanation`` what it says on the rating, ``licence`` under which terms the review is held.
    """

    publisher: str
    rating: str
    url: str | None = None
    date: str | None = None
    title: str | None = None
    value: str | None = None
    explanation: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A source's own words, which the quotation check compares a page with; never searched."""

    text: str
    source: str
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a text known to carry a claim is known again by: where it stands, and its fingerprint.

    ``value`` is made by :func:`~contextlib_news.context.same_text.fingerprint`; no text is kept.
    """

    url: str
    value: str
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a record comes from and under which licence it may be used."""

    source: str
    licence: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One factual statement, short, as its maker would put it, and what is known about it.

    ``text``, ``variants``, ``title``, ``subtitle`` and ``claimant`` are searched; ``exclusions``
    (wordings that look alike and are not this claim), ``quotations``, ``summary``, ``reviews`` and
    ``reports`` never are. ``appearances`` are addresses of pages known to carry the claim,
    ``fingerprints`` those of their texts.
    """

    id: str
    text: str
    variants: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    title: str | None = None
    subtitle: str | None = None
    claimant: str | None = None
    date: str | None = None
    language: str | None = None
    verdict: Verdict | None = None
    summary: str | None = None
    reviews: tuple[Review, ...] = ()
    reports: tuple[Report, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    topics: tuple[str, ...] = ()
    appearances: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    valid_from: str | None = None
    valid_until: str | None = None
    provenance: Provenance | None = None
    revision: int = 1
    created: str | None = None
    updated: str | None = None
