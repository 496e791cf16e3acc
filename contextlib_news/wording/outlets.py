"""What a note says about an outlet: each rater named, nothing averaged, nothing pronounced."""

from __future__ import annotations

from contextlib_news.context.ratings import disagree
from contextlib_news.models import Outlet, OutletFact, OutletRelation, Rating
from contextlib_news.wording.locales import spell_date
from contextlib_news.wording.templates import Said, has_template, join, say

__all__ = [
    "FACT_KINDS",
    "describe_fact",
    "describe_outlet",
    "describe_rating",
    "name_category",
    "name_fact",
    "outlet_remarks",
    "outlet_title",
    "rating_remarks",
]

FACT_KINDS = (
    "category",
    "corrections-policy",
    "country",
    "founded",
    "ownership",
    "policy",
    "reply",
)


def describe_rating(rating: Rating, language: str = "en") -> Said:
    """Return one rating as a line: rater, its own words, when."""
    line = say("outlet.rating", language, source=rating.source, label=rating.label)
    when = spell_date(rating.date, language)
    return say("dated", language, text=line, when=when) if when else line


def list_ratings(ratings: tuple[Rating, ...], language: str) -> str:
    """Return ratings as one sentence."""
    lines = (describe_rating(rating, language) for rating in ratings)
    return join(lines, language, mark="row") + "."


def outlet_title(outlet: Outlet, language: str = "en") -> str:
    """Return the headline of an outlet note."""
    if outlet.relation is OutletRelation.LOOK_ALIKE:
        other = outlet.look_alike_of
        return say("outlet.title.look-alike", language, domain=outlet.domain, other=other)
    name: str = outlet.name
    if outlet.section:
        name = say("outlet.title.section", language, name=name, section=outlet.section)
    if not outlet.ratings:
        return say("outlet.title.unrated", language, name=name)
    key = "outlet.title.disagree" if disagree(outlet.ratings) else "outlet.title.rated"
    return say(key, language, count=len(outlet.ratings), name=name)


def describe_outlet(outlet: Outlet, language: str = "en") -> str:
    """Return the body of an outlet note: each rater named, or plainly that there is none.

    Reasons and facts on record are data, told in their own language; a reason in English is told
    to readers of English, and to others what it comes down to.
    """
    parts = list(outlet_remarks(outlet, language))
    parts += [f"{describe_fact(fact, language)}." for fact in outlet.facts]
    if outlet.ratings:
        parts.append(list_ratings(outlet.ratings, language))
    return " ".join((*parts, *rating_remarks(outlet, language)))


def outlet_remarks(outlet: Outlet, language: str = "en") -> tuple[str, ...]:
    """Return how the address came to this outlet, and what is no matter of quality, a line each."""
    parts: list[str] = []
    if outlet.via:
        parts.append(say("outlet.via", language, host=outlet.via))
    parts += _reason(outlet, language)
    if outlet.categories:
        names = join((name_category(c, language) for c in outlet.categories), language)
        parts.append(say("outlet.categories", language, categories=names))
    return tuple(parts)


def rating_remarks(outlet: Outlet, language: str = "en") -> tuple[str, ...]:
    """Return how an outlet's ratings are to be taken, or what it means that there is none."""
    if not outlet.ratings:
        if outlet.relation is OutletRelation.LOOK_ALIKE:
            return (say("outlet.unknown", language, other=outlet.look_alike_of),)
        return (say("outlet.unrated", language),)
    parts: list[str] = []
    if disagree(outlet.ratings):
        parts.append(say("outlet.disagree", language))
    if "satire" in outlet.categories:
        parts.append(say("outlet.satire", language))
    return (*parts, say("outlet.article", language))


def describe_fact(fact: OutletFact, language: str = "en") -> str:
    """Return one fact about an outlet as a line without an end mark."""
    line = say("fact", language, name=name_fact(fact.kind, language), text=fact.text)
    return line.removesuffix(".")


def _reason(outlet: Outlet, language: str) -> list[str]:
    if outlet.reason and language == "en":
        return [outlet.reason.rstrip(".") + "."]
    if outlet.relation is OutletRelation.LOOK_ALIKE:
        other = outlet.look_alike_of
        return [say("outlet.look-alike", language, domain=outlet.domain, other=other)]
    if outlet.relation is OutletRelation.ALIAS:
        return [say("outlet.alias", language)]
    return []


def name_category(category: str, language: str = "en") -> Said:
    """Return a category of outlets as a reader would say it."""
    key = f"category.{category}"
    if has_template(key):
        return say(key, language)
    return say("as-is", language, text=category.replace("-", " "))


def name_fact(kind: str, language: str = "en") -> str:
    """Return the name of a kind of fact about an outlet."""
    key = f"fact.{kind}"
    return say(key, language) if has_template(key) else kind.replace("-", " ")
