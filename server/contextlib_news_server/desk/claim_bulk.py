"""Many claims at once: chosen in the list, looked at, changed with one reason, and undone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError, ContextError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.claim_list import asked_for, order_of, query_of
from contextlib_news_server.desk.claim_offers import ACTIONS
from contextlib_news_server.errors import Problem, as_sentence
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import bulk, drafts, options
from contextlib_news_server.store.bulk import BulkAction
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.drafts import HeldClaim, StateError
from contextlib_news_server.store.listings import list_claims
from contextlib_news_server.store.users import Role

__all__ = ["change_claims", "show_bulk", "show_bulks", "undo_bulk"]

PAGE = 30
LONGEST_TOPIC = 100
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A claim before the change: how it stands, and why it would be left alone, if it would."""

    held: HeldClaim
    why: str


@bp.post("/claims/many")
@needs(Role.CURATOR)
def change_claims() -> BaseResponse:
    """Show what a change would do to the chosen claims; with a reason and a yes, do it."""
    try:
        action, value = _asked()
        if request.form.get("sure") == "yes":
            return _change(action, value)
        with read(services().engine) as connection:
            held = _chosen(connection)
            second_person = options.is_on(connection, options.SECOND_PERSON)
    except ContextError as error:
        raise Problem(422, as_sentence(error)) from None
    looks = [Look(held=one, why=_why_not(one, action, value, second_person)) for one in held]
    return _confirmation(looks, action, value)


def _confirmation(
    looks: list[Look], action: BulkAction, value: str, message: str = "", status: int = 200
) -> BaseResponse:
    return page(
        "claim_bulk.html",
        status,
        message=message,
        looks=looks,
        able=[look for look in looks if not look.why],
        action=action,
        offer=ACTIONS[action],
        value=value,
        most=bulk.MOST,
    )


def _change(action: BulkAction, value: str) -> BaseResponse:
    reason = forms.line("reason", called=None, most=LONGEST_REASON)
    if ACTIONS[action].needs_reason and not reason:
        raise CommandError("say why; readers find the reason where the claim was")
    seen = {}
    for said in request.form.getlist("seen")[: bulk.MOST]:
        revision, _, claim_id = said.partition(" ")
        if (number := forms.number_of(revision)) is not None:
            seen[claim_id] = number
    if not seen:
        raise CommandError("no claim was chosen")
    if not all(map(is_keepable, seen)):
        raise CommandError("there is no such claim")
    with services().engine.begin() as connection:
        done = bulk.change_many(
            connection,
            seen,
            action,
            value,
            made_by=me().name,
            reason=reason or _words(action, value),
            second_person=options.is_on(connection, options.SECOND_PERSON),
        )
    return redirect(url_for("admin.show_bulk", number=done.number))


@bp.get("/claims/many")
@needs(Role.CURATOR)
def show_bulks() -> BaseResponse:
    """Show the changes of many claims that there were."""
    before = forms.cursor("before") or None
    with read(services().engine) as connection:
        found = bulk.listed(connection, before=before, limit=PAGE + 1)
    following = found[PAGE - 1].number if len(found) > PAGE else None
    return page("claim_bulks.html", changes=found[:PAGE], following=following, words=_words)


@bp.get("/claims/many/<int:number>")
@needs(Role.CURATOR)
def show_bulk(number: int) -> BaseResponse:
    """Show what became of each claim of one change."""
    return _report(number)


def _report(number: int, message: str = "", status: int = 200) -> BaseResponse:
    found = None
    if number < 2**31:
        with read(services().engine) as connection:
            found = bulk.find(connection, number)
    if found is None:
        abort(404)
    return page(
        "claim_bulk_done.html",
        status,
        message=message,
        change=found,
        words=_words(found.action, found.value),
        done=[item for item in found.items if item.after is not None],
        left=[item for item in found.items if item.after is None],
        may_undo=has_role(ACTIONS[found.action].role),
    )


@bp.post("/claims/many/<int:number>")
@needs(Role.CURATOR)
def undo_bulk(number: int) -> BaseResponse:
    """Give the claims of a change back what they were."""
    with read(services().engine) as connection:
        found = bulk.find(connection, number) if number < 2**31 else None
    if found is None:
        abort(404)
    if not has_role(ACTIONS[found.action].role):
        raise Problem(403, f"This needs the role of {ACTIONS[found.action].role}.")
    try:
        with services().engine.begin() as connection:
            bulk.undo(connection, number, made_by=me().name)
    except StateError as error:
        return _report(number, as_sentence(error), 409)
    return redirect(url_for("admin.show_bulk", number=number))


# --- What the form says ---------------------------------------------------------------------------


def _asked() -> tuple[BulkAction, str]:
    """Return what is to be done, with its value; raises Problem where this person may not."""
    try:
        action = BulkAction(request.form.get("action", ""))
    except ValueError:
        raise CommandError("choose what is to be done") from None
    offer = ACTIONS[action]
    if not has_role(offer.role):
        raise Problem(403, f"This needs the role of {offer.role}.")
    if offer.value == "topic":
        return action, forms.line("topic-of-all", called="the topic", most=LONGEST_TOPIC)
    if offer.value == "day":
        day = forms.day("day", called="the day")
        if day is None:
            raise CommandError("the day is missing")
        return action, day
    return action, ""


def _chosen(connection: Connection) -> list[HeldClaim]:
    """Return the claims that were chosen one by one, or all that the filters of the list find."""
    ids = [said for said in request.form.getlist("claim")[: bulk.MOST] if is_keepable(said)]
    if request.form.get("all") == "yes":
        asked = asked_for(request.form)
        ids, after = [], None
        while True:
            found = list_claims(
                connection, query_of(asked), order=order_of(asked), after=after, limit=100
            )
            ids += [each.id for each in found.claims]
            after = found.next
            if after is None or len(ids) >= bulk.MOST:
                break
    found_claims = (drafts.find(connection, each) for each in dict.fromkeys(ids[: bulk.MOST]))
    held = [each for each in found_claims if each is not None]
    if not held:
        raise CommandError("no claim was chosen")
    return held


def _why_not(held: HeldClaim, action: BulkAction, value: str, second_person: bool) -> str:
    """Return why a claim would be left alone, as the change itself will find it; "" if not."""
    stage = held.stage
    if action in bulk.EDITS:
        try:
            bulk.edited(held, action, value)
        except StateError as error:
            return str(error)
        return ""
    if action is BulkAction.SUBMIT:
        return "" if stage == ClaimState.DRAFT else f"it is {stage.replace('_', ' ')}, not a draft"
    if action is BulkAction.RETIRE:
        return "" if held.state == ClaimState.PUBLISHED else "it is not published"
    if stage == ClaimState.PUBLISHED:
        return "it is published already"
    if second_person and held.edited_by == me().name and stage != ClaimState.RETIRED:
        return "another person publishes what you wrote"
    return ""


def _words(action: BulkAction, value: str) -> str:
    words = ACTIONS[action].words
    return f"{words}: {value}" if value else words
