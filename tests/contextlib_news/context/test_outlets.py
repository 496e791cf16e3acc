"""An address finds its outlet, its alias, or a warning that it only looks like one."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.models import Outlet, OutletRelation, Rating


@pytest.fixture(scope="module")
def starter() -> OutletDirectory:
    return load_outlets()


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.washingtonpost.com/a", "washingtonpost.com"),
        ("https://amp.theguardian.com/a", "theguardian.com"),
        ("https://web.archive.org/web/2022*/https://veteranstoday.com/a", "veteranstoday.com"),
        ("https://www-rt-com.translate.goog/a", "rt.com"),
        ("https://ctc.westpoint.edu/a", "ctc.westpoint.edu"),
    ],
)
def test_known_outlets(starter: OutletDirectory, address: str, domain: str) -> None:
    outlet = starter.find(address)
    assert outlet is not None
    assert outlet.domain == domain
    assert outlet.relation in (OutletRelation.SAME, OutletRelation.UNRATED)


def test_alias_brings_the_ratings_and_the_reason(starter: OutletDirectory) -> None:
    outlet = starter.find("https://www.vtforeignpolicy.com/2023/01/a/")
    assert outlet is not None
    assert outlet.relation is OutletRelation.ALIAS
    assert outlet.domain == "veteranstoday.com"
    assert "vtforeignpolicy.com" in (outlet.reason or "")
    assert len({rating.source for rating in outlet.ratings}) >= 3


@pytest.mark.parametrize(
    ("address", "real"),
    [
        ("https://washingtonpost.com.co/", "washingtonpost.com"),
        ("https://washingtonposted.news/", "washingtonpost.com"),
        ("https://washingtonpost.news/", "washingtonpost.com"),
        ("https://nytimespost.com/", "nytimes.com"),
        ("https://washingtonp0st.com/", "washingtonpost.com"),
        ("https://wаshingtonpost.com/", "washingtonpost.com"),  # a Cyrillic letter
        ("https://veteranstodey.com/", "veteranstoday.com"),
    ],
)
def test_look_alikes_get_a_warning_and_no_ratings(
    starter: OutletDirectory, address: str, real: str
) -> None:
    outlet = starter.find(address)
    assert outlet is not None
    assert outlet.relation is OutletRelation.LOOK_ALIKE
    assert outlet.look_alike_of == real
    assert outlet.ratings == ()
    assert real in (outlet.reason or "")


@pytest.mark.parametrize(
    "address", ["https://amnews.com/", "https://notwashingtonpost.org/", "https://bbq.com/"]
)
def test_other_domains_are_unrated(starter: OutletDirectory, address: str) -> None:
    outlet = starter.find(address)
    assert outlet is not None
    assert outlet.relation is OutletRelation.UNRATED
    assert outlet.ratings == ()


@pytest.mark.parametrize("address", ["", "http://127.0.0.1/", "not an address", "\ud800"])
def test_no_host_no_outlet(starter: OutletDirectory, address: str) -> None:
    assert starter.find(address) is None


def test_subdomain_with_its_own_record_comes_first() -> None:
    rating = Rating(source="Rater", label="good")
    directory = OutletDirectory(
        [
            Outlet(domain="example.org", name="Paper", ratings=(rating,)),
            Outlet(domain="blog.example.org", name="Blog", aliases=("blog.example.net",)),
        ]
    )
    for address, name in [
        ("a.blog.example.org", "Blog"),
        ("x.example.org", "Paper"),
        ("blog.example.net", "Blog"),
    ]:
        outlet = directory.find(f"https://{address}/")
        assert outlet is not None
        assert outlet.name == name


def test_a_listed_domain_is_no_look_alike() -> None:
    directory = OutletDirectory(
        [
            Outlet(domain="washingtonpost.com", name="Post"),
            Outlet(domain="washingtonposts.com", name="Other"),
        ],
        impersonated=["washingtonpost.com"],
    )
    outlet = directory.find("https://washingtonposts.com/")
    assert outlet is not None
    assert outlet.relation is OutletRelation.UNRATED
    assert outlet.name == "Other"


def test_every_starter_rating_is_attributed_dated_and_linked(starter: OutletDirectory) -> None:
    for outlet in starter:
        for rating in outlet.ratings:
            assert rating.source, outlet.domain
            assert rating.label, outlet.domain
            assert rating.date, outlet.domain
            assert (rating.url or "").startswith("https://"), outlet.domain
            if rating.score is not None:
                assert rating.scale is not None
                assert rating.scale[0] <= rating.score <= rating.scale[1]


def test_satire_and_state_media_are_categories(starter: OutletDirectory) -> None:
    for domain, category in [
        ("theonion.com", "satire"),
        ("rt.com", "state-media"),
        ("presstv.com", "state-media"),
    ]:
        outlet = starter.get(domain)
        assert outlet is not None
        assert category in outlet.categories


@pytest.mark.shared
def test_rated_domains_seldom_resemble(shared: Path, starter: OutletDirectory) -> None:
    with (shared / "data/outlets/lin2023_pc1.csv").open(encoding="utf-8") as file:
        domains = sorted(row["domain"] for row in csv.DictReader(file))
    drawn = random.Random(7).sample(domains, 1000)
    resembling = [
        domain
        for domain in drawn
        if (found := starter.find(domain)) and found.relation is OutletRelation.LOOK_ALIKE
    ]
    # Impostors are among the rated domains too, so that a handful may well be right.
    assert len(resembling) <= 5, resembling
