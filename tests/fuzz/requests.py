"""Requests by number: the same number is the same request, so that a run can be taken up again.

A third is pages, mutated from the golden ones and from hostile pieces; a third is bodies drawn from
the description of the API, allowed and forbidden; the rest is paths, queries, headers and bytes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["Question", "Questions"]

Json = Any

MARKUP = ("<", ">", "</p>", "<p>", "<script>", "<!--", "]]>", "&#0;", "&amp;")
SIGNS = (
    "“",
    "”",
    "«",
    "'",
    '"',
    "\\",
    "{",
    "}",
    "[1]",
    "[",
    "]",
    "(",
    ")",
    "%",
    "$1,000",
    "1.234,5",
)
WORDS = ("U.S. ", "St. ", "Jan. 3", "two days later ", "121 dead ", "not ", "denied ")
PHRASES = ("no evidence that ", "according to ", "views expressed here are the author's own. ")
LABELS = ("This is satire. ", "Sponsored ", "Correction: ", "https://", "http://[::1", "data:")
CHARACTERS = ("\x00", "\ud800", "\u202e", "\u0301", "\u200b", "\ufeff", "\n", "\r\n", "\t", "\x0b")
SCRIPTS = ("مرحبا ", "你好。", "สวัสดี", "Straße ", "İ", "ﬁ", "𝕏", "\U0001f4a9")
PIECES = (*MARKUP, *SIGNS, *WORDS, *PHRASES, *LABELS, *CHARACTERS, *SCRIPTS)

NAMES = ("url", "title", "language", "reader_language", "blocks", "text", "html", "links", "reason")
PATHS = (
    *("/api/v1/claims", "/api/v1/claims/{}", "/api/v1/outlets/{}", "/claims/{}", "/outlets/{}"),
    *("/v1alpha1/claims:search", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"),
    *("/try", "/try/content/{}", "/static/{}", "/{}", "/admin/{}", "/api/v1/outlet-list"),
)
QUERIES = (
    *("query", "after", "limit", "languageCode", "pageSize", "pageToken", "offset", "maxAgeDays"),
    *("reviewPublisherSiteFilter", "key", "alt", "since", "q"),
)
HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Encoding"),
    *("Content-Type", "Cookie", "If-None-Match", "Origin", "Range", "X-Forwarded-For"),
    "X-Request-Id",
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE")
TYPES = ("application/json", "application/json; charset=utf-16", "text/plain", "")
BODIES = ("/api/v1/annotate", "/api/v1/annotate/batch", "/api/v1/outlets", "/api/v1/flags")


@dataclass(slots=True)
class Question:
    """One request, as Flask's test client sends it."""

    method: str
    path: str
    data: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Questions:
    """Makes the request of a number."""

    def __init__(self, root: Path) -> None:
        pages = sorted((root / "tests" / "pages").glob("*/page.html"))
        self._pages = [path.read_text(encoding="utf-8") for path in pages]
        article = root / "contextlib_news" / "data" / "demo_article.json"
        self._texts = [article.read_text(encoding="utf-8")]

    def question(self, number: int) -> Question:
        """Return the request of a number."""
        chance = random.Random(number)
        kinds: tuple[Callable[[random.Random], Question], ...] = (
            self._page,
            self._body,
            self._address,
            self._bytes,
        )
        made = chance.choices(kinds, (3, 4, 4, 1))[0](chance)
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            made.headers[chance.choice(HEADERS)] = _header(_noise(chance, 3))
        return made

    def _page(self, chance: random.Random) -> Question:
        """A piece of a real page, cut, doubled and strewn with what is hostile."""
        source = chance.choice(self._pages + self._texts)
        start = chance.randrange(len(source))
        text = source[start : start + chance.choice((200, 1_000, 4_000))]
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(text) + 1)
            action = chance.randrange(4)
            if action == 0:
                text = text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 3, 60)) + text[at:]
            elif action == 1:
                text = text[:at] + text[at + chance.randrange(40) :]
            elif action == 2:
                text = text[:at] + text[max(0, at - 80) : at] + text[at:]
            else:
                text = text[:at] + chr(chance.randrange(0x110000)) + text[at:]
        body: dict[str, Json] = {chance.choice(("html", "html", "text")): text}
        if chance.random() < 0.3:
            lines = text.split("\n")
            body = {"blocks": [{"id": str(n), "text": line} for n, line in enumerate(lines)]}
        if chance.random() < 0.5:
            body["url"] = "https://" + _noise(chance, 2)
        accept = chance.choice(("application/json", "application/x-ndjson", "application/ld+json"))
        return _post("/api/v1/annotate", body, {"Accept": accept})

    def _body(self, chance: random.Random) -> Question:
        path = chance.choice(BODIES)
        body: dict[str, Json] = {}
        for _ in range(chance.randrange(5)):
            body[chance.choice((*NAMES, "pages", "domains", _noise(chance, 1)))] = _json(chance, 0)
        if chance.random() < 0.6:
            valid: dict[str, dict[str, Json]] = {
                "/api/v1/annotate": {"text": _noise(chance, 30)},
                "/api/v1/annotate/batch": {"pages": [{"text": _noise(chance, 9)}] * 2},
                "/api/v1/outlets": {"domains": [_noise(chance, 2) for _ in range(9)]},
                "/api/v1/flags": {"reason": _noise(chance, 9)},
            }
            body = valid[path] | (body if chance.random() < 0.2 else {})
        return _post(path, body, {})

    def _address(self, chance: random.Random) -> Question:
        path = chance.choice(PATHS).format(quote(_noise(chance, 3), safe=":/.", errors="replace"))
        pairs = [
            f"{chance.choice(QUERIES)}={quote(_noise(chance, 2), errors='replace')}"
            for _ in range(chance.randrange(4))
        ]
        method = chance.choices(
            ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"), (9, 1, 1, 1, 1, 1)
        )
        return Question(method[0], path + ("?" + "&".join(pairs) if pairs else ""))

    def _bytes(self, chance: random.Random) -> Question:
        data = chance.randbytes(chance.randrange(200))
        if chance.random() < 0.5:
            data = b'{"text": "' + data + b'"}'
        kind = chance.choice(
            ("application/json", "application/json; charset=utf-16", "text/plain", "")
        )
        return Question("POST", chance.choice(BODIES), data, {"Content-Type": kind})


def _post(path: str, body: dict[str, Json], headers: dict[str, str]) -> Question:
    data = json.dumps(body).encode()
    return Question("POST", path, data, {"Content-Type": "application/json", **headers})


def _noise(chance: random.Random, length: int) -> str:
    words = (
        "prison",
        "attack",
        "reuters.com",
        "theonion.com",
        "false",
        "-1",
        "9" * 30,
        "xn--",
        "a.b",
    )
    return "".join(chance.choice(PIECES if chance.random() < 0.5 else words) for _ in range(length))


def _json(chance: random.Random, depth: int) -> Json:
    kind = chance.randrange(8 if depth < 3 else 6)
    if kind == 6:
        return [_json(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 7:
        names = ("text", "id", "role", "href", "block", _noise(chance, 1))
        return {chance.choice(names): _json(chance, depth + 1) for _ in range(chance.randrange(4))}
    numbers = (0, -1, 10**40, 1.5, 2**63)
    return (None, True, chance.choice(numbers), _noise(chance, 2), "", "paragraph")[kind]


def _header(text: str) -> str:
    """What can be in a header at all; the rest is refused before it is sent."""
    return "".join(c for c in text if c.isprintable() and ord(c) < 256)
