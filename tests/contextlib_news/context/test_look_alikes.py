"""What is written or drawn like a known name is told; what merely shares letters is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.context.domains import host_of
from contextlib_news.context.look_alikes import LookAlikes

KNOWN = LookAlikes(["washingtonpost.com", "nytimes.com", "reuters.com", "cnn.com", "bbc.com"])


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ("washingtonpost.com.co", "washingtonpost.com"),
        ("washingtonpost.news", "washingtonpost.com"),
        ("washington-post.com", "washingtonpost.com"),
        ("washingtonposts.com", "washingtonpost.com"),
        ("washingtnpost.com", "washingtonpost.com"),
        ("wahsingtonpost.com", "washingtonpost.com"),
        ("washingt0np0st.com", "washingtonpost.com"),
        ("vvashingtonpost.com", "washingtonpost.com"),
        ("nytirnes.com", "nytimes.com"),
        ("nytimespost.com", "nytimes.com"),
        ("rеuters.com", "reuters.com"),  # Cyrillic е
        ("rеutеrs.com", "reuters.com"),  # twice
        ("reυters.com", "reuters.com"),  # Greek υ
        ("reutérs.com", "reuters.com"),
        ("ɴytimes.com", "nytimes.com"),
        ("nytımes.com", "nytimes.com"),
    ],
)
def test_look_alikes(shown: str, real: str) -> None:
    domain = host_of(f"https://{shown}/")
    assert domain is not None
    assert domain.isascii()
    assert KNOWN.resembled(domain) == real


@pytest.mark.parametrize(
    "domain",
    [
        "amnews.com",
        "notwashingtonpost.org",
        "thewashingtonpostoffice.com",
        "washingtontimes.com",
        "nytimes11.com",
        "reutersjuif.info",
        "cnm.com",
        "bbq.com",
        "router.com",
        "reporters.com",
        "xn--e1aybc.xn--p1ai",
        "xn--\ud800",
        "com",
        "",
    ],
)
def test_others_are_not(domain: str) -> None:
    assert KNOWN.resembled(domain) is None


@given(st.text(max_size=80))
def test_any_text_is_an_answer(domain: str) -> None:
    KNOWN.resembled(domain)
