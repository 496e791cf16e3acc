import pytest

from contextlib_news.models import Page, Quotation, QuotationStatus, QuotedPassage
from contextlib_news.page.document import read_page
from contextlib_news.reading.figures import check_figures
from contextlib_news.reading.quotation_check import check_quotation


def figures(text: str, url: str | None = None) -> list[tuple[str, str, str]]:
    found = check_figures(read_page(Page(text=text, url=url)))
    return [(figure.kind, figure.stated, figure.computed) for figure in found]


def test_a_sum_that_is_off() -> None:
    text = "The toll stood at 60: 31 sailors, 22 soldiers and five civilians."
    assert figures(text) == [("sum", "60", "58")]


@pytest.mark.parametrize(
    "text",
    [
        "The toll stood at 58: 31 sailors, 22 soldiers and five civilians.",
        "The toll stood at about 60: 31 sailors, 22 soldiers and five civilians.",
        "The toll stood at 600: among them 31 sailors and 22 soldiers.",
        "In 2019 there were 500 buses, 121 trams and 4 ferries.",
        "He paid 500 for it: 3 chairs and 2 tables.",
        "The vote was 52 to 48, with 3 senators absent and 12 amendments rejected.",
    ],
)
def test_no_figure_note_where_nothing_is_off(text: str) -> None:
    assert figures(text) == []


def test_days_that_the_dates_contradict() -> None:
    text = (
        "The mayor’s public resignation in Lima came on March 9.\n"
        "The strike lasted until March 3, just two days before the resignation of the Lima mayor."
    )
    assert figures(text) == [("duration", "two days", "6 days")]


def test_days_that_fit() -> None:
    text = (
        "The mayor’s public resignation in Lima came on March 9.\n"
        "The strike lasted until March 3, six days before the resignation of the Lima mayor."
    )
    assert figures(text) == []


@pytest.mark.shared
def test_the_reference_article(article: str) -> None:
    assert sorted(figures(article, "https://veteranstoday.com/2022/02/15/x/")) == [
        ("duration", "two days", "4 days"),
        ("sum", "500", "499"),
    ]


HELD = Quotation(text="The bridge was very old, and nobody had looked at it.", source="The Times")


@pytest.mark.parametrize(
    ("said", "status", "changes"),
    [
        ("The bridge was very old, and nobody had looked at it.", "verbatim", ()),
        ("the bridge was very old ... nobody had looked at it", "verbatim", ()),
        ("The bridge was very old, and nobody had looked at it. It fell.", "verbatim", ()),
        (
            "The bridge was quite old, and nobody had looked at it.",
            "altered",
            (("quite", "very"),),
        ),
        ("Rain is expected on Friday in the whole country.", "not-checked", ()),
        ("", "not-checked", ()),
    ],
)
def test_quotation_check(said: str, status: str, changes: tuple) -> None:
    passage = QuotedPassage(text=said, start=0, end=len(said))
    detail = check_quotation(passage, [HELD])
    assert detail.status is QuotationStatus(status)
    assert detail.changes == changes
