"""The blueprint of the public pages, and what all of them share."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.wording import name_category, spell_date
from contextlib_news_server.store.flags import Flag, FlagDecision
from contextlib_news_server.store.users import Role

__all__ = ["PUBLISHER", "bp", "page", "root_address"]

bp = Blueprint("public", __name__)

PUBLISHER = "Contextlib News"

bp.add_app_template_filter(name_category, "category_name")

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

# Words for who changed a claim: a role where the desk knows it, and never a name.
ROLES = {
    Role.CONTRIBUTOR: "a contributor",
    Role.CURATOR: "a curator",
    Role.REVIEWER: "a reviewer",
    Role.ADMINISTRATOR: "an administrator",
}

DECISIONS = {
    FlagDecision.CHANGED.value: "Something was changed",
    FlagDecision.WITHDRAWN.value: "It was withdrawn",
    FlagDecision.ADDED.value: "Something was added",
    FlagDecision.KEPT.value: "It stays as it was",
}


@bp.get("/")
def start() -> BaseResponse:
    """Lead a newcomer to the page where they can try it."""
    return redirect(url_for("try.show"))


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a public page."""
    html = render_template(template, spell_date=spell_date, name_role=_name_role, **values)
    return Response(html, status=status, content_type="text/html; charset=utf-8")


@bp.app_template_filter("lang_attribute")
def lang_attribute(language: str | None) -> Markup:
    """Return the attribute that tells a screen reader how to speak a text, empty for no tag.

    >>> str(lang_attribute("pt-BR")), str(lang_attribute("not a tag"))
    (' lang="pt-BR"', '')
    """
    is_tag = language is not None and LANGUAGE_TAG.fullmatch(language)
    return Markup(' lang="{}"').format(language) if is_tag else Markup("")


def root_address() -> str:
    """Return the address under which the caller sees this service, with a slash at its end."""
    return request.url_root


def _name_role(role: Role | None) -> str:
    return "the desk" if role is None else ROLES[role]


@bp.app_template_filter("decision_words")
def decision_words(flag: Flag) -> str:
    """Return what was decided as a reader would say it."""
    words = flag.decision or "answered"
    return DECISIONS.get(words, words[:1].upper() + words[1:])
