"""What a note says about fine print, figures that do not agree, and quotations."""

from __future__ import annotations

import re

from contextlib_news.models import Disclaimer, Figure, QuotationDetail, QuotationStatus
from contextlib_news.wording.templates import has_template, join, quote, say

__all__ = [
    "describe_disclaimer",
    "describe_figure",
    "describe_quotation",
    "disclaimer_title",
    "figure_title",
    "quotation_title",
]

CHANGES_SHOWN = 5

# What the dates of a page come to is told in days; all else is digits.
_DAYS = re.compile(r"^(\d{1,6}) days?$")


def disclaimer_title(disclaimer: Disclaimer, language: str = "en") -> str:
    """Return the headline of a disclaimer note, from its first type."""
    kind = disclaimer.types[0] if disclaimer.types else ""
    if any(cue.endswith("AnalysisNewsArticle") for cue in disclaimer.cues):
        kind = "analysis"
    key = f"disclaimer.title.{kind}"
    return say(key if has_template(key) else "disclaimer.title", language)


def describe_disclaimer(disclaimer: Disclaimer, language: str = "en") -> str:
    """Return the publisher's own words, and where they were found when not in the text."""
    text = quote(disclaimer.text.strip(), language)
    if disclaimer.origin == "text":
        return say("disclaimer.text", language, text=text)
    return say("disclaimer.markup", language, origin=disclaimer.origin, text=text)


def figure_title(figure: Figure, language: str = "en") -> str:
    """Return the headline of a figure note."""
    key = f"figure.title.{figure.kind}"
    return say(key if has_template(key) else "figure.title", language)


def describe_figure(figure: Figure, language: str = "en") -> str:
    """Return both values side by side, and to readers of English how the second follows."""
    days = _DAYS.match(figure.computed)
    computed = say("days", language, count=int(days[1])) if days else figure.computed
    stated = quote(figure.stated, language)
    line = say("figure.text", language, stated=stated, computed=computed)
    return f"{line} {figure.explanation}".strip() if language == "en" else line


def quotation_title(quotation: QuotationDetail, language: str = "en") -> str:
    """Return the headline of a quotation note."""
    return say(f"quotation.title.{quotation.status.value}", language)


def describe_quotation(quotation: QuotationDetail, language: str = "en") -> str:
    """Return what was compared with what, and what was changed."""
    source = quotation.source or say("quotation.source", language)
    if quotation.status is QuotationStatus.NOT_CHECKED:
        return say("quotation.not-checked", language)
    if quotation.status is not QuotationStatus.ALTERED:
        return say(f"quotation.{quotation.status.value}", language, source=source)
    changes = join(
        (
            say(
                "quotation.change", language, page=quote(page, language), held=quote(held, language)
            )
            for page, held in quotation.changes[:CHANGES_SHOWN]
        ),
        language,
        mark="row",
    )
    return say("quotation.altered", language, source=source, changes=changes)
