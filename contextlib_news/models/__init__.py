"""The nouns of the library: immutable values that travel between its stages.

Every class is a frozen dataclass without behaviour beyond derived properties. Dates are strings
``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as precise as the source was. Spans are half-open
``[start, end)`` in code points of :attr:`Document.text`.
"""

from contextlib_news.models.claims import (
    Claim,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)
from contextlib_news.models.findings import (
    Citation,
    Disclaimer,
    Figure,
    Outlet,
    OutletRelation,
    QuotedPassage,
    Rating,
)
from contextlib_news.models.notes import (
    Annotation,
    CitationDetail,
    ClaimReference,
    DisclaimerDetail,
    DocumentSummary,
    FigureDetail,
    Note,
    NoteKind,
    QuotationDetail,
    QuotationStatus,
    Target,
)
from contextlib_news.models.pages import (
    Block,
    BlockRole,
    Document,
    DocumentBlock,
    DocumentLink,
    Link,
    Page,
    PageMetadata,
    Sentence,
)
from contextlib_news.models.readings import Difference, DifferenceKind, Match, Reading, Stance

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
