"""The queue: what readers dispute and wish for, what feeds brought, what needs a second look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError, ContextError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.services import services
from contextlib_news_server.store import claims, drafts, flags, queue, subscriptions
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import Flag, FlagDecision, FlagState
from contextlib_news_server.store.queue import QueueItem
from contextlib_news_server.store.revisions import Change, diff
from contextlib_news_server.store.users import Role

__all__ = [
    "KINDS",
    "LONGEST_REASON",
    "OF_READERS",
    "PAGE",
    "decide_item",
    "rows_of",
    "show_item",
    "show_queue",
]

PAGE = 50
COUNTED = 1_000
LONGEST_REASON = 2_000

# What each kind is called in lists, and what is to be done about it.
KINDS: Mapping[str, tuple[str, str]] = {
    flags.DISPUTE: (
        "Dispute",
        "A reader says that something shown is wrong. Look into it and answer with a reason.",
    ),
    flags.UNMATCHED: (
        "Asked about",
        "A reader asked about a sentence that no claim stands for. Write one, or say why not.",
    ),
    flags.WISH: ("Wish", "A reader asks for something. Answer with a reason."),
    "subscription": (
        "From a feed",
        "A feed that is followed brought this review. Publish it, take it as a draft, or leave it.",
    ),
    "source-differs": (
        "Source differs",
        "A source changed what the desk had changed too; the desk’s words stand.",
    ),
    "subscription-failing": ("Feed failing", "A feed could not be read several times in a row."),
    "subscription-shrunk": (
        "Feed shrunk",
        "A feed lost so many reviews at once that none of them was withdrawn.",
    ),
    "evidence": (
        "Link in trouble",
        "What the claim rests on is gone, moved, changed or out of reach. Look at the page or at "
        "the archived copy, and change the claim’s link, or the claim.",
    ),
    "expired": (
        "No longer valid",
        "The day until which the claim holds is over. Give it a new one, or retire it.",
    ),
}
OF_READERS = frozenset({flags.DISPUTE, flags.UNMATCHED, flags.WISH})
OF_FEEDS = "subscription"

DECISIONS: Mapping[FlagDecision, str] = {
    FlagDecision.CHANGED: "The reader is right: it was changed",
    FlagDecision.WITHDRAWN: "The reader is right: it was withdrawn",
    FlagDecision.ADDED: "A claim was added",
    FlagDecision.KEPT: "It stays as it is",
    FlagDecision.UNANSWERED: "No answer (spam, abuse, says nothing)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item in the list with what it is about."""

    item: QueueItem
    claim: str | None
    flag: Flag | None


@bp.get("/queue")
@needs(Role.CONTRIBUTOR)
def show_queue() -> BaseResponse:
    """Show what waits, of all kinds or of one."""
    kind = request.args.get("kind") or None
    mine = request.args.get("mine") == "yes"
    with read(services().engine) as connection:
        waiting = queue.count_up_to(connection, COUNTED)
        items = queue.page(
            connection,
            kind=kind,
            taken_by=me().name if mine else None,
            after=forms.cursor(),
            limit=PAGE + 1,
        )
        rows = rows_of(connection, items[:PAGE])
    following = items[PAGE - 1].number if len(items) > PAGE else None
    return page(
        "queue.html",
        rows=rows,
        waiting=waiting,
        counted=COUNTED,
        kind=kind,
        mine=mine,
        kinds=KINDS,
        following=following,
    )


@bp.get("/queue/<int:number>")
@needs(Role.CONTRIBUTOR)
def show_item(number: int) -> BaseResponse:
    """Show one matter with all that is known about it."""
    return _item(number)


def _item(number: int, message: str = "", status: int = 200) -> BaseResponse:
    with read(services().engine) as connection:
        item = queue.get(connection, number) if number < 2**31 else None
        if item is None:
            abort(404)
        flag = None if item.flag is None else flags.get(connection, item.flag)
        held = None if item.claim_id is None else drafts.find(connection, item.claim_id)
        changes = _changes(item, None if held is None else claim_to_dict(held.newest))
    title, todo = KINDS.get(item.kind, (item.kind.replace("-", " ").capitalize(), ""))
    return page(
        "queue_item.html",
        status,
        message=message,
        item=item,
        flag=flag,
        held=held,
        changes=changes,
        title=title,
        todo=todo,
        decisions=DECISIONS,
        of_reader=item.kind in OF_READERS,
        of_feed=item.kind == OF_FEEDS,
        mine=item.taken_by in (None, me().name),
        typed=request.form,
    )


@bp.post("/queue/<int:number>")
@needs(Role.CURATOR)
def decide_item(number: int) -> BaseResponse:
    """Take an item, give it back, or decide it."""
    action = request.form.get("action", "")
    try:
        if action in ("take", "release", "take-over"):
            return _hold(number, action)
        said = _decide(number, action)
        if action == "draft":
            return redirect(_editor(number))
    except ContextError as error:
        return _item(number, as_sentence(error), 422)
    flash(said)
    return redirect(url_for("admin.show_queue", kind=request.args.get("kind") or None))


def _editor(number: int) -> str:
    """Return the address of the editor of the claim that an item is about."""
    with read(services().engine) as connection:
        item = queue.get(connection, number)
    return url_for("admin.claim", claim_id="" if item is None else item.claim_id)


def _hold(number: int, action: str) -> BaseResponse:
    by = me().name
    with services().engine.begin() as connection:
        item = _open(connection, number)
        if action == "take" and not queue.take(connection, number, by=by):
            raise CommandError("somebody else took it meanwhile")
        if action == "take-over":
            if not has_role(Role.REVIEWER):
                raise CommandError("only a reviewer takes over what somebody else works on")
            queue.release(connection, number)
            queue.take(connection, number, by=by)
        if action == "release":
            if item.taken_by != by and not has_role(Role.REVIEWER):
                raise CommandError("only who took it gives it back")
            queue.release(connection, number)
    return redirect(url_for("admin.show_item", number=number))


def _decide(number: int, action: str) -> str:
    """Do what the form says and return what was done; raises ContextError where it cannot be."""
    by = me().name
    with services().engine.begin() as connection:
        item = _open(connection, number)
        if item.taken_by not in (None, by):
            raise CommandError(f"{item.taken_by} works on it")
        if action == "answer" and item.kind in OF_READERS and item.flag is not None:
            return _answer(connection, item, item.flag)
        if action == "accept" and item.kind == OF_FEEDS:
            if not has_role(Role.REVIEWER):
                raise CommandError("only a reviewer publishes; take it as a draft")
            if not subscriptions.accept(connection, number, made_by=by):
                raise CommandError("it is decided already")
            return "Published."
        if action == "draft" and item.kind == OF_FEEDS and item.payload is not None:
            return _draft(connection, item)
        if action in ("done", "dismissed") and item.kind not in OF_READERS:
            reason = forms.text("reason", called="the reason", most=LONGEST_REASON)
            queue.decide(connection, number, state=action, by=by, decision=reason)
            return "Done." if action == "done" else "Dismissed."
    raise CommandError("this form says nothing that is known")


def _open(connection: Connection, number: int) -> QueueItem:
    item = queue.get(connection, number) if number < 2**31 else None
    if item is None:
        abort(404)
    if item.state != queue.OPEN:
        raise CommandError("it is decided already")
    return item


def _answer(connection: Connection, item: QueueItem, flag: int) -> str:
    """Answer a reader; the reason is what the public log shows."""
    try:
        decision = FlagDecision(request.form.get("decision", ""))
    except ValueError:
        raise CommandError("the decision is missing") from None
    unanswered = decision is FlagDecision.UNANSWERED
    reason = forms.text(
        "reason", called=None if unanswered else "the public reason", most=LONGEST_REASON
    )
    flags.decide(
        connection,
        flag,
        decision=decision.value,
        reason=reason,
        by=me().name,
        state=FlagState.CLOSED if unanswered else FlagState.ANSWERED,
    )
    queue.decide(
        connection,
        item.number,
        state="dismissed" if unanswered else "done",
        by=me().name,
        decision=decision.value,
    )
    return "Closed without an answer." if unanswered else "Answered."


def _draft(connection: Connection, item: QueueItem) -> str:
    """Make what a feed brought a draft, beside what is public."""
    claim = claim_from_dict(dict(item.payload or {}))
    held = drafts.find(connection, claim.id)
    if held is not None and held.stage in ("draft", "in_review"):
        raise CommandError("the claim has a draft already; finish that first")
    drafts.save_draft(
        connection,
        claim,
        seen=None if held is None else held.newest.revision,
        made_by=me().name,
        reason=f"from the queue: {item.reason}"[:500],
    )
    queue.decide(connection, item.number, state="done", by=me().name, decision="taken as a draft")
    return "It is a draft now."


def rows_of(connection: Connection, items: list[QueueItem]) -> list[Row]:
    """Return items with what they are about, as lists show them."""
    texts = claims.texts(connection, [i.claim_id for i in items if i.claim_id is not None])
    sent = flags.many(connection, [i.flag for i in items if i.flag is not None])
    return [
        Row(
            item=item,
            claim=texts.get(item.claim_id or "") or str((item.payload or {}).get("text", "")),
            flag=sent.get(item.flag or 0),
        )
        for item in items
    ]


def _changes(item: QueueItem, held: Mapping[str, Any] | None) -> tuple[Change, ...]:
    """Return the fields in which what an item brings differs from what is held."""
    if item.payload is None or "text" not in item.payload:
        return ()
    return diff(held, item.payload)
