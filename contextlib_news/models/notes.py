"""What the reader sees, and the answer for one page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contextlib_news.models.claims import Provenance, Report, Review, Verdict
from contextlib_news.models.findings import Outlet
from contextlib_news.models.readings import Difference, Stance

__all__ = [
    "Annotation",
    "CitationDetail",
    "ClaimReference",
    "DisclaimerDetail",
    "DocumentSummary",
    "FigureDetail",
    "Note",
    "NoteKind",
    "PageDetail",
    "QuotationDetail",
    "QuotationStatus",
    "Target",
]


class NoteKind(StrEnum):
    """The kinds of note."""

    CLAIM = "claim"
    OUTLET = "outlet"
    DISCLAIMER = "disclaimer"
    CITATION = "citation"
    FIGURE = "figure"
    QUOTATION = "quotation"
    PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a note belongs: a quote, its surroundings and the caller's block id.

    All fields are None for a note on the whole page.
    """

    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReference:
    """The claim a note speaks of, as a reader sees it."""

    id: str
    text: str
    verdict: Verdict | None = None
    summary: str | None = None
    url: str | None = None
    updated: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclaimerDetail:
    """The types of a disclaimer and where it was found."""

    types: tuple[str, ...]
    origin: str = "text"
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDetail:
    """A figure as stated and as it follows from the page's other figures."""

    kind: str
    stated: str
    computed: str


class QuotationStatus(StrEnum):
    """How a quoted passage compares with the source's own words, where those are held."""

    VERBATIM = "verbatim"
    ALTERED = "altered"
    NOT_FOUND = "not-found"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationDetail:
    """The outcome of a quotation check; ``changes`` are pairs of page words and source words."""

    status: QuotationStatus
    attributed_to: str | None = None
    source: str | None = None
    url: str | None = None
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationDetail:
    """A cited address, its outlet, the sentences that lean on it and the report it is known as."""

    href: str | None
    outlet: Outlet | None = None
    title: str | None = None
    sentences: tuple[str, ...] = ()
    report: Report | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDetail:
    """What a note on the whole page is about; the parts that fit its kind are filled.

    ``kind`` is ``citation-share`` (``cited`` of ``checkworthy`` sentences), ``same-text`` (``url``,
    ``outlet`` and ``similarity`` of the other page), ``since`` (``claim_id``, and ``date`` until
    which it held or when the later review came) or ``date`` (``date`` of the page).
    """

    kind: str
    date: str | None = None
    url: str | None = None
    outlet: Outlet | None = None
    similarity: float | None = None
    claim_id: str | None = None
    cited: int | None = None
    checkworthy: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the reader sees at a place of the page; the parts that fit its kind are filled.

    ``shared`` are pairs of words of the page and words of the claim that answer each other.
    """

    id: str
    kind: NoteKind
    target: Target
    title: str
    text: str
    claim: ClaimReference | None = None
    score: float | None = None
    stance: Stance | None = None
    shared: tuple[tuple[str, str], ...] = ()
    differences: tuple[Difference, ...] = ()
    cues: tuple[str, ...] = ()
    corroborating: tuple[Report, ...] = ()
    contradicting: tuple[Report, ...] = ()
    reviews: tuple[Review, ...] = ()
    provenance: Provenance | None = None
    revision: int | None = None
    disclaimer: DisclaimerDetail | None = None
    figure: FigureDetail | None = None
    quotation: QuotationDetail | None = None
    citation: CitationDetail | None = None
    outlet: Outlet | None = None
    page: PageDetail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """What was read: counts of sentences, of check-worthy ones and of those that got a note."""

    title: str | None
    url: str | None
    language: str | None
    sentences: int
    checkworthy: int
    matched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The answer for one page: what it is, who publishes it, and the notes in reading order."""

    document: DocumentSummary
    outlet: Outlet | None
    notes: tuple[Note, ...]
