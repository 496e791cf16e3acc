"""Every error as a problem document (RFC 9457), with a stable type and a remedy."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, has_request_context, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from contextlib_news.errors import ContextError, InvalidPageError
from contextlib_news_server.matcher import StaleIndexError
from contextlib_news_server.schemas import InvalidFieldsError
from contextlib_news_server.services import services
from contextlib_news_server.store.drafts import StateError
from contextlib_news_server.store.merge import ConflictError

__all__ = ["Problem", "as_sentence", "describe_problem", "install"]

MEDIA_TYPE = "application/problem+json"
# Where only programs ask; whatever they accept, a problem is a problem document.
MACHINES = ("/api/", "/v1alpha1/", "/openapi.json", "/metrics", "/healthz", "/readyz")
BASE = "urn:contextlib-news:problem:"

_REMEDIES = {
    400: "Send a JSON object in UTF-8.",
    401: "Sign in, or send a token.",
    403: "This needs another role or an allowed origin.",
    404: "Nothing is kept under this address; see /openapi.json for those there are.",
    405: "This address takes another method; the Allow header says which.",
    409: "Somebody else changed it meanwhile; read it again and repeat the change.",
    413: "Send less: the text blocks of the article alone are enough.",
    415: "Send application/json.",
    422: "Correct the fields named under 'errors'.",
    429: "Wait as long as Retry-After says.",
    500: "The fault is on this side; the log of the service has the details.",
    503: "Try again in a moment.",
}

# States of PostgreSQL that pass and that its driver does not count as operational: it takes no
# writes (a standby, an administrator's wish), or another transaction was in the way.
_PASSING = frozenset({"25006", "40001", "40P01"})

# The same where a person reads it in a browser, beside the detail.
_FOR_PEOPLE = {
    404: "Nothing is kept under this address.",
    429: "Many requests came from where you are. Please try again a little later.",
    500: "The fault is on this side, and it is in the log. Please try again a little later.",
    503: "Please try again in a moment.",
}

log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818  # the word of RFC 9457
    """An answer that says what is wrong and what to do about it."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after


def as_sentence(error: Exception) -> str:
    """Return the message of an error of the library as a sentence for people."""
    message = str(error)
    return f"{message[:1].upper()}{message[1:]}."


def install(app: Flask) -> None:
    """Answer every error of the application with a problem document."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        response = answer(error.status, error.detail, errors=error.errors)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(InvalidFieldsError)
    def invalid_fields(error: InvalidFieldsError) -> Response:
        return answer(422, errors=[{"field": f, "detail": d} for f, d in error.errors])

    @app.errorhandler(InvalidPageError)
    def invalid_page(error: InvalidPageError) -> Response:
        return answer(422, str(error), errors=[{"field": "page", "detail": str(error)}])

    @app.errorhandler(ConflictError)
    @app.errorhandler(StateError)
    def conflict(error: ContextError) -> Response:
        return answer(409, as_sentence(error))

    @app.errorhandler(ContextError)
    def library(error: ContextError) -> Response:
        return answer(422, str(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        response = answer(error.code or 500)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After", "WWW-Authenticate"):
                response.headers[name] = value
        return response

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeoutError)
    def database(error: OperationalError | PoolTimeoutError) -> Response:
        # Locked, full, gone: what a moment or an administrator mends, not a fault of the request.
        log.error("the database cannot be used: %s", type(_cause(error)).__name__)
        return answer(503, "The database cannot be used at the moment.")

    @app.errorhandler(DBAPIError)
    def driver(error: DBAPIError) -> Response:
        if getattr(error.orig, "sqlstate", None) not in _PASSING:
            return unexpected(error)
        log.error("the database cannot be used: %s", type(error.orig).__name__)
        return answer(503, "The database cannot be used at the moment.")

    @app.errorhandler(StaleIndexError)
    def stale(error: StaleIndexError) -> Response:
        log.error("the index is not shown: %s", error)
        return answer(503, "The database cannot be read, so that notes may be out of date.")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        if services().matcher.mend():
            return answer(503, "The index is being read again.")
        log.exception("unexpected %s", type(error).__name__)
        return answer(500)


def _cause(error: OperationalError | PoolTimeoutError) -> BaseException:
    return getattr(error, "orig", None) or error


def answer(status: int, detail: str = "", *, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """Return a problem document as a response."""
    problem = describe_problem(status, detail, errors=errors)
    if _is_read_by_a_person():
        words = " ".join(filter(None, (detail, _FOR_PEOPLE.get(status, ""))))
        html = render_template("problem.html", problem=problem, words=words)
        response = Response(html, status=status, content_type="text/html; charset=utf-8")
    else:
        response = Response(json.dumps(problem), status=status, content_type=MEDIA_TYPE)
    if status == 503:
        response.headers["Retry-After"] = "1"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _is_read_by_a_person() -> bool:
    """Say whether a browser shows the answer: programs name other kinds, or take any."""
    return (
        has_request_context()
        and not request.path.startswith(MACHINES)
        and any(kind == "text/html" and weight > 0 for kind, weight in request.accept_mimetypes)
    )


def describe_problem(
    status: int, detail: str = "", *, errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Return a problem document: its stable type, title, status, detail and wrong fields."""
    phrase = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": BASE + phrase.lower().replace(" ", "-"),
        "title": phrase,
        "status": status,
        "detail": " ".join(filter(None, (detail, _REMEDIES.get(status, "")))),
    }
    if errors:
        body["errors"] = [dict(error) for error in errors]
    return body
