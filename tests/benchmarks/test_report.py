"""Tables hold ratios against the yardstick of the same run and say what they leave out."""

from __future__ import annotations

from typing import Any

from benchmarks.document import document
from benchmarks.pages import SENTENCES_A_PAGE, Query, QuerySet
from benchmarks.report import short_size, table


def row(method: str, milliseconds: float, **more: Any) -> dict[str, Any]:
    speed = {"p50": milliseconds, "p95": milliseconds * 2}
    shares = {"1": 0.5, "10": 0.75, "20": 1.0}
    return {
        "method": method,
        "title": f"the {method}",
        "cpu_ms": dict.fromkeys(("news", "2a", "2b", "planted"), speed),
        "recall": dict.fromkeys(("2a", "2b", "planted"), shares),
        "build": {"seconds": 3.21, "file_mb": 12.0},
        "open": {"ms": 0.5},
        **more,
    }


def cells(text: str, title: str) -> dict[str, str]:
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    found = next(line for line in lines if line and line[0].strip("*") == title)
    return dict(zip(lines[0], found, strict=True))


def test_ratios_are_against_tantivy() -> None:
    text = table([row("tantivy", 20.0), row("contextlib-numba", 5.0)])
    assert cells(text, "the contextlib-numba")["× tantivy"] == ".25"
    assert cells(text, "the tantivy")["× tantivy"] == "1.0"
    assert cells(text, "the tantivy")["2A R@20"] == "1.000"
    assert cells(text, "the tantivy")["2A R@10"] == ".750"


def test_what_was_not_measured_is_a_dash_and_what_was_left_out_is_said() -> None:
    text = table([
        row("tantivy", 20.0),
        row("slow", 900.0, sampled=2),
        {"method": "slower", "title": "the slower", "unavailable": "too slow beyond 10k"},
    ])  # fmt: skip
    assert cells(text, "the slow")["+1 ms"] == "–"
    assert cells(text, "the slow")["2A R@1"] == ".500*"
    assert "sample" in text
    assert "the slower: not in the table, too slow beyond 10k." in text


def test_without_the_yardstick_there_are_no_ratios() -> None:
    assert cells(table([row("bm25s", 3.0)]), "the bm25s")["× tantivy"] == "–"


def test_sizes_are_short() -> None:
    assert [short_size(n) for n in (42, 10_000, 1_000_000, 4_000_000)] == ["42", "10k", "1M", "4M"]


def test_a_sample_is_spread_over_all_queries() -> None:
    queries = tuple(Query(str(number), frozenset()) for number in range(600))
    whole = QuerySet("news", "news", queries)
    sample = whole.sample(2)
    assert len(sample.queries) == 2 * SENTENCES_A_PAGE
    assert sample.queries[-1].text == "595"
    assert whole.sample(None) is whole
    assert whole.sample(99) is whole


def test_the_page_holds_every_size_and_drawing() -> None:
    sizes = {"10000": [row("tantivy", 2.0)], "1000000": [row("tantivy", 40.0)]}
    machine = {"processor": "A chip", "cores": 2, "system": "Linux", "python": "3.11"}
    page = document(sizes, machine, ["images/benchmark-time.svg"])
    assert "## 10,000 claims" in page
    assert "## 1,000,000 claims" in page
    assert "](images/benchmark-time.svg)" in page
    assert "| the tantivy | 2.0 | 40 |" in page
