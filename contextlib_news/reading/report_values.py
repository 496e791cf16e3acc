"""What reports say in the place of a page's figure or date.

A report's ``says`` is one sentence of ours; its value is the one that answers the same value of the
claim that the page's answers, or the only one of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contextlib_news.models import Claim, DifferenceKind, Report, ReportStance
from contextlib_news.reading.dates import find_dates, resolve_date
from contextlib_news.reading.differences import ComparedValue, compare_values
from contextlib_news.reading.quantities import find_quantities

__all__ = ["PageValue", "compare_reports"]

MAX_REPORTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageValue:
    """A value of the page, and what reports say in its place, those against the claim first."""

    page: str
    reports: tuple[tuple[str, Report], ...]


def compare_reports(
    sentence: str, claim: Claim, page_date: str | None = None, language: str | None = None
) -> tuple[PageValue, ...]:
    """Return the page's values that a report against the claim puts otherwise.

    The dates of page and reports give years to dates without one.
    """
    against = [r for r in claim.reports if r.stance is ReportStance.CONTRADICTING and r.says]
    if not against:
        return ()
    agreeing = [r for r in claim.reports if r.stance is not ReportStance.CONTRADICTING and r.says]
    found: list[PageValue] = []
    values = _values(sentence, claim, page_date, language)
    for value in values:
        told = [
            (said, report)
            for report in against[:MAX_REPORTS]
            if (said := _said_instead(report, value, values, claim, page_date))
        ]
        if not told:
            continue
        told += [
            (said, report)
            for report in agreeing[:MAX_REPORTS]
            if (said := _answering(report, value, claim)) and said != value.page
        ]
        found.append(PageValue(page=value.page, reports=tuple(told)))
    return tuple(found)


def _values(
    sentence: str, claim: Claim, page_date: str | None, language: str | None
) -> list[ComparedValue]:
    """Return the values of the page that answer the claim's; also a figure they have in common.

    Page and claim may count the same by other names ("3,000 militants", "3,000 detainees").
    """
    values = list(
        compare_values(
            sentence,
            claim.text,
            page_date,
            claim_date=claim.date,
            language=language,
            claim_language=claim.language,
        )
    )
    here = find_quantities(sentence, language)
    for asked in find_quantities(claim.text, claim.language):
        if any(value.claim == asked.text for value in values):
            continue
        same = [
            q
            for q in here
            if q.dimension == asked.dimension and q.said is not None and q.said == asked.said
        ]
        if len(same) == 1:
            values.append(
                ComparedValue(
                    kind=DifferenceKind.NUMBER, page=same[0].text, claim=asked.text, agrees=True
                )
            )
    return values


def _answering(report: Report, value: ComparedValue, claim: Claim) -> str | None:
    """Return what a report says of the claim's value that the page's answers."""
    answers = compare_values(
        report.says or "",
        claim.text,
        report.date,
        claim_date=claim.date,
        language=claim.language,
        claim_language=claim.language,
    )
    return next((a.page for a in answers if a.claim == value.claim), None)


def _said_instead(
    report: Report,
    value: ComparedValue,
    values: Sequence[ComparedValue],
    claim: Claim,
    page_date: str | None,
) -> str | None:
    """Return the value of a report against the claim, where it can be told which one."""
    if _is_date(value) and (other := _other_date(report, value, page_date)):
        return other
    answer = _answering(report, value, claim)
    if answer is not None:
        return answer
    same_kind = [v for v in values if (v.kind is DifferenceKind.DATE) == _is_date(value)]
    if value is not same_kind[0]:
        return None
    asked = find_quantities(value.page)
    if not asked:
        return None
    given = [q for q in find_quantities(report.says or "") if q.dimension == asked[0].dimension]
    return given[0].text if len(given) == 1 else None


def _is_date(value: ComparedValue) -> bool:
    return value.kind is DifferenceKind.DATE


def _other_date(report: Report, value: ComparedValue, page_date: str | None) -> str | None:
    """Return the fullest date of a report that cannot be the page's."""
    asked = [resolve_date(found, page_date) for found in find_dates(value.page)]
    given = [resolve_date(found, report.date) for found in find_dates(report.says or "")]
    other = [g for g in given if asked and g.compares(asked[0]) and not g.meets(asked[0])]
    return max(other, key=lambda g: len(g.text)).text if other else None
