"""A small client of the service, for programs that ask one instead of matching by themselves.

The only module of the library that opens a connection. It uses the standard library alone and asks
the address that it was given and no other: redirects are not followed, so that neither page text
nor token goes where nobody sent it.

    >>> from contextlib_news.client import Client
    >>> client = Client("http://127.0.0.1:8765")
    >>> client.service
    'http://127.0.0.1:8765'
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any

from contextlib_news.errors import ContextError
from contextlib_news.models import Page
from contextlib_news.version import __version__

__all__ = ["Client", "ServiceError"]

Json = dict[str, Any]

AGENT = f"contextlib-news/{__version__}"
MAX_ANSWER_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 16 * 1024 * 1024


class ServiceError(ContextError):
    """The service could not be asked, or it answered with a problem.

    ``status`` is the HTTP status, 0 where there was no answer; ``problem`` the problem document
    (RFC 9457) where one was sent; ``retry_after`` how many seconds to wait, where it said so.
    """

    def __init__(
        self,
        message: str,
        status: int = 0,
        problem: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one service; answers are the JSON objects that ``docs/api.md`` describes.

    ``service`` is its address, such as ``http://127.0.0.1:8765``; ``token`` is sent where it asks
    for one; ``timeout_seconds`` holds for each step on the wire. Every method raises ServiceError.
    """

    service: str
    token: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        parts = urllib.parse.urlsplit(self.service)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServiceError(f"{self.service!a} is no address of a service")
        object.__setattr__(self, "service", self.service.rstrip("/"))

    def annotate(self, page: Page, *, reader_language: str | None = None) -> Json:
        """Return the notes on a page: ``document``, ``outlet`` and ``notes``."""
        return self._json("POST", "/api/v1/annotate", _body(page, reader_language))

    def annotate_many(
        self, pages: Iterable[Page], *, reader_language: str | None = None
    ) -> list[Json]:
        """Return the answers for up to 50 pages in their order, each notes or a problem."""
        body = {"pages": [_body(page, reader_language) for page in pages]}
        results: list[Json] = self._json("POST", "/api/v1/annotate/batch", body)["results"]
        return results

    def annotate_in_parts(
        self, page: Page, *, reader_language: str | None = None
    ) -> Iterator[Json]:
        """Yield ``{"notes": [...]}`` as notes are found, and at last ``document`` and ``outlet``.

        Raises ServiceError in the middle where the service says that it could not go on.
        """
        body = _body(page, reader_language)
        with self._open("POST", "/api/v1/annotate", body, "application/x-ndjson") as answer:
            while line := answer.readline(MAX_LINE_BYTES):
                part = _parsed(line)
                if "problem" in part:
                    raise _error(int(part["problem"].get("status", 500)), part["problem"], None)
                yield part

    def outlets(self, domains: Iterable[str]) -> dict[str, Json | None]:
        """Return the outlets of up to 500 domains, None for those that nobody there rates."""
        found: dict[str, Json | None] = self._json(
            "POST", "/api/v1/outlets", {"domains": list(domains)}
        )["outlets"]
        return found

    def outlet(self, domain: str) -> Json | None:
        """Return one outlet with its ratings, None where nobody there rates it."""
        return self._found(f"/api/v1/outlets/{urllib.parse.quote(domain, safe='')}")

    def claim(self, claim_id: str) -> Json | None:
        """Return one published claim, or None."""
        return self._found(f"/api/v1/claims/{urllib.parse.quote(claim_id, safe='')}")

    def search(self, query: str, *, limit: int = 10) -> list[Json]:
        """Return the claims that a sentence may be about, best first, each with its ``score``."""
        asked = urllib.parse.urlencode({"query": query, "limit": limit})
        found: list[Json] = self._json("GET", f"/api/v1/claims?{asked}")["claims"]
        return found

    def claims(self) -> Iterator[Json]:
        """Yield all published claims in order of their ids, asked for page by page."""
        after: str | None = ""
        while after is not None:
            page = self._json("GET", f"/api/v1/claims?{urllib.parse.urlencode({'after': after})}")
            yield from page["claims"]
            after = page["next"]

    def flag(self, reason: str, **place: str) -> int:
        """Dispute a note or ask for one; return the number under which it is kept.

        ``place`` says what it is about: ``note_id``, ``claim_id``, ``url``, ``exact``.
        """
        return int(self._json("POST", "/api/v1/flags", {"reason": reason, **place})["id"])

    def _found(self, path: str) -> Json | None:
        try:
            return self._json("GET", path)
        except ServiceError as error:
            if error.status == 404:
                return None
            raise

    def _json(self, method: str, path: str, body: Json | None = None) -> Json:
        with self._open(method, path, body, "application/json") as answer:
            content = answer.read(MAX_ANSWER_BYTES + 1)
        if len(content) > MAX_ANSWER_BYTES:
            raise ServiceError("the answer of the service is too large")
        return _parsed(content)

    def _open(self, method: str, path: str, body: Json | None, accept: str) -> HTTPResponse:
        headers = {"Accept": accept, "User-Agent": AGENT}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  # the scheme was checked
            self.service + path, data, headers, method=method
        )
        try:
            answer: HTTPResponse = _OPENER.open(request, timeout=self.timeout_seconds)
        except urllib.error.HTTPError as error:
            with error:
                content = error.read(MAX_LINE_BYTES)
            try:
                problem = _parsed(content)
            except ServiceError:
                problem = None
            raise _error(error.code, problem, error.headers.get("Retry-After")) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            raise ServiceError(f"{self.service} could not be asked: {reason}") from None
        return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _body(page: Page, reader_language: str | None) -> Json:
    html = page.html.decode("utf-8", "replace") if isinstance(page.html, bytes) else page.html
    blocks = page.blocks
    body: Json = {
        "url": page.url,
        "title": page.title,
        "language": page.language,
        "reader_language": reader_language,
        "text": page.text,
        "html": html,
        "blocks": None
        if blocks is None
        else [{"id": b.id, "text": b.text, "role": b.role.value} for b in blocks],
        "links": [
            {"href": link.href, "text": link.text, "block": link.block} for link in page.links
        ]
        or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def _parsed(content: bytes) -> Json:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise ServiceError("the answer of the service is no JSON") from None
    if not isinstance(value, dict):
        raise ServiceError("the answer of the service is no JSON object")
    return value


def _error(status: int, problem: Mapping[str, Any] | None, retry_after: str | None) -> ServiceError:
    said = str((problem or {}).get("detail") or f"the service answered {status}")
    wait = int(retry_after) if retry_after and retry_after.isdecimal() else None
    return ServiceError(said, status, problem, wait)
