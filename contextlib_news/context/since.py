"""What is on record about a claim from the time after a page appeared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contextlib_news.models import Claim, Report, Review

__all__ = ["SinceThen", "changes_since"]

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceThen:
    """A claim that a page makes and that is told otherwise since; the last day on which it held.

    ``date`` is that day, or the day of the ``review`` or ``report`` that came after the page.
    ``before`` says that the claim did not hold any more on the page's own day.
    """

    claim: Claim
    date: str
    review: Review | None = None
    report: Report | None = None
    before: bool = False


def changes_since(
    claims: Iterable[Claim], page_date: str | None, today: str
) -> tuple[SinceThen, ...]:
    """Return what changed for each claim after the day of the page, at most one each.

    A claim whose ``valid_until`` has passed counts, whatever the page's date; where that is known,
    so does the newest review after it, and a report against the claim. Dates may be a year, a month
    or a day; what may be the same time as the page does not count as later.
    """
    found: list[SinceThen] = []
    for claim in claims:
        change = _change(claim, page_date, today)
        if change is not None and len(found) < MOST:
            found.append(change)
    return tuple(found)


def _change(claim: Claim, page_date: str | None, today: str) -> SinceThen | None:
    if claim.valid_until and _later(today, claim.valid_until):
        before = page_date is not None and _later(page_date, claim.valid_until)
        return SinceThen(claim=claim, date=claim.valid_until, before=before)
    if page_date is None:
        return None
    reviews = [r for r in claim.reviews if r.date and _later(r.date, page_date)]
    if reviews:
        newest = max(reviews, key=lambda review: review.date or "")
        return SinceThen(claim=claim, date=newest.date or "", review=newest)
    against = [
        report
        for report in claim.reports
        if report.stance.value == "contradicting"
        and report.date
        and _later(report.date, page_date)
        and report.says
    ]
    if against:
        last = max(against, key=lambda report: report.date or "")
        return SinceThen(claim=claim, date=last.date or "", report=last)
    return None


def _later(one: str, other: str) -> bool:
    """Say whether a date is later than another as far as both are told."""
    length = min(len(one), len(other))
    return one[:length] > other[:length]
