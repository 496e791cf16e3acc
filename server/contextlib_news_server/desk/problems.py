"""What went wrong at the desk, as a page that a person can read."""

from __future__ import annotations

from flask import Response, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import ContextError
from contextlib_news_server.desk.access import (
    FORM_FIELD,
    SignedOutError,
    bp,
    holds_form_token,
    page,
)
from contextlib_news_server.desk.unsent import unsent
from contextlib_news_server.errors import Problem, as_sentence, describe_problem
from contextlib_news_server.store.drafts import StateError
from contextlib_news_server.store.merge import ConflictError

__all__ = ["conflict", "problem", "refused", "signed_out"]

# What the remedies of the API say to programs is said to people in other words.
TITLES = {
    403: "Not allowed",
    404: "Nothing here",
    409: "It changed meanwhile",
    413: "Too large",
    422: "Something is missing or wrong",
}
SAID = {
    400: "The form could not be read.",
    403: "This needs another role, or the form is too old; load its page again.",
    404: "There is nothing here.",
    405: "This page takes no such form.",
    413: "This is too large.",
}


@bp.errorhandler(SignedOutError)
def signed_out(error: SignedOutError) -> BaseResponse:
    """Ask to sign in where a form came without; what was typed in it goes along."""
    if unsent():
        said = "You were signed out meanwhile. What you typed is kept: sign in, and send it then."
        return page("sign_in.html", 403, message=said)
    if holds_form_token(request.form.get(FORM_FIELD, "")):
        step = "sign_in" if g.desk_half is None else "give_code"
        return redirect(url_for(f"admin.{step}"))
    return _page(error.status, error.detail)


@bp.errorhandler(ConflictError)
@bp.errorhandler(StateError)
def conflict(error: ContextError) -> Response:
    """Say that somebody was faster, or that there is no such step from here."""
    if isinstance(error, ConflictError):
        return _page(409, "Somebody else changed it meanwhile. Look at it as it stands now first.")
    return _page(409, as_sentence(error))


@bp.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """Show what a view refused, and why."""
    return _page(error.status, error.detail)


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Show what was refused before a view was asked."""
    return _page(error.code or 500, "")


def _page(status: int, detail: str) -> Response:
    title = TITLES.get(status) or describe_problem(status)["title"]
    return page(
        "problem.html",
        status,
        title=title,
        detail=detail or SAID.get(status, ""),
        # Sending the same again is offered where it was the form's token that did not hold.
        passes=status == 403 and not holds_form_token(request.form.get(FORM_FIELD, "")),
        claim_id=None if status == 404 else (request.view_args or {}).get("claim_id"),
    )
