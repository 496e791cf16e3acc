"""What is found on a page itself: its outlet, fine print, sources, quotations, figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Citation",
    "Disclaimer",
    "Figure",
    "Outlet",
    "OutletFact",
    "OutletRelation",
    "OutletSection",
    "QuotedPassage",
    "Rating",
]


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
class OutletFact:
    """Something known about an outlet that is no rating, and where to look it up.

    ``kind`` is ``ownership``, ``country``, ``founded``, ``corrections-policy``, ``policy`` (another
    one that the publisher links), ``category`` or ``reply`` (what the publisher itself answers to
    its ratings, in its own words); ``date`` is when it was written down, ``source`` the address
    that says so.
    """

    kind: str
    text: str
    source: str
    date: str
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSection:
    """A part of a site that is of another kind than the rest, such as its opinion pages.

    ``path`` is the beginning of the paths of its pages (``/opinion/``).
    """

    path: str
    name: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher, keyed by registrable domain.

    ``categories`` hold what is no matter of quality (``satire``, ``state-media``, ``opinion``,
    ``press-release``, ``aggregator``); ``publisher`` is the house that it shares with its sister
    sites. The rest says how an address that was looked up came to this outlet: ``relation`` and
    ``reason``, ``via`` the host of an archive, AMP or translation copy, ``section`` the part of
    the site, ``look_alike_of`` the domain that a look-alike resembles.
    """

    domain: str
    name: str
    ratings: tuple[Rating, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    country: str | None = None
    publisher: str | None = None
    facts: tuple[OutletFact, ...] = ()
    sections: tuple[OutletSection, ...] = ()
    relation: OutletRelation = OutletRelation.SAME
    reason: str | None = None
    via: str | None = None
    section: str | None = None
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
    An outlet that is named without an address has its ``domain`` instead of ``href``, and ``date``
    is the day on which the page says it reported (``YYYY-MM-DD``, or ``--MM-DD`` without a year).
    """

    href: str | None
    title: str | None = None
    start: int | None = None
    end: int | None = None
    sentences: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    domain: str | None = None
    date: str | None = None


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
