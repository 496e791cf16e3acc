"""Every error as a problem document (RFC 9457), with a stable type and a remedy."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, Response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from contextlib_news.errors import ContextError, InvalidPageError

__all__ = ["FieldProblem", "Problem", "install"]

MEDIA_TYPE = "application/problem+json"
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

log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818  # the word of RFC 9457
    """An answer that says what is wrong and what to do about it."""

    def __init__(
        self, status: int, detail: str = "", *, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)


class FieldProblem(Problem):
    """Fields that are missing, unknown or of the wrong type; each is named."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            422, errors=[{"field": field, "detail": detail} for field, detail in errors]
        )


def install(app: Flask) -> None:
    """Answer every error of the application with a problem document."""

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        return answer(error.status, error.detail, errors=error.errors)

    @app.errorhandler(InvalidPageError)
    def invalid_page(error: InvalidPageError) -> Response:
        return answer(422, str(error), errors=[{"field": "page", "detail": str(error)}])

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
    def database(error: OperationalError) -> Response:
        # Locked, full, gone: what a moment or an administrator mends, not a fault of the request.
        log.error("the database cannot be used: %s", type(error.orig).__name__)
        return answer(503, "The database cannot be used at the moment.")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("unexpected %s", type(error).__name__)
        return answer(500)


def answer(status: int, detail: str = "", *, errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """Return a problem document."""
    phrase = HTTPStatus(status).phrase
    body: dict[str, object] = {
        "type": BASE + phrase.lower().replace(" ", "-"),
        "title": phrase,
        "status": status,
        "detail": " ".join(filter(None, (detail, _REMEDIES.get(status, "")))),
    }
    if errors:
        body["errors"] = [dict(error) for error in errors]
    response = Response(json.dumps(body), status=status, content_type=MEDIA_TYPE)
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response
