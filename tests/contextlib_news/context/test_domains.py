"""Addresses become registrable domains; copies lead back to the page behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.context.domains import (
    hides_address,
    host_of,
    registrable_domain,
    unwrap_address,
)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.nytimes.com/2022/01/20/us/a.html", "nytimes.com"),
        ("HTTPS://BLOGS.NYTimes.COM/a?b=c#d", "nytimes.com"),
        ("nytimes.com", "nytimes.com"),
        ("//m.bbc.co.uk/news", "bbc.co.uk"),
        ("https://user:secret@www.example.org:8443/a", "example.org"),
        ("https://example.org./a", "example.org"),
        ("https://washingtonpost.com.co/", "washingtonpost.com.co"),
        ("https://washingtonpost.com@evil.example.net/", "example.net"),
        ("https://ctc.westpoint.edu/a", "westpoint.edu"),
        ("https://bücher.de/", "xn--bcher-kva.de"),
        ("https://someone.blogspot.com/", "blogspot.com"),
    ],
)
def test_registrable_domain(address: str, domain: str) -> None:
    assert registrable_domain(address) == domain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "   ",
        "http://",
        "http://127.0.0.1:8765/",
        "http://[::1]/",
        "http://[",
        "localhost",
        "com",
    ],
)
def test_no_registrable_domain(address: str) -> None:
    assert registrable_domain(address) is None


@pytest.mark.parametrize(
    ("copy", "page"),
    [
        ("https://web.archive.org/web/2022*/https://example.org/a", "https://example.org/a"),
        ("https://web.archive.org/web/20220215/http://example.org", "http://example.org"),
        (
            "https://web.archive.org/web/20220215000000id_/https://example.org/a?b=c",
            "https://example.org/a?b=c",
        ),
        ("https://archive.today/2022/https://example.org/a", "https://example.org/a"),
        ("https://archive.ph/2022.02.10-120000/https://example.org/a", "https://example.org/a"),
        ("https://wayback.archive-it.org/123/2022/https://example.org/a", "https://example.org/a"),
        ("https://arquivo.pt/wayback/20220215/https://example.org/a", "https://example.org/a"),
        ("https://archive.ph/AbCdE", "https://archive.ph/AbCdE"),
        (
            "https://www-example-org.translate.goog/a?x=1",
            "https://www.example.org/a?x=1",
        ),
        (
            "https://translate.google.com/website?sl=de&tl=en&u=https://example.org/a",
            "https://example.org/a",
        ),
        ("https://www.translatetheweb.com/?to=en&a=https://example.org/a", "https://example.org/a"),
        (
            "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a.amp",
            "https://www.example.org/a.amp",
        ),
        (
            "https://web-archive-org.translate.goog/web/2022/https://example.org/a",
            "https://example.org/a",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"),
        ("https://l.facebook.com/l.php?u=javascript:alert(1)",) * 2,
        ("https://www.google.com/amp/s/example.org/amp/a", "https://example.org/amp/a"),
        (
            "https://www-example-org.translate.goog/a?_x_tr_sl=fr",
            "https://www.example.org/a?_x_tr_sl=fr",
        ),
        ("https://my--site-example.translate.goog/", "https://my-site.example/"),
        (
            "https://example.org/about?u=https://other.example",
            "https://example.org/about?u=https://other.example",
        ),
    ],
)
def test_unwrap_address(copy: str, page: str) -> None:
    assert unwrap_address(copy) == page


@given(st.text(max_size=200))
def test_any_text_is_an_answer(text: str) -> None:
    assert isinstance(unwrap_address(text), str)
    domain = registrable_domain(text)
    assert domain is None or "." in domain


@given(
    st.text(max_size=60),
    st.sampled_from(
        [
            "https://web.archive.org/web/1/",
            "http://[",
            "https://xn--",
            "//@",
            "https://a.translate.goog/",
        ]
    ),
)
def test_hostile_addresses_do_not_raise(tail: str, head: str) -> None:
    assert isinstance(unwrap_address(head + tail), str)
    assert host_of(head + tail) is None or registrable_domain(head + tail) is not Ellipsis


@pytest.mark.parametrize(
    "address",
    [
        "a." * 100_000,
        "https://" + "\ud800" * 50,
        "https://a\x00b.com/",
        "https://" + "a" * 300 + ".com",
    ],
)
def test_monsters_do_not_raise(address: str) -> None:
    registrable_domain(address)
    assert len(unwrap_address(address)) <= len(address)


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("https://bit.ly/3abcde", True),
        ("http://t.co/a", True),
        ("https://archive.ph/AbC12", True),
        ("https://archive.is/de/AbC12/", True),
        ("https://perma.cc/AB12-CD34", True),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Ft.co%2Fabc", True),
        ("https://archive.ph/2022.02.10-120000/https://example.org/a", False),
        ("https://nyti.ms/3abc", False),
        ("https://example.org/t.co/a", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_a_short_link_hides_its_page(address: str, hidden: bool) -> None:
    assert hides_address(address) is hidden
