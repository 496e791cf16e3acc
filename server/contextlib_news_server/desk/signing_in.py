"""Signing in, the second factor, signing out, and the one-time links."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError
from contextlib_news_server.desk.access import (
    bp,
    hold_session,
    leave_session,
    me,
    needs,
    page,
)
from contextlib_news_server.desk.unsent import is_inside, unsent
from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import invitations, second_factor, sessions, users
from contextlib_news_server.store.database import read
from contextlib_news_server.store.invitations import Purpose
from contextlib_news_server.store.users import Role, SignIn

__all__ = ["give_code", "join", "sign_in", "sign_out"]

# One sentence for a wrong name and a wrong password: which it was is nobody's business.
WRONG = "The name or the password is wrong."
WRONG_CODE = "This code is not right, or it was used already."
LOCKED = "Too many wrong tries; the account opens again after a while."


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> BaseResponse:
    """Ask for name and password."""
    if request.method == "GET":
        return page("sign_in.html", next=_safe_next())
    name = request.form.get("name", "")[:200]
    outcome, user = users.check_password(
        services().engine,
        name,
        request.form.get("password", "")[:1_000],
        address=request.remote_addr,
    )
    if outcome is not SignIn.RIGHT or user is None:
        message = LOCKED if outcome is SignIn.LOCKED else WRONG
        return page("sign_in.html", 403, message=message, next=_safe_next(), name=name)
    with services().engine.begin() as connection:
        sessions.sweep(connection)
        secret = sessions.begin(connection, user.number, confirmed=not user.second_factor)
    following = _safe_next()
    form = unsent()
    hold_session(secret)
    if user.second_factor:
        if form:
            return page("code.html", unsent_form=form)
        return redirect(url_for("admin.give_code", next=following))
    if form:
        return page("send_again.html", unsent_form=form)
    return redirect(following or url_for("admin.start"))


@bp.route("/code", methods=["GET", "POST"])
def give_code() -> BaseResponse:
    """Ask for the code of the second factor."""
    half = g.desk_half
    if half is None or half.confirmed or not half.second_factor:
        return redirect(url_for("admin.start" if g.desk_session else "admin.sign_in"))
    if request.method == "GET":
        return page("code.html", next=_safe_next())
    with services().engine.begin() as connection:
        right = second_factor.check(connection, half.user, request.form.get("code", "")[:20])
        outcome = users.settle_code(connection, half.user, right)
        if right:
            secret = sessions.confirm(connection, half)
        elif outcome is SignIn.LOCKED:
            sessions.end(connection, half)
    if not right:
        return page(
            "code.html", 403, message="This code is not right, or was used.", next=_safe_next()
        )
    following, form = _safe_next(), unsent()
    hold_session(secret)
    if form:
        return page("send_again.html", unsent_form=form)
    return redirect(following or url_for("admin.start"))


@bp.post("/sign-out")
@needs(Role.CONTRIBUTOR)
def sign_out() -> BaseResponse:
    """End the session."""
    with services().engine.begin() as connection:
        sessions.end(connection, me())
    leave_session()
    return redirect(url_for("admin.sign_in"))


@bp.route("/join/<secret>", methods=["GET", "POST"])
def join(secret: str) -> BaseResponse:
    """Let somebody join, or set a new password, by a link that works once."""
    with read(services().engine) as connection:
        invitation = invitations.find(connection, secret)
    if invitation is None:
        raise Problem(404, "This link was used, or it is too old; ask for a new one.")
    if request.method == "GET":
        return page("join.html", invitation=invitation, shortest=users.SHORTEST_PASSWORD)
    password = request.form.get("password", "")
    name = invitation.name or request.form.get("name", "").strip()
    message = ""
    if password != request.form.get("again", ""):
        message = "The two passwords are not the same."
    else:
        try:
            with services().engine.begin() as connection:
                if invitation.purpose is Purpose.RESET and invitation.name is not None:
                    users.set_password(connection, name, password, made_by=name)
                else:
                    role = invitation.role or Role.CONTRIBUTOR
                    users.add(connection, name, role=role, password=password, made_by=name)
                if not invitations.use(connection, secret):
                    raise Problem(404, "This link was used meanwhile.")
        except CommandError as error:
            message = str(error)
    if message:
        shortest = users.SHORTEST_PASSWORD
        return page(
            "join.html",
            422,
            invitation=invitation,
            message=message,
            shortest=shortest,
            name=name,
        )
    leave_session()
    return redirect(url_for("admin.sign_in"))


def _safe_next() -> str | None:
    """Return the page of the desk to go to next; an address elsewhere is none."""
    path = request.values.get("next", "")
    return path[:2_000] if is_inside(path) else None
