"""One's own account, and for administrators everybody's: invitations, roles, tokens, sign-ins."""

from __future__ import annotations

import io

import segno
from flask import redirect, request, session, url_for
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import invitations, second_factor, sessions, tokens, users
from contextlib_news_server.store.database import read
from contextlib_news_server.store.invitations import Purpose
from contextlib_news_server.store.tables import sign_ins
from contextlib_news_server.store.tokens import Scope
from contextlib_news_server.store.users import Role, SignIn

__all__ = ["account", "change_account", "change_person", "change_tokens", "people"]

PAGE = 100
SIGN_INS_SHOWN = 50


@bp.get("/account")
@needs(Role.CONTRIBUTOR)
def account() -> BaseResponse:
    """Show one's own account."""
    return _account()


def _account(message: str = "", status: int = 200) -> BaseResponse:
    secret = address = square = None
    if not me().second_factor:
        # Held by the browser's signed cookie until a code proves that the app has it.
        secret = session.setdefault("new_factor", second_factor.new_secret())
        address = second_factor.address_of(secret, me().name)
        out = io.BytesIO()
        segno.make(address, error="m").save(
            out, kind="svg", scale=5, border=2, xmldecl=False, svgclass=None, lineclass=None
        )
        square = Markup(out.getvalue().decode("ascii"))  # noqa: S704  # made by the library alone
    return page(
        "account.html", status, message=message, secret=secret, address=address, square=square
    )


@bp.post("/account")
@needs(Role.CONTRIBUTOR)
def change_account() -> BaseResponse:
    """Change the password, set or remove the second factor, or end other sessions."""
    action = request.form.get("action")
    held = me()
    with services().engine.begin() as connection:
        if action == "other-sessions":
            sessions.end_others(connection, held)
            return redirect(url_for("admin.account"))
        if action == "second-factor":
            secret = session.get("new_factor", "")
            code = request.form.get("code", "")[:20]
            if not secret or not second_factor.set_secret(connection, held.user, secret, code):
                return _account("This code is not right; the square is still the same.", 422)
            session.pop("new_factor", None)
            session["desk"] = sessions.confirm(connection, held)
            return redirect(url_for("admin.account"))
    if action in ("password", "remove-factor"):
        return _change_with_password(action)
    raise Problem(422, "This form says nothing that is known.")


def _change_with_password(action: str) -> BaseResponse:
    """Do what only the person may do who knows the password, not one who found the desk open."""
    held = me()
    outcome, _ = users.check_password(
        services().engine,
        held.name,
        request.form.get("current", "")[:1_000],
        address=request.remote_addr,
    )
    if outcome is not SignIn.RIGHT:
        return _account("The current password is wrong.", 403)
    try:
        with services().engine.begin() as connection:
            if action == "remove-factor":
                second_factor.remove(connection, held.user)
            else:
                new = request.form.get("password", "")
                if new != request.form.get("again", ""):
                    return _account("The two new passwords are not the same.", 422)
                users.set_password(connection, held.name, new, made_by=held.name)
                session["desk"] = sessions.begin(connection, held.user, confirmed=held.confirmed)
    except CommandError as error:
        return _account(str(error), 422)
    return redirect(url_for("admin.account"))


@bp.get("/people")
@needs(Role.ADMINISTRATOR)
def people() -> BaseResponse:
    """Show who works here, the tokens, and who signed in."""
    return _people()


def _people(message: str = "", link: str = "", secret: str = "", status: int = 200) -> BaseResponse:
    with read(services().engine) as connection:
        everybody = users.listed(connection, after=forms.name_before(), limit=PAGE + 1)
        held = tokens.listed(connection, after=forms.cursor("token"), limit=PAGE + 1)
        tries = connection.execute(
            select(sign_ins).order_by(sign_ins.c.number.desc()).limit(SIGN_INS_SHOWN)
        ).all()
    return page(
        "people.html",
        status,
        everybody=everybody[:PAGE],
        next_people=everybody[PAGE - 1].name if len(everybody) > PAGE else None,
        tokens=held[:PAGE],
        next_tokens=held[PAGE - 1].number if len(held) > PAGE else None,
        tries=tries,
        scopes=Scope,
        message=message,
        link=link,
        secret=secret,
    )


@bp.post("/people")
@needs(Role.ADMINISTRATOR)
def change_person() -> BaseResponse:
    """Invite somebody, or change what a person may do."""
    form, by = request.form, me().name
    action, name = form.get("action"), form.get("name", "")
    try:
        with services().engine.begin() as connection:
            if action == "invite":
                secret = invitations.make(
                    connection, Purpose.JOIN, made_by=by, role=_role(form.get("role"))
                )
                return _people(link=url_for("admin.join", secret=secret, _external=True))
            user = users.get(connection, name)
            if user is None:
                raise CommandError("there is nobody of this name")
            if action == "reset":
                secret = invitations.make(connection, Purpose.RESET, made_by=by, user=user.number)
                return _people(link=url_for("admin.join", secret=secret, _external=True))
            if name == by:
                raise CommandError("nobody changes their own role or shuts themselves out")
            if action == "role":
                users.set_role(connection, name, _role(form.get("role")), made_by=by)
            elif action in ("disable", "enable"):
                users.set_disabled(connection, name, action == "disable", made_by=by)
            elif action == "remove-factor":
                second_factor.remove(connection, user.number)
            else:
                raise CommandError("this form says nothing that is known")
    except CommandError as error:
        return _people(str(error), status=422)
    return redirect(url_for("admin.people"))


@bp.post("/tokens")
@needs(Role.ADMINISTRATOR)
def change_tokens() -> BaseResponse:
    """Make a token, shown once, or revoke one."""
    form = request.form
    try:
        with services().engine.begin() as connection:
            if form.get("action") == "revoke":
                if not tokens.revoke(connection, _whole(form.get("number"), "the number") or 0):
                    raise CommandError("there is no such token that holds")
                return redirect(url_for("admin.people"))
            secret = tokens.add(
                connection,
                form.get("name", ""),
                form.getlist("scope"),
                made_by=me().name,
                days=_whole(form.get("days"), "days"),
                quota=_whole(form.get("quota"), "quota"),
            )
    except CommandError as error:
        return _people(str(error), status=422)
    return _people(secret=secret)


def _role(said: str | None) -> Role:
    try:
        return Role(said or "")
    except ValueError:
        raise CommandError("there is no such role") from None


def _whole(said: str | None, name: str) -> int | None:
    if not said:
        return None
    number = forms.number_of(said)
    if number is None:
        raise CommandError(f"{name} must be a whole number")
    return number
