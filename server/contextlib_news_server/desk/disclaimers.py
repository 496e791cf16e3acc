"""The patterns for disclaimers: which rules are one's own, and all of them tried on a text."""

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
from contextlib_news_server.store.users import Role

__all__ = ["show_disclaimers", "try_disclaimers"]

LONGEST_TEXT = 20_000
MOST_SENTENCES = 400
MOST_TOLD = 50
RULES_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A sentence that disclaims: its text with the words marked, and the rules that fit it."""

    text: Markup
    types: tuple[str, ...]
    rules: tuple[tuple[int, DisclaimerRule, bool], ...]


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
    sentences = [s.text for s in read_page(Page(text=text)).sentences][:MOST_SENTENCES]
    fits = tuple(_fits(sentences, language))
    return _page(fits=fits[:MOST_TOLD], tried=len(sentences))


def _page(
    message: str = "", status: int = 200, fits: tuple[Fit, ...] = (), tried: int | None = None
) -> BaseResponse:
    rules = services().disclaimers.rules
    shipped = frozenset(load_disclaimer_rules().rules)
    own = [(number, rule) for number, rule in enumerate(rules, 1) if rule not in shipped]
    return page(
        "disclaimers.html",
        status,
        message=message,
        fits=fits,
        tried=tried,
        own=own[:RULES_SHOWN],
        many=len(own),
        shipped=len(rules) - len(own),
        file=services().config.disclaimers,
        setting=f"{PREFIX}DISCLAIMERS",
        typed=request.form,
    )


def _fits(sentences: list[str], language: str | None) -> Iterator[Fit]:
    rules = services().disclaimers
    shipped = frozenset(load_disclaimer_rules().rules)
    for sentence in sentences:
        types, cues = match_disclaimer(sentence, language, rules)
        if not types:
            continue
        matched = []
        for number, rule in enumerate(rules.rules, 1):
            if rule.type in types:
                alone = DisclaimerRules(rules=(rule,), types_of_markup={})
                if match_disclaimer(sentence, language, alone)[0]:
                    matched.append((number, rule, rule not in shipped))
        yield Fit(text=_marked(sentence, cues), types=types, rules=tuple(matched))


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
