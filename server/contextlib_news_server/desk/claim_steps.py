"""A claim's way from draft to readers and back, its history, and the rule of the second person."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.claim_editor import (
    ADDED,
    EDITED,
    LABELS,
    LONGEST_REASON,
    held_claim,
    show_conflict,
    whole,
)
from contextlib_news_server.errors import Problem
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import drafts, options, revisions
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.drafts import HeldClaim, StateError
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.revisions import Change, Revision, diff
from contextlib_news_server.store.users import Role

__all__ = ["change_settings", "history", "settings", "step_claim"]

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Step:
    """Who may take a step, and whether it needs a reason."""

    role: Role
    needs_reason: bool = False


STEPS = {
    "submit": Step(Role.CONTRIBUTOR),
    "discard": Step(Role.CONTRIBUTOR),
    "revert": Step(Role.CURATOR),
    "publish": Step(Role.REVIEWER),
    "send-back": Step(Role.REVIEWER, needs_reason=True),
    "retire": Step(Role.REVIEWER, needs_reason=True),
}


# Where a step leads that can be told from the claim afterwards.
LEADS_TO = {
    "submit": ClaimState.IN_REVIEW,
    "publish": ClaimState.PUBLISHED,
    "send-back": ClaimState.DRAFT,
    "retire": ClaimState.RETIRED,
}


@bp.post("/claims/step/<path:claim_id>")
@needs(Role.CONTRIBUTOR)
def step_claim(claim_id: str) -> BaseResponse:
    """Take a claim one step on or back."""
    name = request.form.get("action", "")
    step = STEPS.get(name)
    if step is None:
        raise Problem(422, "This form says nothing that is known.")
    if not has_role(step.role):
        raise Problem(403, f"This needs the role of {step.role}.")
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if step.needs_reason and not reason:
        raise Problem(422, "Say why; the history keeps it, and the editor reads it.")
    if not is_keepable(reason):
        raise Problem(422, "The reason holds a null character or half a character.")
    held = held_claim(claim_id)
    if name == "discard" and not (has_role(Role.CURATOR) or held.edited_by == me().name):
        raise Problem(403, "A contributor discards nobody else’s draft.")
    try:
        with services().engine.begin() as connection:
            _take(connection, name, claim_id, reason)
    except (ConflictError, StateError) as conflict:
        if _was_taken(name, claim_id):
            return redirect(url_for("admin.claim", claim_id=claim_id))
        if isinstance(conflict, StateError):
            raise
        if name == "publish" and held.base is not None and whole("seen") == held.newest.revision:
            return show_conflict(conflict, held, base=held.base, onto=conflict.revision)
        raise
    return redirect(url_for("admin.claim", claim_id=claim_id))


def _was_taken(name: str, claim_id: str) -> bool:
    """Say whether this person has just taken this very step: a button that was pressed twice."""
    with read(services().engine) as connection:
        last = next(iter(revisions.history(connection, "claim", claim_id, limit=1)), None)
    return (
        last is not None
        and last.revision == whole("seen") + 1
        and last.made_by == me().name
        and last.state == LEADS_TO.get(name)
    )


def _take(connection: Connection, name: str, claim_id: str, reason: str) -> HeldClaim:
    seen, by = whole("seen"), me().name
    if name == "submit":
        return drafts.submit(connection, claim_id, seen=seen, made_by=by, reason=reason)
    if name == "publish":
        second = options.is_on(connection, options.SECOND_PERSON)
        reason = reason or _said_of_the_text(connection, claim_id)
        return drafts.publish(
            connection, claim_id, seen=seen, made_by=by, reason=reason, second_person=second
        )
    if name == "send-back":
        return drafts.send_back(connection, claim_id, seen=seen, made_by=by, reason=reason)
    if name == "retire":
        return drafts.retire(connection, claim_id, seen=seen, made_by=by, reason=reason)
    if name == "discard":
        said = reason or "draft discarded"
        return drafts.discard(connection, claim_id, seen=seen, made_by=by, reason=said)
    to = whole("to")
    said = reason or f"back to revision {to}"
    return drafts.revert(connection, claim_id, to=to, seen=seen, made_by=by, reason=said)


def _said_of_the_text(connection: Connection, claim_id: str) -> str:
    """Return why the text that is about to be published was changed, as its editor said it.

    Steps that leave the text alone, such as sending back, say nothing to readers.
    """
    for each in revisions.history(connection, "claim", claim_id, limit=A_PAGE):
        if each.state in (ClaimState.PUBLISHED, ClaimState.RETIRED):
            break
        if each.reason not in (ADDED, EDITED, "") and diff(each.before, each.after):
            return each.reason
    return ""


# --- History --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A revision with what it changed."""

    revision: Revision
    changes: tuple[Change, ...]


@bp.get("/claims/history/<path:claim_id>")
@needs(Role.CONTRIBUTOR)
def history(claim_id: str) -> BaseResponse:
    """Show every version of a claim: who, when, why, and what it changed."""
    held = held_claim(claim_id)
    before = forms.number_of(request.args.get("before", ""))
    with read(services().engine) as connection:
        found = revisions.history(connection, "claim", claim_id, before=before, limit=A_PAGE)
    told = [Told(each, diff(each.before, each.after)) for each in found]
    following = found[-1].revision if len(found) == A_PAGE else None
    return page("claim_history.html", held=held, told=told, following=following, labels=LABELS)


# --- The rule of the second person ----------------------------------------------------------------


@bp.get("/settings")
@needs(Role.ADMINISTRATOR)
def settings() -> BaseResponse:
    """Show how the desk works."""
    with read(services().engine) as connection:
        second_person = options.is_on(connection, options.SECOND_PERSON)
    return page("settings.html", second_person=second_person)


@bp.post("/settings")
@needs(Role.ADMINISTRATOR)
def change_settings() -> BaseResponse:
    """Change how the desk works."""
    with services().engine.begin() as connection:
        on = request.form.get("second_person") == "on"
        options.set_on(connection, options.SECOND_PERSON, on, made_by=me().name)
    return redirect(url_for("admin.settings"))
