"""Who may open which page of the desk: a table, and one that is not in it is closed.

The browser holds a signed cookie with the secret of the session and the token of its forms. Both
are made anew at each step of signing in, so that a cookie planted before is worth nothing after.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import sessions
from contextlib_news_server.store.database import read
from contextlib_news_server.store.sessions import Session
from contextlib_news_server.store.uploads import LARGEST_BYTES
from contextlib_news_server.store.users import Role

__all__ = [
    "FORM_FIELD",
    "OPEN",
    "ROLES",
    "SignedOutError",
    "bp",
    "form_token",
    "has_role",
    "hold_session",
    "holds_form_token",
    "leave_session",
    "me",
    "needs",
    "page",
]

View = TypeVar("View", bound=Callable[..., BaseResponse])

bp = Blueprint("admin", __name__, url_prefix="/admin")

ORDER = (Role.CONTRIBUTOR, Role.CURATOR, Role.REVIEWER, Role.ADMINISTRATOR)

# What a page needs at least. A view adds itself here by ``needs``.
ROLES: dict[str, Role] = {}

# Pages for those who are not signed in yet.
OPEN = frozenset({"admin.sign_in", "admin.give_code", "admin.join"})

FORM_FIELD = "form_token"
MAX_FORM_BYTES = 2 * 1024 * 1024

# Forms that take a file, and how large its request may be; read by those alone who may send it.
MAX_FILE_BYTES = {"admin.add_upload": LARGEST_BYTES + 64 * 1024}


class SignedOutError(Problem):
    """A form was sent by a browser that is not signed in, or no more."""


def needs(role: Role) -> Callable[[View], View]:
    """Return a decorator that puts a view into the table; it goes below the route."""

    def put(view: View) -> View:
        ROLES[f"admin.{view.__name__}"] = role
        return view

    return put


def has_role(role: Role) -> bool:
    """Say whether who is signed in may do what a role may."""
    held: Session | None = g.get("desk_session")
    return held is not None and ORDER.index(held.role) >= ORDER.index(role)


def me() -> Session:
    """Return who is signed in; a view of the desk is not reached without."""
    held: Session = g.desk_session
    return held


def form_token() -> str:
    """Return the token that forms of this browser carry."""
    if "form_token" not in session:
        session["form_token"] = secrets.token_urlsafe(24)
    token: str = session["form_token"]
    return token


def holds_form_token(given: str) -> bool:
    """Say whether this is the token that forms of this browser carry."""
    held = session.get("form_token", "")
    return bool(held) and hmac.compare_digest(given.encode("utf-8", "replace"), held.encode())


def hold_session(secret: str) -> None:
    """Let the browser hold a session, with nothing of what it held before."""
    session.clear()
    session["desk"] = secret
    form_token()


def leave_session() -> None:
    """Let the browser forget its session."""
    session.clear()


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page of the desk."""
    html = render_template(f"desk/{template}", me=g.get("desk_session"), roles=Role, **values)
    response = Response(html, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.before_request
def check() -> BaseResponse | None:
    """Hold every request to the table, to a session, and every form to its token."""
    endpoint = request.endpoint or ""
    held = _session()
    whole = held is not None and (held.confirmed or not held.second_factor)
    g.desk_session = held if whole else None
    g.desk_half = held
    # Plain forms are read whole, so their size is bounded before; uploads have another type.
    if request.mimetype == "application/x-www-form-urlencoded":
        most = request.max_content_length
        request.max_content_length = min(MAX_FORM_BYTES, most or MAX_FORM_BYTES)
    elif endpoint in MAX_FILE_BYTES and has_role(ROLES[endpoint]):
        request.max_content_length = MAX_FILE_BYTES[endpoint]
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        holds = holds_form_token(request.form.get(FORM_FIELD, ""))
        if g.desk_session is None and endpoint in ROLES:
            raise SignedOutError(403, "You are not signed in.")
        if not holds:
            raise Problem(
                403,
                "This form is from before you signed in last, or was not made for you. Send it "
                "again from here where that is offered, or load its page again.",
            )
    if endpoint in OPEN:
        return None
    role = ROLES.get(endpoint)
    if role is None:
        raise Problem(403)
    if g.desk_session is None:
        if held is not None:
            return redirect(url_for("admin.give_code"))
        return redirect(url_for("admin.sign_in", next=request.full_path.rstrip("?")))
    if not has_role(role):
        raise Problem(403, f"This needs the role of {role}.")
    with services().engine.begin() as connection:
        sessions.see(connection, g.desk_session)
    return None


@bp.teardown_request
def close_files(_: BaseException | None) -> None:
    """Close the files of a form; large ones lie on disk until then."""
    request.close()


@bp.app_context_processor
def give_form_token() -> dict[str, Any]:
    """Let every template write the token of its forms."""
    return {"form_token": form_token, "has_role": has_role}


def _session() -> Session | None:
    secret = session.get("desk")
    if not isinstance(secret, str):
        return None
    with read(services().engine) as connection:
        return sessions.find(connection, secret)
