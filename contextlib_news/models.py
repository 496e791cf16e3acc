"""The nouns of the library: immutable values that travel between its stages.

Every class is a frozen dataclass without behaviour beyond derived properties. Dates are strings
``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as precise as the source was. Spans are half-open
``[start, end)`` in code points of :attr:`Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Annotation",
    "Block",
    "BlockRole",
    "Citation",
    "CitationDetail",
    "Claim",
    "ClaimReference",
    "Difference",
    "DifferenceKind",
    "Disclaimer",
    "DisclaimerDetail",
    "Document",
    "DocumentBlock",
    "DocumentLink",
    "DocumentSummary",
    "Figure",
    "FigureDetail",
    "Link",
    "Match",
    "Note",
    "NoteKind",
    "Outlet",
    "OutletRelation",
    "Page",
    "PageMetadata",
    "Provenance",
    "Quotation",
    "QuotationDetail",
    "QuotationStatus",
    "QuotedPassage",
    "Rating",
    "Reading",
    "Report",
    "ReportStance",
    "Review",
    "Sentence",
    "Stance",
    "Target",
    "Verdict",
]


# --- Claims ---------------------------------------------------------------------------------------


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
    """A fact-checker's published review of a claim; ``rating`` is in the publisher's own words."""

    publisher: str
    rating: str
    url: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A source's own words, which the quotation check compares a page with; never searched."""

    text: str
    source: str
    url: str | None = None
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
    ``reports`` never are. ``appearances`` are addresses of pages known to carry the claim.
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
    valid_from: str | None = None
    valid_until: str | None = None
    provenance: Provenance | None = None
    revision: int = 1
    created: str | None = None
    updated: str | None = None


# --- Pages ----------------------------------------------------------------------------------------


class BlockRole(StrEnum):
    """What part a block plays on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    QUOTE = "quote"
    CAPTION = "caption"
    FOOTER = "footer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of visible text as a caller sends it; ``id`` is the caller's own name for it."""

    text: str
    id: str | None = None
    role: BlockRole = BlockRole.PARAGRAPH


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page as a caller sends it; ``block`` is the id of the block it stands in."""

    href: str
    text: str = ""
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a caller hands in: exactly one of ``html``, ``text`` and ``blocks``.

    ``links`` accompany ``text`` or ``blocks``; those of ``html`` are read from it.
    """

    url: str | None = None
    title: str | None = None
    language: str | None = None
    html: str | bytes | None = None
    text: str | None = None
    blocks: tuple[Block, ...] | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentBlock:
    """A block with its span in :attr:`Document.text`."""

    start: int
    end: int
    role: BlockRole
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLink:
    """A link with an absolute address and, where known, the span of its words in the text.

    ``rel`` holds the tokens of the link's ``rel`` attribute (``sponsored``, ``nofollow``).
    """

    href: str
    text: str
    start: int | None = None
    end: int | None = None
    rel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int
    index: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What the markup says about the page, apart from its visible text.

    ``types`` are schema.org type names (``OpinionNewsArticle``), ``meta`` pairs of lower-case
    name and content, ``policies`` pairs of schema.org property and address or text.
    """

    canonical_url: str | None = None
    site_name: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    types: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    policies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page read into text, blocks, sentences and links. ``date`` is the page's own date."""

    text: str
    blocks: tuple[DocumentBlock, ...]
    sentences: tuple[Sentence, ...]
    links: tuple[DocumentLink, ...] = ()
    url: str | None = None
    title: str | None = None
    language: str | None = None
    date: str | None = None
    metadata: PageMetadata = PageMetadata()


# --- Matching and reading -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A sentence paired with a claim. ``score`` in 0..1: the probability that they belong together.

    ``field`` names the claim's field that matched (``text``, ``variants``, ``title``,
    ``subtitle``), ``wording`` is that field's words.
    """

    claim_id: str
    score: float
    field: str = "text"
    wording: str = ""


class Stance(StrEnum):
    """What a text does to a claim; an unrelated pair has none."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    DISCUSSES = "discusses"


class DifferenceKind(StrEnum):
    """In what a sentence and a claim differ."""

    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    UNIT = "unit"
    NAME = "name"
    PLACE = "place"
    ROLE = "role"
    NEGATION = "negation"
    HEDGE = "hedge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: the page's words and the claim's words."""

    kind: DifferenceKind
    page: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a sentence does to a claim, what differs, and the words that decided it."""

    stance: Stance | None
    differences: tuple[Difference, ...] = ()
    cues: tuple[str, ...] = ()


# --- Context of the page --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rater's statement about an outlet, in the rater's own words, with date and link.

    ``score`` lies on ``scale`` (lowest, highest); both are None where the rater gives words only.
    ``path`` limits the rating to a part of the site, ``method`` links to how the rater works.
    """

    source: str
    label: str
    score: float | None = None
    scale: tuple[float, float] | None = None
    date: str | None = None
    url: str | None = None
    licence: str | None = None
    path: str | None = None
    method: str | None = None
    remark: str | None = None


class OutletRelation(StrEnum):
    """How an address relates to the outlet it was found under."""

    SAME = "same"
    ALIAS = "alias"
    LOOK_ALIKE = "look-alike"
    UNRATED = "unrated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher, keyed by registrable domain.

    ``categories`` hold what is no matter of quality (``satire``, ``state-media``,
    ``press-release``); ``relation`` and ``reason`` say how the asked-for address came to this
    outlet; ``look_alike_of`` names the domain that a look-alike resembles.
    """

    domain: str
    name: str
    ratings: tuple[Rating, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    country: str | None = None
    relation: OutletRelation = OutletRelation.SAME
    reason: str | None = None
    look_alike_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaimer:
    """The publisher's or page's own words that limit what it answers for.

    ``start`` and ``end`` are None where it was found in markup; then ``origin`` says where
    (``meta``, ``schema.org``, ``link``) and ``text`` holds what was found. ``cues`` are the
    words that decided it.
    """

    types: tuple[str, ...]
    text: str
    start: int | None = None
    end: int | None = None
    origin: str = "text"
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source that the page names: its address and the sentences that lean on it.

    ``sentences`` are indices into :attr:`Document.sentences`; ``start`` and ``end`` the span of
    the address or link words, None where it stands only in markup. ``flags`` hold ``circular``
    (the page cites itself or a sister site) and ``dead-end`` (unnamed sources only, no address).
    """

    href: str | None
    title: str | None = None
    start: int | None = None
    end: int | None = None
    sentences: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPassage:
    """Words that the page puts between quotation marks (without the marks) and their speaker."""

    text: str
    start: int
    end: int
    attributed_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Figures of the page that do not agree with each other, at the span of the stated one."""

    kind: str
    stated: str
    computed: str
    start: int
    end: int
    explanation: str = ""


# --- Notes ----------------------------------------------------------------------------------------


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
class Note:
    """What the reader sees at a place of the page; the parts that fit its kind are filled.

    ``shared`` are pairs of words of the page and words of the claim that answer each other.
    ``page_kind`` names what a page note is about (``citation-share``).
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
    page_kind: str | None = None


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
