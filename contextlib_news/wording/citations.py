"""What a note says about a source that the page names."""

from __future__ import annotations

from contextlib_news.context.domains import hides_address
from contextlib_news.models import CitationDetail
from contextlib_news.wording.locales import spell_date
from contextlib_news.wording.outlets import list_ratings
from contextlib_news.wording.templates import quote, say

__all__ = ["citation_title", "describe_citation"]


def citation_title(citation: CitationDetail, language: str = "en") -> str:
    """Return the headline of a citation note."""
    if "dead-end" in citation.flags and citation.href is None:
        return say("citation.title.unnamed", language)
    name = citation.outlet.name if citation.outlet else citation.href
    key = "citation.title.circular" if "circular" in citation.flags else "citation.title"
    return say(key, language, name=name)


def describe_citation(citation: CitationDetail, language: str = "en") -> str:
    """Return the body of a citation note: what is cited, who publishes it, what leans on it."""
    parts = []
    if citation.title:
        parts.append(f"{quote(citation.title, language)}.")
    if citation.href is None:
        named = citation.outlet is not None
        parts.append(say("citation.named" if named else "citation.no-address", language))
    if citation.href is not None and hides_address(citation.href):
        parts.append(say("citation.short", language))
    elif citation.outlet is not None and citation.outlet.ratings:
        parts.append(list_ratings(citation.outlet.ratings, language))
    elif citation.outlet is not None:
        parts.append(say("citation.unrated", language))
    if citation.sentences:
        parts.append(say("citation.sentences", language, count=len(citation.sentences)))
    if citation.report is not None:
        title = quote(citation.report.title, language)
        when = spell_date(citation.report.date, language)
        if when:
            title = say("dated", language, text=title, when=when)
        parts.append(say("citation.report", language, title=title))
    return " ".join(parts)
