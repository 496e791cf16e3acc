"""The body of a request as one JSON object, or a problem that says what it is instead."""

from __future__ import annotations

import json
from typing import Any

from flask import Request

from contextlib_news_server.errors import Problem
from contextlib_news_server.schemas import InvalidFieldsError

__all__ = ["JsonRequest"]

# No body has so many fields; each unknown one would cost an error of its own.
MAX_FIELDS = 100


class JsonRequest(Request):
    """A request whose body is a JSON object in UTF-8."""

    def get_json(self, *_: object, **__: object) -> Any:
        """Return the object; raises Problem or InvalidFieldsError where there is none."""
        if not self.mimetype:
            raise Problem(400, "The body is empty or has no content type.")
        if self.mimetype != "application/json":
            raise Problem(415)
        if self.headers.get("Content-Encoding", "identity") != "identity":
            raise Problem(415, "A packed body is not read.")
        try:
            value = _parse(self.get_data(cache=False))
        except (ValueError, UnicodeDecodeError) as error:
            reason = "invalid UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise Problem(400, f"The body is not JSON: {reason[:120]}.") from None
        if not isinstance(value, dict):
            raise InvalidFieldsError([("", "the body must be a JSON object")])
        if len(value) > MAX_FIELDS:
            raise InvalidFieldsError([("", f"the body has more than {MAX_FIELDS} fields")])
        return value


def _parse(body: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON number")

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
