"""The day of a page from its markup, its address or the line under its headline."""

from __future__ import annotations

import pytest

from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news.page.page_date import page_dates


@pytest.mark.parametrize(
    ("line", "language", "date"),
    [
        ("Published 15 February 2022", "en", "2022-02-15"),
        ("By Anna Berg, February 15, 2022", "en", "2022-02-15"),
        ("2022-02-15", "en", "2022-02-15"),
        ("Veröffentlicht am 15. Februar 2022", "de", "2022-02-15"),
        ("Publié le 15 février 2022", "fr", "2022-02-15"),
        ("نشر في 15 فبراير 2022", "ar", "2022-02-15"),
        ("الثلاثاء ١٥ فبراير/شباط ٢٠٢٢", "ar", "2022-02-15"),
        ("15 شباط، 2022", "ar", "2022-02-15"),
        ("15 كانون الأول 2022", "ar", "2022-12-15"),
        ("99 فبراير 2022", "ar", None),
        (
            "The bridge, which the mayor had opened on 15 February 2022 in the rain, was closed "
            "again for repairs.",
            "en",
            None,
        ),
        ("In February 2022", "en", None),
        ("Published yesterday", "en", None),
    ],
)
def test_the_line_under_the_headline(line: str, language: str, date: str | None) -> None:
    text = f"A bridge is closed\n{line}\nThe bridge was closed. It is old."
    assert read_page(Page(text=text, language=language)).date == date


def test_markup_goes_before_address_and_address_before_text() -> None:
    head = '<meta property="article:published_time" content="2022-02-15T08:00:00Z">'
    body = "<h1>A bridge</h1><p>Published 1 March 2022</p><p>It is old.</p>"
    url = "https://a.org/2022/02/16/bridge"
    both = read_page(Page(html=f"<head>{head}</head>{body}", url=url))
    assert both.date == "2022-02-15"
    assert page_dates(both) == (
        ("2022-02-15", "markup"),
        ("2022-02-16", "address"),
        ("2022-03-01", "text"),
    )
    assert read_page(Page(html=body, url=url)).date == "2022-02-16"
    assert read_page(Page(html=body, url="https://a.org/bridge")).date == "2022-03-01"
    assert read_page(Page(html="<p>It is old.</p>")).date is None
