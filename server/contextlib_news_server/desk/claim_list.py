"""The list of claims: searched, filtered, paged by key, and its filters kept under names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.desk.claim_offers import offered
from contextlib_news_server.errors import Problem, as_sentence
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import bulk, views
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.listings import ClaimQuery, Order, list_claims
from contextlib_news_server.store.users import Role

__all__ = ["asked_for", "change_views", "claims", "order_of", "query_of"]

A_PAGE = 50
LONGEST = 600
FILTERS = ("text", "language", "topic", "publisher", "stage", "order")

Asked = Mapping[str, str | None]


@bp.get("/claims")
@needs(Role.CONTRIBUTOR)
def claims() -> BaseResponse:
    """Show the claims that fit the filters, the last worked on first."""
    return _claims(asked_for(request.args), _said(request.args, "after"))


def _claims(
    asked: Asked, after: str | None = None, message: str = "", status: int = 200
) -> BaseResponse:
    query, order = query_of(asked), order_of(asked)
    try:
        with read(services().engine) as connection:
            found = list_claims(connection, query, order=order, after=after, limit=A_PAGE)
            kept_views = views.listed(connection, me().user)
    except ValueError:
        raise Problem(422, "This is not where a page of this list ended.") from None
    kept = {name: value for name, value in asked.items() if value}
    return page(
        "claims.html",
        status,
        message=message,
        found=found,
        asked=asked,
        after=after,
        kept=kept,
        states=ClaimState,
        views=kept_views,
        here=next((view for view in kept_views if view.filters == kept), None),
        longest_name=views.LONGEST_NAME,
        most=bulk.MOST,
        offers=offered(),
    )


@bp.post("/claims/views")
@needs(Role.CONTRIBUTOR)
def change_views() -> BaseResponse:
    """Keep the filters of the list under a name, or take a name away."""
    asked = asked_for(request.form)
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    action = request.form.get("action")
    try:
        with services().engine.begin() as connection:
            if action == "keep":
                name = forms.line("name", called="the name", most=views.LONGEST_NAME)
                views.keep(connection, me().user, name, kept)
            elif action == "remove":
                views.remove(connection, me().user, forms.whole("view", called="the view") or 0)
            else:
                raise CommandError("this form says nothing that is known")
    except CommandError as error:
        return _claims(asked, message=as_sentence(error), status=422)
    return redirect(url_for("admin.claims", **kept))


def asked_for(said: Mapping[str, str]) -> Asked:
    """Return the filters that an address or a form gives; raises Problem for what is none."""
    asked = {name: _said(said, name) for name in FILTERS}
    if asked["stage"] and asked["stage"] not in tuple(ClaimState):
        raise Problem(422, "There is no such state.")
    if asked["order"] and asked["order"] != Order.VALID_UNTIL.value:
        asked["order"] = None
    return asked


def query_of(asked: Asked) -> ClaimQuery:
    """Return the query that filters ask for."""
    return ClaimQuery(
        stage=ClaimState(asked["stage"]) if asked["stage"] else None,
        text=asked["text"],
        language=asked["language"],
        topic=asked["topic"],
        publisher=asked["publisher"],
    )


def order_of(asked: Asked) -> Order:
    """Return the order that filters ask for."""
    return Order(asked["order"]) if asked["order"] else Order.TOUCHED


def _said(said: Mapping[str, str], name: str) -> str | None:
    """Return a filter, None where it is empty; what no database keeps fits nothing."""
    value = said.get(name, "")[:LONGEST]
    value = value if name == "text" else value.strip()
    if not value.strip():
        return None
    if not is_keepable(value):
        raise Problem(422, "A filter holds a null character or half a character.")
    return value
