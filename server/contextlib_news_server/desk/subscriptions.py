"""Subscriptions: feeds that are followed, how they do, and the hosts that may be asked."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError
from contextlib_news_server.config import PREFIX
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.fetching import build_fetcher
from contextlib_news_server.following import Followed, follow
from contextlib_news_server.services import services
from contextlib_news_server.store import subscriptions
from contextlib_news_server.store.database import read
from contextlib_news_server.store.subscriptions import FeedForm, Subscription
from contextlib_news_server.store.users import Role

__all__ = ["change_subscription", "show_subscriptions"]

PAGE = 50
LONGEST_HOURS = 30 * 24


@bp.get("/subscriptions")
@needs(Role.CURATOR)
def show_subscriptions() -> BaseResponse:
    """Show the feeds that are followed, and the form for one more."""
    return _subscriptions()


def _subscriptions(
    message: str = "",
    status: int = 200,
    outcome: tuple[Subscription, Followed] | None = None,
) -> BaseResponse:
    config = services().config
    with read(services().engine) as connection:
        found = subscriptions.listed(connection, after=forms.name_before(), limit=PAGE + 1)
    listed = found[:PAGE]
    return page(
        "subscriptions.html",
        status,
        message=message,
        listed=listed,
        following=listed[-1].name if len(found) > PAGE else None,
        outcome=outcome,
        hosts=(*config.fetch_hosts, *config.fetch_private_hosts),
        setting=f"{PREFIX}FETCH_HOSTS",
        complete=FeedForm.COMPLETE,
        latest=FeedForm.LATEST,
        typed=request.form,
    )


@bp.post("/subscriptions")
@needs(Role.REVIEWER)
def change_subscription() -> BaseResponse:
    """Follow a feed, ask it now, or follow it no more."""
    action = request.form.get("action")
    try:
        name = forms.line("name", called="the name", most=200)
        if action == "add":
            _add(name)
            flash(f"{name} is followed; it is asked soon.")
        elif action == "run":
            return _run(name)
        elif action == "end":
            with services().engine.begin() as connection:
                if not subscriptions.end(connection, name, made_by=me().name):
                    raise CommandError("no feed of this name is followed")
            flash(f"{name} is followed no more; what it brought stays.")
        else:
            raise CommandError("this form says nothing that is known")
    except CommandError as error:
        return _subscriptions(as_sentence(error), 422)
    return redirect(url_for("admin.show_subscriptions"))


def _add(name: str) -> None:
    address = forms.address("address", called="the address")
    if address is None:
        raise CommandError("the address is missing")
    if not build_fetcher(services().config).allows(address):
        raise CommandError(
            f"its host is not on the allow-list; the administrator of this machine names it in "
            f"{PREFIX}FETCH_HOSTS"
        )
    hours = forms.whole("hours", called="the hours", least=1, most=LONGEST_HOURS) or 24
    form = FeedForm.LATEST if request.form.get("form") == FeedForm.LATEST else FeedForm.COMPLETE
    with services().engine.begin() as connection:
        held = subscriptions.get(connection, name)
        if held is not None and held.enabled:
            raise CommandError("a feed of this name is followed already; end that first")
        subscriptions.add(
            connection,
            name,
            address,
            made_by=me().name,
            every_seconds=hours * 3600,
            publish=request.form.get("publish") == "yes",
            form=form,
            licence=forms.line("licence") or None,
        )


def _run(name: str) -> BaseResponse:
    """Ask a feed once, as the service does when its time has come, and show what it brought."""
    with services().engine.begin() as connection:
        held = subscriptions.get(connection, name)
        if held is None or not held.enabled:
            raise CommandError("no feed of this name is followed")
        if not subscriptions.take(connection, held):
            raise CommandError("it is asked at this moment; look again later")
    followed = follow(services().engine, held, build_fetcher(services().config))
    return _subscriptions(outcome=(held, followed))
