"""The patterns for disclaimers: which rules are one's own, and any of them tried on a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.context.disclaimer_rules import (
    DisclaimerRule,
    DisclaimerRules,
    load_disclaimer_rules,
)
from contextlib_news.context.disclaimers import match_disclaimer
from contextlib_news.errors import CommandError
from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news_server.config import PREFIX
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, needs, page
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.services import services
from contextlib_news_server.store import disclaimer_rules
from contextlib_news_server.store.database import read
from contextlib_news_server.store.users import Role

__all__ = ["Fit", "fits_of", "sentences_of", "show_disclaimers", "try_disclaimers"]

LONGEST_TEXT = 20_000
MOST_SENTENCES = 400
MOST_TOLD = 50
RULES_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A sentence that disclaims: its text with the words marked, and the rules that fit it.

    Each rule with its place in the order of rules and where it comes from.
    """

    sentence: str
    text: Markup
    types: tuple[str, ...]
    rules: tuple[tuple[int, DisclaimerRule, str], ...]


@bp.get("/disclaimers")
@needs(Role.CONTRIBUTOR)
def show_disclaimers() -> BaseResponse:
    """Show the rules of one's own, and a field for a text to try all rules on."""
    return _page()


@bp.post("/disclaimers")
@needs(Role.CONTRIBUTOR)
def try_disclaimers() -> BaseResponse:
    """Show which sentences of a text disclaim something, by which words and rules."""
    try:
        text = forms.text("text", called="the text", most=LONGEST_TEXT)
        language = forms.line("language", most=20) or None
    except CommandError as error:
        return _page(as_sentence(error), 422)
    sentences = sentences_of(text)
    fits = tuple(fits_of(sentences, language, services().rules()))
    return _page(fits=fits[:MOST_TOLD], tried=len(sentences))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text that are tried, ``MOST_SENTENCES`` at most."""
    return [s.text for s in read_page(Page(text=text)).sentences][:MOST_SENTENCES]


def _page(
    message: str = "", status: int = 200, fits: tuple[Fit, ...] = (), tried: int | None = None
) -> BaseResponse:
    rules = services().disclaimers.rules
    shipped = frozenset(load_disclaimer_rules().rules)
    own = [(number, rule) for number, rule in enumerate(rules, 1) if rule not in shipped]
    with read(services().engine) as connection:
        desk = disclaimer_rules.listed(connection)
    return page(
        "disclaimers.html",
        status,
        message=message,
        fits=fits,
        tried=tried,
        desk=desk,
        own=own[:RULES_SHOWN],
        many=len(own),
        shipped=len(rules) - len(own),
        file=services().config.disclaimers,
        setting=f"{PREFIX}DISCLAIMERS",
        typed=request.form,
    )


def fits_of(sentences: list[str], language: str | None, rules: DisclaimerRules) -> Iterator[Fit]:
    """Yield the sentences that rules fit; those of a language and the English ones, or all."""
    shipped = frozenset(load_disclaimer_rules().rules)
    behind = len(services().disclaimers.rules)

    def origin(number: int, rule: DisclaimerRule) -> str:
        if rule in shipped:
            return "ships"
        return "your own" if number <= behind else "written here"

    for sentence in sentences:
        types, cues = match_disclaimer(sentence, language, rules)
        if not types:
            continue
        matched = []
        for number, rule in enumerate(rules.rules, 1):
            if rule.type in types:
                alone = DisclaimerRules(rules=(rule,), types_of_markup={})
                if match_disclaimer(sentence, language, alone)[0]:
                    matched.append((number, rule, origin(number, rule)))
        marked = _marked(sentence, cues)
        yield Fit(sentence=sentence, text=marked, types=types, rules=tuple(matched))


def _marked(sentence: str, cues: tuple[str, ...]) -> Markup:
    """Return a sentence in which the words that decided are marked, and all else is escaped."""
    spans: list[tuple[int, int]] = []
    for cue in cues:
        start = sentence.find(cue)
        if cue and start >= 0:
            spans.append((start, start + len(cue)))
    marked, place = Markup(), 0
    for start, end in sorted(spans):
        if start < place:
            continue
        marked += sentence[place:start]
        marked += Markup("<mark>{}</mark>").format(sentence[start:end])
        place = end
    return marked + sentence[place:]
