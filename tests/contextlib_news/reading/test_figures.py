import gzip
import json
from pathlib import Path

import pytest

from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news.reading.figures import check_figures


def figures(text: str, url: str | None = None) -> list[tuple[str, str, str]]:
    found = check_figures(read_page(Page(text=text, url=url)))
    return [(figure.kind, figure.stated, figure.computed) for figure in found]


TABLE = Path(__file__).with_name("figures.tsv")
ROWS = [
    line.split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("kind", "stated", "computed", "page"), ROWS)
def test_pages(kind: str, stated: str, computed: str, page: str) -> None:
    expected = [] if kind == "-" else [(kind, stated, computed)]
    assert figures(page.replace(" / ", "\n")) == expected


@pytest.mark.shared
def test_sentences_of_news_get_no_figure_note(shared: Path) -> None:
    """Joined to pages of forty: 10,904 sentences, none of whose figures are off."""
    for path in sorted((shared / "eval" / "news-negatives").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines][:1_000]
        for first in range(0, len(texts), 40):
            assert figures("\n\n".join(texts[first : first + 40])) == []


@pytest.mark.shared
def test_the_reference_article(article: str) -> None:
    assert sorted(figures(article, "https://veteranstoday.com/2022/02/15/x/")) == [
        ("duration", "two days", "4 days"),
        ("sum", "500", "499"),
    ]


@pytest.mark.parametrize(
    "unit",
    ["1 of 2 (3 percent) ", "from 3 to 9 May ", "the 12-day x from May 3 to May 9, ", "1, 2 and ",
     "1, 2 and 3 in all, ", "The toll was 5: 1 a, 2 b, ", "12 people died in A\n", "5 percent, "],
)  # fmt: skip
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    assert len(figures(unit * (200_000 // len(unit)))) <= 20
