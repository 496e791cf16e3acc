"""Many matters of the queue closed at once: spam, abuse, what says nothing; and opened again."""

from __future__ import annotations

from flask import request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError, ContextError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.queue import KINDS, LONGEST_REASON, OF_READERS, PAGE, rows_of
from contextlib_news_server.errors import Problem, as_sentence
from contextlib_news_server.services import services
from contextlib_news_server.store import flags, queue
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import FlagDecision, FlagState
from contextlib_news_server.store.queue import QueueItem
from contextlib_news_server.store.users import Role

__all__ = ["clear_queue"]


@bp.post("/queue/clear")
@needs(Role.CURATOR)
def clear_queue() -> BaseResponse:
    """Show what would be closed; with a yes, close it; or open again what was closed so."""
    action = request.form.get("action", "look")
    try:
        numbers = _numbers()
        if action == "close":
            return _close(numbers)
        if action == "reopen":
            return _reopen(numbers)
        if action != "look":
            raise CommandError("this form says nothing that is known")
        return _look(numbers)
    except ContextError as error:
        raise Problem(422, as_sentence(error)) from None


def _look(numbers: list[int]) -> BaseResponse:
    with read(services().engine) as connection:
        items = _open_items(connection, numbers)
        able = [item for item in items if item.taken_by in (None, me().name)]
        rows = rows_of(connection, able)
    return page(
        "queue_clear.html",
        rows=rows,
        kinds=KINDS,
        taken=len(items) - len(able),
        needs_reason=any(item.kind not in OF_READERS for item in able),
        closed=None,
    )


def _close(numbers: list[int]) -> BaseResponse:
    by, closed = me().name, []
    reason = forms.text("reason", called=None, most=LONGEST_REASON)
    with services().engine.begin() as connection:
        for item in _open_items(connection, numbers):
            if item.taken_by not in (None, by):
                continue
            if item.kind not in OF_READERS and not reason:
                raise CommandError("say why; what no reader sent is dismissed with a reason")
            decision = FlagDecision.UNANSWERED.value if item.kind in OF_READERS else reason
            if not queue.decide(
                connection, item.number, state="dismissed", by=by, decision=decision
            ):
                continue
            if item.flag is not None:
                flags.decide(
                    connection,
                    item.flag,
                    decision=FlagDecision.UNANSWERED.value,
                    reason=reason,
                    by=by,
                    state=FlagState.CLOSED,
                )
            closed.append(item)
        rows = rows_of(connection, closed)
    return page("queue_clear.html", rows=rows, kinds=KINDS, closed=closed)


def _reopen(numbers: list[int]) -> BaseResponse:
    opened = 0
    with services().engine.begin() as connection:
        for number in numbers:
            item = queue.get(connection, number)
            if item is None or item.state != "dismissed":
                continue
            if item.decided_by != me().name and not has_role(Role.REVIEWER):
                continue
            if queue.reopen(connection, number):
                opened += 1
                if item.flag is not None:
                    flags.reopen(connection, item.flag)
    if not opened:
        raise CommandError("none of them can be opened again")
    return page("queue_clear.html", rows=[], kinds=KINDS, closed=[], opened=opened)


def _open_items(connection: Connection, numbers: list[int]) -> list[QueueItem]:
    found = (queue.get(connection, number) for number in numbers)
    items = [item for item in found if item is not None and item.state == queue.OPEN]
    if not items:
        raise CommandError("nothing that waits was chosen")
    return items


def _numbers() -> list[int]:
    said = request.form.getlist("item")[:PAGE]
    return [number for each in said if (number := forms.number_of(each)) is not None]
