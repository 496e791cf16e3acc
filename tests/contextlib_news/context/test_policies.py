"""Policies that a page links are told; those of another site are not."""

from __future__ import annotations

import json

import pytest

from contextlib_news.context.policies import with_linked_policies
from contextlib_news.models import Outlet, OutletFact, Page
from contextlib_news.page.document import read_page

URL = "https://www.a.org/news/story"
CORRECTIONS = "https://a.org/corrections"
HELD = OutletFact(kind="corrections-policy", text="policy", source=CORRECTIONS, date="2026")


def facts(properties: dict[str, object], *held: OutletFact) -> list[tuple[str, str]]:
    markup = json.dumps({"@type": "NewsArticle", "publisher": properties})
    html = f'<script type="application/ld+json">{markup}</script><p>The mill closed.</p>'
    outlet = Outlet(domain="a.org", name="A", facts=held)
    found = with_linked_policies(outlet, read_page(Page(html=html, url=URL)), "2026-11-26")
    assert found.facts[: len(held)] == held
    for fact in found.facts[len(held) :]:
        assert fact.text == fact.source
        assert fact.remark == "linked by the page"
    return [(fact.kind, fact.source) for fact in found.facts[len(held) :]]


@pytest.mark.parametrize(
    ("name", "value", "kind", "address"),
    [
        ("correctionsPolicy", CORRECTIONS, "corrections-policy", CORRECTIONS),
        ("ethicsPolicy", "/ethics", "policy", "https://www.a.org/ethics"),
        ("ownershipFundingInfo", {"url": "https://a.org/who"}, "ownership", "https://a.org/who"),
        ("unnamedSourcesPolicy", "/sources", "policy", "https://www.a.org/sources"),
        ("publishingPrinciples", ["https://a.org/how"], "policy", "https://a.org/how"),
    ],
)
def test_linked_policies(name: str, value: object, kind: str, address: str) -> None:
    assert facts({name: value}) == [(kind, address)]


@pytest.mark.parametrize(
    "value",
    [
        "https://b.org/corrections",
        "https://a.org.evil.com/corrections",
        "javascript:alert(1)",
        "We correct our errors.",
        "http://[",
        "",
        5,
    ],
)
def test_what_is_no_policy_of_this_site(value: object) -> None:
    assert facts({"correctionsPolicy": value}) == []


def test_what_is_known_is_not_told_twice() -> None:
    assert facts({"correctionsPolicy": CORRECTIONS}, HELD) == []
    twice = {"correctionsPolicy": CORRECTIONS, "publishingPrinciples": CORRECTIONS}
    assert len(facts(twice)) == 1
