"""A text is known again, cut or changed a little; other texts are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.context.same_text import (
    SAME_TEXT,
    fingerprint,
    fingerprint_of,
    is_fingerprint,
    similarity,
)
from contextlib_news.models import Page
from contextlib_news.page.document import read_page

WORDS = [f"word{(7 * i * i + 3 * i) % 1999}" for i in range(800)]
TEXT = " ".join(WORDS)


def of(text: str) -> str:
    found = fingerprint(text)
    assert found is not None
    return found


def test_the_fingerprint_never_changes() -> None:
    """It is kept in claim databases: another value would make them forget."""
    assert of("one two three four five six seven eight nine ten " * 6) == of(
        "One, two; three — four five six seven eight nine TEN.\n" * 6
    )
    assert of(TEXT)[:24] == "TAPdfduccSGYlXnlRzNhgyJQ"
    assert len(of(TEXT)) == 172
    assert is_fingerprint(of(TEXT))


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (TEXT, True),
        (TEXT.upper(), True),
        (" ".join(WORDS[:600]), True),
        (" ".join(w if i % 20 else "changed" for i, w in enumerate(WORDS)), True),
        (" ".join(w if i % 3 else "changed" for i, w in enumerate(WORDS)), False),
        (" ".join(reversed(WORDS)), False),
        (" ".join(f"other{i}" for i in range(800)), False),
    ],
)
def test_same_text(changed: str, same: bool) -> None:
    assert (similarity(of(TEXT), of(changed)) >= SAME_TEXT) is same


def test_what_a_site_puts_around_a_text_changes_little() -> None:
    paragraphs = "".join(f"<p>{' '.join(WORDS[i : i + 80])}.</p>" for i in range(0, 800, 80))
    plain = read_page(Page(html=paragraphs))
    dressed = read_page(
        Page(
            html=f"<header><h1>Another headline</h1></header>{paragraphs}"
            "<footer><p>All rights reserved by nobody in particular.</p></footer>"
        )
    )
    one, other = fingerprint_of(plain), fingerprint_of(dressed)
    assert one is not None
    assert other is not None
    assert similarity(one, other) > 0.9


def test_a_short_text_has_none() -> None:
    assert fingerprint("too short " * 20) is None
    assert fingerprint("") is None


@given(st.text(max_size=400))
def test_any_text_is_an_answer(text: str) -> None:
    fingerprint(text * 40)
    assert not is_fingerprint(text) or len(text) == 172
