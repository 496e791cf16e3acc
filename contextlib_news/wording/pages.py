"""What a note says about the page as a whole: its sources, its copies, its day, what came after."""

from __future__ import annotations

from collections.abc import Sequence

from contextlib_news.context.since import SinceThen
from contextlib_news.models import Outlet
from contextlib_news.wording.claims import review_line
from contextlib_news.wording.locales import spell_date, spell_number, spell_share
from contextlib_news.wording.templates import join, quote, say

__all__ = [
    "citation_share_title",
    "date_title",
    "describe_citation_share",
    "describe_dates",
    "describe_same_text",
    "describe_since",
    "same_text_title",
    "since_title",
]


def citation_share_title(language: str = "en") -> str:
    """Return the headline of the note on how many sentences name their source."""
    return say("page.share.title", language)


def describe_citation_share(cited: int, checkworthy: int, language: str = "en") -> str:
    """Return how many of the sentences that state something lean on a source with an address."""
    if cited == 0:
        return say("page.share.none", language, count=checkworthy)
    told = spell_number(cited, language)
    return say("page.share", language, count=checkworthy, cited=told)


def same_text_title(language: str = "en") -> str:
    """Return the headline of the note that much the same text stands elsewhere."""
    return say("page.same-text.title", language)


def describe_same_text(
    url: str, outlet: Outlet | None, similarity: float, date: str | None, language: str = "en"
) -> str:
    """Return where much the same text stands as well; who had it first is not said."""
    where = url if outlet is None else outlet.domain
    if outlet is not None and outlet.name != outlet.domain:
        where = say("named-at", language, name=outlet.name, domain=outlet.domain)
    share, when = spell_share(similarity, language), spell_date(date, language)
    if when:
        return say("page.same-text.dated", language, where=where, when=when, url=url, share=share)
    return say("page.same-text", language, where=where, url=url, share=share)


def since_title(change: SinceThen, language: str = "en") -> str:
    """Return the headline of the note on what became of a claim after the page appeared."""
    return say("page.since.title.before" if change.before else "page.since.title", language)


def describe_since(change: SinceThen, page_date: str | None, language: str = "en") -> str:
    """Return what a page says as of its time, and what is on record since."""
    # The sentence around the claim has an end of its own.
    claim = quote(change.claim.text.rstrip(" ."), language)
    then = spell_date(page_date, language)
    if change.before and then:
        until = spell_date(change.date, language)
        return say("page.since.before", language, when=until, page=then, claim=claim)
    if then:
        parts = [say("page.since.then", language, when=then, claim=claim)]
    else:
        parts = [say("page.since.record", language, claim=claim)]
    when = spell_date(change.date, language)
    if change.review is not None:
        review = review_line(change.review, language)
        parts.append(say("page.since.review", language, review=review))
    elif change.report is not None:
        report = change.report
        says = report.says or quote(report.title, language)
        who = report.origin or report.outlet
        parts.append(say("page.since.report", language, who=who, when=when, says=says))
    else:
        parts.append(say("page.since.until", language, when=when))
    return " ".join(parts)


def date_title(dates: Sequence[tuple[str, str]], language: str = "en") -> str:
    """Return the headline of a note on the day of a page."""
    if len(dates) > 1:
        return say("page.date.title.several", language)
    return say("page.date.title", language, when=spell_date(dates[0][0], language))


def describe_dates(dates: Sequence[tuple[str, str]], language: str = "en") -> str:
    """Return the day of a page and where it is said, or the days where they differ."""
    told = [
        (say(f"page.date.{origin}", language), spell_date(date, language)) for date, origin in dates
    ]
    if len(told) > 1:
        entries = (
            say("page.date.entry", language, origin=origin, when=when) for origin, when in told
        )
        return say("page.date.several", language, dates=join(entries, language))
    origin, when = told[0]
    return say("page.date", language, when=when, origin=origin)
