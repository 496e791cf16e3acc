"""The claims, outlets and the demonstration article that ship."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets

CLAIMS = load_claims()
QUOTATION_CLAIMS = {"starter-14", "starter-15", "starter-16", "starter-41", "starter-42"}


# Claims that reports word in another way; no wording is the article's own.
REWORDED = {"starter-03", "starter-04", "starter-06", "starter-28"}


def test_forty_two_claims_with_everything_a_reader_is_told() -> None:
    assert len(CLAIMS) == 42
    for claim in CLAIMS:
        assert claim.verdict is not None
        assert claim.summary
        assert claim.reports
        assert bool(claim.variants) == (claim.id in REWORDED)
        assert claim.provenance is not None
        for report in claim.reports:
            assert report.origin
            assert (report.url or "").startswith("http")


def test_quotations_are_short_and_only_where_they_belong() -> None:
    assert {claim.id for claim in CLAIMS if claim.quotations} == QUOTATION_CLAIMS
    for claim in CLAIMS:
        for quotation in claim.quotations:
            assert len(quotation.text.split()) <= 40
            assert quotation.source


def test_reprints_name_who_wrote_them() -> None:
    reports = {report.url: report for claim in CLAIMS for report in claim.reports}
    assert len(reports) == 45
    reprints = [r for r in reports.values() if r.origin != r.outlet]
    assert len(reprints) >= 14


def test_figures_are_said_where_reports_differ() -> None:
    for claim_id in ("starter-03", "starter-06", "starter-13", "starter-35"):
        (claim,) = [claim for claim in CLAIMS if claim.id == claim_id]
        assert any(report.says for report in claim.reports)


def test_every_reports_outlet_is_known() -> None:
    outlets = load_outlets()
    for claim in CLAIMS:
        for report in claim.reports:
            outlet = outlets.find(report.url or "")
            assert outlet is not None
            assert outlets.get(outlet.domain) is not None, report.url


@pytest.mark.shared
def test_the_texts_are_the_references(shared: Path) -> None:
    seed = json.loads((shared / "data" / "seed_article_claims.json").read_text(encoding="utf-8"))
    assert [claim.text for claim in CLAIMS] == [row["canonical"] for row in seed["claims"]]
    assert [claim.verdict for claim in CLAIMS] == [row["verdict"] for row in seed["claims"]]
    shipped = (files("contextlib_news.data") / "starter_claims.jsonl").read_text(encoding="utf-8")
    for row in seed["claims"]:
        if f"starter-{row['id']:02d}" not in QUOTATION_CLAIMS:
            assert row["quote"] not in shipped
    article = (shared / "data" / "article.txt").read_text(encoding="utf-8")
    for claim in CLAIMS:
        for variant in claim.variants:
            assert variant.rstrip(".") not in article


def test_the_demonstration_says_that_it_is_one() -> None:
    text = (files("contextlib_news.data") / "demo_article.json").read_text(encoding="utf-8")
    article = json.loads(text)
    assert "demonstration" in article["title"]
    assert {block["role"] for block in article["blocks"]} >= {"paragraph", "heading", "footer"}
