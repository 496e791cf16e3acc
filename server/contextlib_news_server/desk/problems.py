"""What went wrong at the desk, as a page that a person can read."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import HTTPException

from contextlib_news_server.desk.access import bp, page
from contextlib_news_server.errors import Problem, describe_problem

__all__ = ["problem", "refused"]

# What the remedies of the API say to programs is said to people in other words.
SAID = {
    400: "The form could not be read.",
    403: "This needs another role, or the form is too old; load its page again.",
    404: "There is nothing here.",
    405: "This page takes no such form.",
    413: "This is too large.",
}


@bp.errorhandler(Problem)
def problem(error: Problem) -> Response:
    """Show what a view refused, and why."""
    return _page(error.status, error.detail)


@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Show what was refused before a view was asked."""
    return _page(error.code or 500, "")


def _page(status: int, detail: str) -> Response:
    title = describe_problem(status)["title"]
    return page("problem.html", status, title=title, detail=detail or SAID.get(status, ""))
