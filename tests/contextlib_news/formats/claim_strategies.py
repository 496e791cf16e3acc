"""Claims with every field filled, in any letters that a text can hold."""

from __future__ import annotations

import re
from base64 import b64encode

from hypothesis import strategies as st

from contextlib_news.formats.schema_values import plain_text
from contextlib_news.models import (
    Claim,
    Fingerprint,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)

# What breaks writers and readers of tables, JSON and pages, and letters that look like nothing.
ODD = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'", "''", "'=1", " a", "a ", "\u00a0", "a\nb", "a\r\nb",
    "\r", '"', '""', 'a"b', ",", ";", "a | b", "|", "[", "[1", "{}", "null", "\u2028", "\u2029",
    "\ufeffa", "\u200b", "\u202eabc", "e\u0301", "é", "👩‍👩‍👧", "𝔘", "مرحبا", "你好", "\u0000", "\x1f", "\x7f",
    "\x85", "</script>", "<!--", "&amp;", "\\", "\\n", "＝1", "\ufffe",
]  # fmt: skip
ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    ODD
)
TEXT = ANY.filter(str.strip)
DATE = st.builds(
    lambda y, m, d, n: f"{y:04}-{m:02}-{d:02}"[:n],
    st.integers(1000, 2100), st.integers(1, 12), st.integers(1, 28), st.sampled_from([4, 7, 10]),
)  # fmt: skip
URL = st.builds(
    lambda host, path: f"https://{host}.example.org/{path}",
    st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9/_~%=&?-]{0,12}[a-z0-9]", fullmatch=True),
)
LANGUAGE = st.sampled_from(["en", "pt-BR", "zh-Hant", "fil", "sr-Latn-RS"])


def maybe(one: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | one


def few(one: st.SearchStrategy[str], **options: bool) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(one, max_size=3, unique=True, **options).map(tuple)


REPORT = st.builds(
    Report, stance=st.sampled_from(ReportStance), outlet=TEXT, title=TEXT, url=maybe(URL),
    date=maybe(DATE), origin=maybe(ANY), says=maybe(ANY), date_text=maybe(ANY), remark=maybe(ANY),
)  # fmt: skip
REVIEW = st.builds(
    Review, publisher=TEXT, rating=TEXT, url=maybe(URL), date=maybe(DATE), title=maybe(ANY),
    value=maybe(ANY), explanation=maybe(ANY), licence=maybe(ANY),
)  # fmt: skip
QUOTATION = st.builds(Quotation, text=TEXT, source=TEXT, url=maybe(URL), date=maybe(DATE))
PROVENANCE = st.builds(
    Provenance, source=TEXT, licence=maybe(ANY), url=maybe(URL), date=maybe(DATE)
)

FINGERPRINT = st.builds(
    Fingerprint,
    url=URL,
    value=st.binary(min_size=128, max_size=128).map(lambda b: b64encode(b).decode()),
    date=maybe(DATE),
)


def claims(full: bool = False) -> st.SearchStrategy[Claim]:
    """Claims of any texts; ``full`` leaves no field empty."""
    option = (lambda one: one) if full else maybe
    least = 1 if full else 0

    def some(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
        return st.lists(one, min_size=least, max_size=2).map(tuple)

    return st.builds(
        Claim, id=TEXT, text=TEXT, variants=some(ANY), exclusions=some(ANY), title=option(ANY),
        subtitle=option(ANY), claimant=option(ANY), date=option(DATE), language=option(ANY),
        verdict=option(st.sampled_from(Verdict)), summary=option(ANY), reviews=some(REVIEW),
        reports=some(REPORT), quotations=some(QUOTATION), topics=some(ANY), appearances=some(ANY),
        fingerprints=some(FINGERPRINT), valid_from=option(DATE), valid_until=option(DATE),
        provenance=PROVENANCE if full else st.none() | PROVENANCE,
        revision=st.integers(1, 2**31 - 2), created=option(ANY), updated=option(ANY),
    )  # fmt: skip


# --- What schema.org can hold ---------------------------------------------------------------------

# A page's text: without tags, entities and doubled spaces, and with a word in it.
PLAIN = ANY.map(lambda text: plain_text(text) or "").filter(
    lambda text: plain_text(text) == text and re.search(r"[^\W\d]", text) is not None
)
PUBLISHED_REVIEW = st.builds(
    Review, publisher=PLAIN, rating=PLAIN, url=maybe(URL), date=maybe(DATE), title=maybe(PLAIN),
    value=st.sampled_from([None, "3", "3 of 5", "2 (1 to 5)", "2 (5 to 1)"]),
    explanation=maybe(PLAIN), licence=maybe(PLAIN),
)  # fmt: skip
PUBLISHED = st.builds(
    Claim, id=TEXT, text=PLAIN, variants=few(PLAIN), title=maybe(PLAIN), subtitle=maybe(PLAIN),
    claimant=maybe(PLAIN), date=maybe(DATE), language=maybe(LANGUAGE),
    verdict=st.sampled_from(Verdict), summary=maybe(PLAIN),
    reviews=st.lists(
        PUBLISHED_REVIEW, max_size=2, unique_by=lambda review: (review.publisher, review.url)
    ).map(tuple),
    topics=few(PLAIN), appearances=few(URL), valid_from=maybe(DATE), valid_until=maybe(DATE),
    provenance=st.none() | st.builds(Provenance, source=PLAIN, licence=maybe(PLAIN)),
    updated=maybe(st.just("2026-11-23T10:00:00+00:00")),
)  # fmt: skip
