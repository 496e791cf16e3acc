"""Every sentence that a reader sees in a note, in one place.

The tone is context, not verdicts: who says so, when, and what differs. Nothing here calls a page,
an outlet or a person wrong; it says what reports found say. English for now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contextlib_news.models import (
    CitationDetail,
    Claim,
    Difference,
    DifferenceKind,
    Disclaimer,
    Figure,
    Outlet,
    OutletRelation,
    QuotationDetail,
    QuotationStatus,
    Rating,
    Report,
    Stance,
    Verdict,
)

__all__ = [
    "citation_title",
    "claim_text",
    "claim_title",
    "count_origins",
    "describe_citation",
    "describe_disclaimer",
    "describe_figure",
    "describe_outlet",
    "describe_quotation",
    "describe_rating",
    "disclaimer_title",
    "figure_title",
    "outlet_title",
    "quotation_title",
    "spell_date",
]

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

DISCLAIMER_TITLES = {
    "accuracy": "The publisher does not vouch for accuracy",
    "affiliate": "The page may earn money from its links",
    "ai-generated": "Written with the help of a machine",
    "conflict-of-interest": "The author declares an interest",
    "correction": "The page has been corrected",
    "editorial-control": "Published without editorial control",
    "financial": "Not financial advice",
    "images": "The publisher does not answer for the images",
    "legal": "Not legal advice",
    "liability": "The publisher declines liability",
    "machine-translated": "Translated by a machine",
    "medical": "Not medical advice",
    "opinion": "Labelled as opinion",
    "ownership": "Somebody else owns the content",
    "press-release": "A press release",
    "republished": "First published elsewhere",
    "retraction": "Retracted or removed",
    "satire": "The publisher says satire appears here",
    "seek-corroboration": "The publisher asks readers to check elsewhere",
    "sponsored": "Paid or sponsored content",
    "state-media": "Funded or run by a state",
    "unverified": "Not independently verified",
    "update": "The page has been updated",
    "user-generated": "Written by a user, not by the newsroom",
    "views": "Not necessarily the publisher's views",
    "wire": "Agency copy, not edited here",
}

QUOTATION_TITLES = {
    QuotationStatus.VERBATIM: "Quotation found word for word",
    QuotationStatus.ALTERED: "Quotation differs from its source",
    QuotationStatus.NOT_FOUND: "Quotation not found in the source text held",
    QuotationStatus.NOT_CHECKED: "Quotation not checked",
}

# A card stays readable with this many statements of reports; the lists below it hold them all.
SAYS_SHOWN = 4


def spell_date(date: str | None) -> str | None:
    """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` as a reader would say it, None for None."""
    if not date:
        return None
    parts = date.split("-")
    try:
        month = MONTHS[int(parts[1]) - 1] if len(parts) > 1 else None
        if len(parts) == 3:
            return f"{int(parts[2])} {month} {parts[0]}"
    except (ValueError, IndexError):
        return date
    return f"{month} {parts[0]}" if month else date


def count_origins(reports: Iterable[Report]) -> int:
    """Return how many different originators stand behind the reports."""
    return len({(report.origin or report.outlet).casefold() for report in reports})


def _plural(count: int, singular: str, plural: str | None = None) -> str:
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def _split(claim: Claim) -> tuple[list[Report], list[Report]]:
    corroborating = [r for r in claim.reports if r.stance.value == "corroborating"]
    contradicting = [r for r in claim.reports if r.stance.value == "contradicting"]
    return corroborating, contradicting


# --- Claims ---------------------------------------------------------------------------------------


def claim_title(claim: Claim, stance: Stance, differences: Sequence[Difference]) -> str:
    """Return the headline of a claim note: how page, claim and reports stand to each other."""
    if stance is Stance.REFUTES and _different_values(differences):
        return "This page gives another figure or name"
    if claim.verdict is None:
        return "Reviewed by fact-checkers" if claim.reviews else "A known claim"
    denied = stance is Stance.REFUTES
    return {
        Verdict.CORROBORATED: "Reports found support what is denied here"
        if denied
        else "Other reports say the same",
        Verdict.CONTRADICTED: "Reports found deny this too"
        if denied
        else "Reports found say otherwise",
        Verdict.DISPUTED: "Reports differ on this",
        Verdict.UNVERIFIED: "No report found supports what is denied here"
        if denied
        else "No report found supports this",
    }[claim.verdict]


def claim_text(claim: Claim, stance: Stance, differences: Sequence[Difference]) -> str:
    """Return the body of a claim note: what the page does, what reports say, who and when."""
    parts = [_page_line(claim, stance, differences), _reports_line(claim)]
    parts += [f"{review_line}." for review_line in map(_review_line, claim.reviews[:3])]
    parts += _says_lines(claim)
    return " ".join(part for part in parts if part)


def _different_values(differences: Sequence[Difference]) -> list[Difference]:
    told = (DifferenceKind.NEGATION, DifferenceKind.HEDGE)
    return [difference for difference in differences if difference.kind not in told]


def _page_line(claim: Claim, stance: Stance, differences: Sequence[Difference]) -> str:
    values = _different_values(differences)
    if values:
        pairs = "; ".join(
            f"“{value.page}” where the claim on record says “{value.claim}”"
            for value in values[:3]
            if value.page and value.claim
        )
        if pairs:
            return f"This page says {pairs}."
    if stance is Stance.SUPPORTS:
        return "This page says so."
    if stance is Stance.REFUTES:
        return "This page denies it."
    return "This page mentions it without asserting it."


def _reports_line(claim: Claim) -> str:
    corroborating, contradicting = _split(claim)
    support, against = count_origins(corroborating), count_origins(contradicting)
    if support and against:
        return (
            f"{_plural(support, 'source')} found {'supports' if support == 1 else 'support'} it, "
            f"{_plural(against, 'source')} {'says' if against == 1 else 'say'} otherwise."
        )
    if support:
        return f"{_plural(support, 'source')} found {'supports' if support == 1 else 'support'} it."
    if against:
        return (
            f"No report found supports it; {_plural(against, 'source')} found "
            f"{'says' if against == 1 else 'say'} otherwise."
        )
    return "" if claim.reviews else "No report about it is on record."


def _review_line(review: object) -> str:
    publisher = getattr(review, "publisher", "")
    rating = getattr(review, "rating", "")
    when = spell_date(getattr(review, "date", None))
    return f"{publisher} rated it “{rating}”" + (f" ({when})" if when else "")


def _says_lines(claim: Claim) -> list[str]:
    told: list[str] = []
    for report in sorted(claim.reports, key=lambda report: report.stance.value == "corroborating"):
        if report.says:
            when = spell_date(report.date)
            who = report.origin or report.outlet
            told.append(f"{who}{f' ({when})' if when else ''}: {report.says}")
    return told[:SAYS_SHOWN]


# --- Outlets and citations ------------------------------------------------------------------------


def describe_rating(rating: Rating) -> str:
    """Return one rating as a line: rater, its own words, when."""
    when = spell_date(rating.date)
    return f"{rating.source}: {rating.label}" + (f" ({when})" if when else "")


def outlet_title(outlet: Outlet) -> str:
    """Return the headline of an outlet note."""
    if outlet.relation is OutletRelation.LOOK_ALIKE:
        return f"{outlet.domain} resembles {outlet.look_alike_of}"
    if not outlet.ratings:
        return f"{outlet.name}: not rated by the raters held here"
    return f"{outlet.name}: {_plural(len(outlet.ratings), 'rating')} on record"


def describe_outlet(outlet: Outlet) -> str:
    """Return the body of an outlet note: each rater named, or plainly that there is none."""
    parts = []
    if outlet.reason:
        parts.append(outlet.reason.rstrip(".") + ".")
    if outlet.categories:
        parts.append(f"Listed as {', '.join(outlet.categories)}.")
    if outlet.ratings:
        parts.append("; ".join(map(describe_rating, outlet.ratings)) + ".")
        parts.append("A rating of an outlet says nothing certain about a single article.")
    elif outlet.relation is OutletRelation.LOOK_ALIKE:
        parts.append(
            f"No rater held here lists this address, and nothing shows that it belongs to "
            f"{outlet.look_alike_of}."
        )
    else:
        parts.append("No rater held here lists it, which says neither good nor bad of it.")
    return " ".join(parts)


def citation_title(citation: CitationDetail) -> str:
    """Return the headline of a citation note."""
    if "dead-end" in citation.flags and citation.href is None:
        return "Rests on unnamed sources"
    name = citation.outlet.name if citation.outlet else citation.href
    if "circular" in citation.flags:
        return f"Cites its own publisher: {name}"
    return f"Cites {name}"


def describe_citation(citation: CitationDetail) -> str:
    """Return the body of a citation note: what is cited, who publishes it, what leans on it."""
    parts = []
    if citation.title:
        parts.append(f"“{citation.title}”.")
    if citation.href is None:
        parts.append("No address is given, so a reader cannot follow this up.")
    if citation.outlet is not None and citation.outlet.ratings:
        parts.append("; ".join(map(describe_rating, citation.outlet.ratings)) + ".")
    elif citation.outlet is not None:
        parts.append("No rater held here lists this outlet.")
    if citation.sentences:
        count = len(citation.sentences)
        parts.append(
            f"{_plural(count, 'sentence')} of this page {'leans' if count == 1 else 'lean'} on it."
        )
    if citation.report is not None:
        when = spell_date(citation.report.date)
        parts.append(
            f"The cited report is on record: “{citation.report.title}”"
            + (f" ({when})." if when else ".")
        )
    return " ".join(parts)


# --- Disclaimers, figures, quotations -------------------------------------------------------------


def disclaimer_title(disclaimer: Disclaimer) -> str:
    """Return the headline of a disclaimer note, from its first type."""
    first = disclaimer.types[0] if disclaimer.types else ""
    return DISCLAIMER_TITLES.get(first, "The publisher limits what it answers for")


def describe_disclaimer(disclaimer: Disclaimer) -> str:
    """Return the publisher's own words, and where they were found when not in the text."""
    quoted = f"“{disclaimer.text.strip()}”"
    if disclaimer.origin == "text":
        return f"The page itself says: {quoted}"
    return f"The page's markup says so ({disclaimer.origin}): {quoted}"


def figure_title(figure: Figure) -> str:
    """Return the headline of a figure note."""
    return {
        "sum": "The parts do not add up to the total",
        "duration": "The dates give another duration",
        "repeat": "The same figure is given twice, differently",
        "percentage": "The percentage does not follow from the figures",
    }.get(figure.kind, "Figures that do not agree")


def describe_figure(figure: Figure) -> str:
    """Return both values side by side, and how the second follows."""
    line = f"The page states {figure.stated}; its own figures give {figure.computed}."
    return f"{line} {figure.explanation}".strip()


def quotation_title(quotation: QuotationDetail) -> str:
    """Return the headline of a quotation note."""
    return QUOTATION_TITLES[quotation.status]


def describe_quotation(quotation: QuotationDetail) -> str:
    """Return what was compared with what, and what was changed."""
    source = quotation.source or "the source"
    if quotation.status is QuotationStatus.VERBATIM:
        return f"These words stand in the excerpt held of {source}."
    if quotation.status is QuotationStatus.ALTERED:
        changed = "; ".join(
            f"“{page}” here, “{held}” there" for page, held in quotation.changes[:5]
        )
        return f"Compared with the excerpt held of {source}: {changed}."
    if quotation.status is QuotationStatus.NOT_FOUND:
        return f"These words are not in the excerpt held of {source}; other versions may differ."
    return "Not checked: the source's text is not held here."
