"""Notes on a page as a whole and on the sources it names, joined from what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from contextlib_news import notes as composing
from contextlib_news.context.domains import registrable_domain, unwrap_address
from contextlib_news.context.known_pages import KnownPages
from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.context.same_text import fingerprint_of
from contextlib_news.context.since import changes_since
from contextlib_news.models import Citation, Claim, Document, Note, Outlet, Report, Sentence
from contextlib_news.page.citations import find_citations
from contextlib_news.page.page_date import page_dates

__all__ = ["citation_notes", "date_notes", "same_text_notes", "since_notes"]

# A page gets at most this many citation notes; far above any article read so far.
MOST_CITATIONS = 500

# So many pages with the same text are told.
MOST_SAME_TEXT = 10

# That a page names no source is told from this many sentences that state something: a short
# message has no room for one.
FEWEST_SENTENCES = 8

# A page is old news after a year, and two of its own dates differ from two months on: what is
# printed in one month may be put on line in the next.
OLD_DAYS = 365
DIFFERENT_DAYS = 62


def citation_notes(
    document: Document,
    outlets: OutletDirectory | None,
    known: KnownPages,
    checkworthy: Sequence[Sentence],
    spoken: str = "en",
) -> Iterator[tuple[int | None, Note]]:
    """Yield a note for each source that the page names, and how many sentences lean on one."""
    citations = find_citations(
        document,
        sisters=outlets.sisters(document.url) if outlets is not None and document.url else (),
        names=outlets.names if outlets is not None else None,
    )[:MOST_CITATIONS]
    leaning: set[int] = set()
    for citation in citations:
        if citation.href:
            leaning.update(citation.sentences)
        outlet = _outlet_of(citation, outlets)
        report = _report_of(citation, outlet, known)
        yield citation.start, composing.citation_note(document, citation, outlet, report, spoken)
    if checkworthy and (citations or len(checkworthy) >= FEWEST_SENTENCES):
        cited = sum(sentence.index in leaning for sentence in checkworthy)
        yield None, composing.citation_share_note(cited, len(checkworthy), spoken)


def same_text_notes(
    document: Document,
    outlets: OutletDirectory | None,
    known: KnownPages,
    spoken: str = "en",
) -> Iterator[tuple[int | None, Note]]:
    """Yield a note for each page of another site known to hold much the same text."""
    value = fingerprint_of(document) if known.holds_texts else None
    if value is None:
        return
    own = outlets.sisters(document.url) if outlets is not None and document.url else frozenset()
    for found, alike in known.same_text(value, document.url)[:MOST_SAME_TEXT]:
        if registrable_domain(unwrap_address(found.url)) not in own:
            outlet = outlets.find(found.url) if outlets is not None else None
            yield None, composing.same_text_note(found.url, outlet, alike, found.date, spoken)


def since_notes(
    document: Document,
    claims: Sequence[Claim],
    today: str,
    spoken: str = "en",
) -> Iterator[tuple[int | None, Note]]:
    """Yield a note for each claim of the page that is told otherwise since."""
    for change in changes_since(claims, document.date, today):
        yield None, composing.since_note(change, document.date, spoken)


def date_notes(
    document: Document, today: str, spoken: str = "en"
) -> Iterator[tuple[int | None, Note]]:
    """Yield a note where the page is old, or gives itself days that differ."""
    dates = page_dates(document)
    if not dates:
        return
    first = dates[0][0]
    differing = [pair for pair in dates if _days_apart(pair[0], first) > DIFFERENT_DAYS]
    if differing:
        yield None, composing.date_note((dates[0], *differing), spoken)
    elif _days_apart(first, today) > OLD_DAYS and first < today:
        yield None, composing.date_note(dates[:1], spoken)


def _outlet_of(citation: Citation, outlets: OutletDirectory | None) -> Outlet | None:
    address = citation.href or citation.domain
    return outlets.find(address) if outlets is not None and address else None


def _report_of(citation: Citation, outlet: Outlet | None, known: KnownPages) -> Report | None:
    if citation.href:
        return known.report(citation.href)
    if outlet is not None and citation.date:
        return known.report_of(outlet.name, citation.date)
    return None


def _days_apart(one: str, other: str) -> int:
    """Return the days between two dates, as if a month or a year began on its first day."""
    return abs((_day(one) - _day(other)).days)


def _day(text: str) -> date:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 1, 1)
