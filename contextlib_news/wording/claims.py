"""What a note says about a claim: what the page does, what reports found say, who and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contextlib_news.models import (
    Claim,
    Difference,
    DifferenceKind,
    Report,
    ReportStance,
    Review,
    Stance,
)
from contextlib_news.reading.report_values import PageValue, compare_reports
from contextlib_news.wording.locales import name_language, spell_date
from contextlib_news.wording.templates import Said, join, quote, say

__all__ = ["claim_text", "claim_title", "count_origins", "review_line"]

# A card stays readable with this many statements of reports; the lists below it hold them all.
SAYS_SHOWN = 4
VALUES_SHOWN = 3
REVIEWS_SHOWN = 3


def count_origins(reports: Iterable[Report]) -> int:
    """Return how many different originators stand behind the reports."""
    return len({(report.origin or report.outlet).casefold() for report in reports})


def claim_title(
    claim: Claim, stance: Stance, differences: Sequence[Difference], language: str = "en"
) -> str:
    """Return the headline of a claim note: how page, claim and reports stand to each other."""
    values = _different_values(differences)
    if stance is Stance.REFUTES and values:
        return say(f"claim.title.{values[0].kind.value}", language)
    if claim.verdict is None:
        return say("claim.title.reviewed" if claim.reviews else "claim.title.known", language)
    denied = ".denied" if stance is Stance.REFUTES else ""
    return say(f"claim.title.{claim.verdict.value}{denied}", language)


def claim_text(
    claim: Claim,
    stance: Stance,
    differences: Sequence[Difference],
    language: str = "en",
    *,
    sentence: str = "",
    page_date: str | None = None,
    page_language: str | None = None,
) -> str:
    """Return the body of a claim note: what the page does, what reports say, who and when.

    With the page's ``sentence``, its values stand beside those of the reports.
    """
    values = compare_reports(sentence, claim, page_date, page_language) if sentence else ()
    listed = [report for value in values for _, report in value.reports[:SAYS_SHOWN]]
    parts = [
        *_page_lines(stance, differences, values, language),
        *_reports_lines(claim, language),
        *(review_line(review, language) for review in claim.reviews[:REVIEWS_SHOWN]),
        *_says_lines(claim, listed, language),
    ]
    if claim.language and _primary(claim.language) != language:
        name = name_language(claim.language, language)
        parts.append(say("claim.language", language, name=name))
    return " ".join(parts)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].lower()


def _different_values(differences: Sequence[Difference]) -> list[Difference]:
    told = (DifferenceKind.NEGATION, DifferenceKind.HEDGE)
    return [difference for difference in differences if difference.kind not in told]


def _page_lines(
    stance: Stance,
    differences: Sequence[Difference],
    values: Sequence[PageValue],
    language: str,
) -> list[str]:
    lines: list[str] = []
    told: set[str] = set()
    for difference in _different_values(differences)[:VALUES_SHOWN]:
        if difference.page and difference.claim:
            told.add(difference.page)
            page, claim = quote(difference.page, language), quote(difference.claim, language)
            lines.append(say("claim.page.value", language, page=page, claim=claim))
    for value in values[:VALUES_SHOWN]:
        reports = join(
            (_entry(said, report, language) for said, report in value.reports[:SAYS_SHOWN]),
            language,
        )
        if value.page in told:
            lines.append(say("claim.reports.value", language, reports=reports))
        else:
            page = quote(value.page, language)
            lines.append(say("claim.page.reports", language, page=page, reports=reports))
    if stance is Stance.DISCUSSES or not lines:
        lines.insert(0, say(f"claim.page.{stance.value}", language))
    return lines


def _entry(said: str, report: Report, language: str) -> Said:
    who, when = report.origin or report.outlet, spell_date(report.date, language)
    value = quote(said, language)
    if when:
        return say("claim.reports.entry", language, value=value, who=who, when=when)
    return say("claim.reports.entry.undated", language, value=value, who=who)


def _reports_lines(claim: Claim, language: str) -> list[Said]:
    corroborating = [r for r in claim.reports if r.stance is ReportStance.CORROBORATING]
    contradicting = [r for r in claim.reports if r.stance is ReportStance.CONTRADICTING]
    support, against = count_origins(corroborating), count_origins(contradicting)
    lines = []
    if support:
        lines.append(say("claim.reports.support", language, count=support))
    elif against:
        lines.append(say("claim.reports.unsupported", language))
    if against:
        lines.append(say("claim.reports.against", language, count=against))
    if not claim.reports and not claim.reviews:
        lines.append(say("claim.reports.none", language))
    return lines


def review_line(review: Review, language: str = "en") -> str:
    """Return who reviewed a claim, in what words, and when."""
    rating = quote(review.rating, language)
    when = spell_date(review.date, language)
    if when:
        rating = say("dated", language, text=rating, when=when)
    return say("claim.review", language, publisher=review.publisher, rating=rating)


def _says_lines(claim: Claim, listed: Sequence[Report], language: str) -> list[Said]:
    against_first = sorted(claim.reports, key=lambda r: r.stance is ReportStance.CORROBORATING)
    lines: list[Said] = []
    for report in against_first:
        if report.says and report not in listed:
            who, when = report.origin or report.outlet, spell_date(report.date, language)
            if when:
                who = say("dated", language, text=who, when=when)
            lines.append(say("claim.says", language, who=who, says=report.says))
    return lines[:SAYS_SHOWN]
