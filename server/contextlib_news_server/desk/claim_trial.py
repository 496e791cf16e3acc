"""The editor beside its effect: the note, the claims that say the same, and a text to try it on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from contextlib_news.errors import InvalidClaimError, InvalidPageError
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Note, Page
from contextlib_news.wording import LANGUAGES, choose_language
from contextlib_news_server.deadline import Deadline
from contextlib_news_server.desk.claim_forms import Draft
from contextlib_news_server.errors import Problem
from contextlib_news_server.limits import PageTooLargeError, check_size
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store.database import read
from contextlib_news_server.store.near_drafts import find_near_drafts
from contextlib_news_server.trial import Likeness, Trial, find_duplicates, preview, try_page

__all__ = ["Effect", "effect_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the version in the form would do; ``wrong`` says why a text could not be tried."""

    note: Note | None
    duplicates: tuple[Likeness, ...]
    trial: Trial | None
    text: str
    other: str
    language: str
    languages: tuple[str, ...]
    threshold: float
    wrong: str


def effect_of(draft: Draft, base: Claim) -> Effect | None:
    """Return the effect of what stands in the form, None where it makes no claim yet."""
    try:
        claim = None if draft.errors() else draft.claim(base)
    except InvalidClaimError:
        claim = None
    if claim is None:
        return None
    index = services().matcher.current().index
    language = choose_language(request.form.get("reader_language", "en")[:40])
    text = request.form.get("trial", "")
    trial, wrong = None, ""
    other = _share(request.form.get("threshold", ""), index.threshold)
    if text.strip():
        try:
            trial = _try(text, claim, index, other, language)
        except (InvalidPageError, PageTooLargeError, Problem) as error:
            wrong = getattr(error, "detail", "") or str(error)
    with read(services().engine) as connection:
        near = find_near_drafts(connection, claim)
    return Effect(
        note=preview(claim, language),
        duplicates=find_duplicates(claim, index, near),
        trial=trial,
        text=text,
        other=f"{other:.2f}",
        language=language,
        languages=tuple(LANGUAGES),
        threshold=index.threshold,
        wrong=wrong,
    )


def _try(text: str, claim: Claim, index: ClaimIndex, other: float, language: str) -> Trial:
    if not is_keepable(text):
        raise InvalidPageError("The text holds a null character or half a character.")
    config = services().config
    # A page that was saved or copied as markup is read as one; nothing is fetched.
    page = Page(html=text) if text.lstrip().startswith("<") else Page(text=text)
    check_size([page], config)
    deadline = Deadline(config.max_seconds)
    changed = index.with_changes(upserts=[claim])
    return try_page(
        page,
        claim,
        changed,
        other=other,
        language=language,
        on_stage=lambda stage, seconds: deadline.check(),
    )


def _share(said: str, otherwise: float) -> float:
    """Return a number from 0 to 1."""
    try:
        value = float(said[:20])
    except ValueError:
        return otherwise
    return value if 0 <= value <= 1 else otherwise
