"""An address finds its outlet, its alias, or a warning that it only looks like one."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.errors import InvalidOutletError
from contextlib_news.formats.answer import outlet_to_answer
from contextlib_news.formats.outlets import load_outlets, outlet_from_dict, outlet_to_dict
from contextlib_news.models import Outlet, OutletRelation, Rating
from contextlib_news.wording import describe_outlet, outlet_title


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


def test_an_alias_that_lists_rate_too_brings_both() -> None:
    """Lists rate the addresses they met; that one is listed makes it no other outlet."""
    shared = Rating(source="A", label="unreliable", date="2026")
    main = Rating(source="B", label="deprecated", date="2022")
    own = Rating(source="C", label="0.69 of 1", date="2023", remark="computed")
    directory = OutletDirectory(
        [
            Outlet(
                domain="old.org",
                name="Old",
                aliases=("new.org",),
                reason="one house",
                ratings=(main, shared),
                categories=("state-media",),
            ),
            Outlet(
                domain="new.org", name="new.org", ratings=(own, shared), categories=("opinion",)
            ),
        ]
    )
    outlet = directory.find("https://www.new.org/a")
    assert outlet is not None
    assert (outlet.domain, outlet.relation) == ("old.org", OutletRelation.ALIAS)
    assert outlet.reason == "new.org is another address of Old (old.org): one house"
    assert outlet.ratings[:2] == (main, shared)
    (more,) = outlet.ratings[2:]
    assert (more.source, more.remark) == ("C", "of new.org itself; computed")
    assert outlet.categories == ("state-media", "opinion")
    there = directory.find("old.org")
    assert there is not None
    assert there.ratings == (main, shared)
    assert directory.sisters("https://new.org/") == {"old.org", "new.org"}


def test_an_impostor_is_no_alias_whoever_says_so() -> None:
    real = Outlet(domain="post.com", name="Post", aliases=("post.com.co",))
    fake = Outlet(domain="post.com.co", name="Fake", look_alike_of="post.com")
    outlet = OutletDirectory([real, fake]).find("post.com.co")
    assert outlet is not None
    assert outlet.relation is OutletRelation.LOOK_ALIKE


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
@pytest.mark.parametrize("seed", [7, 20261126])
def test_rated_domains_do_not_resemble(shared: Path, starter: OutletDirectory, seed: int) -> None:
    """Even where nothing but the starter outlets is held."""
    domains: set[str] = set()
    for path in (shared / "data/outlets").glob("*20*.csv"):
        with path.open(encoding="utf-8") as file:
            domains |= {row["domain"] for row in csv.DictReader(file)}
    assert len(domains) > 20_000
    drawn = random.Random(seed).sample(sorted(domains - {""}), 1000)
    resembling = [
        domain
        for domain in drawn
        if (found := starter.find(domain)) and found.relation is OutletRelation.LOOK_ALIKE
    ]
    assert not resembling


@pytest.mark.shared
def test_of_all_rated_domains_only_impostors_resemble(
    shared: Path, starter: OutletDirectory
) -> None:
    domains: set[str] = set()
    for path in (shared / "data/outlets").glob("*20*.csv"):
        with path.open(encoding="utf-8") as file:
            domains |= {row["domain"] for row in csv.DictReader(file)}
    resembling = {
        domain
        for domain in domains - {""}
        if (found := starter.find(domain)) and found.relation is OutletRelation.LOOK_ALIKE
    }
    assert resembling == {
        "aijazeera.com",
        "foxnews-us.com",
        "nbc-news.org",
        "nytimespost.com",
        "veteranstoday.news",
        "washingtonpost.com.co",
        "washingtonpost.news",
        "washingtonposted.news",
    }


def test_an_archived_page_is_told_from_its_copy(starter: OutletDirectory) -> None:
    outlet = starter.find(
        "https://archive.ph/2022.02.10-120000/https://www.nytimes.com/2022/a.html"
    )
    assert outlet is not None
    assert (outlet.domain, outlet.via) == ("nytimes.com", "archive.ph")
    plain = starter.find("https://www.nytimes.com/2022/a.html")
    assert plain is not None
    assert plain.via is None


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("https://www.washingtonpost.com/opinions/2022/02/10/a/", "Opinions"),
        ("https://www.nytimes.com/2022/01/20/opinion/a.html", "Opinion"),
        ("https://www.nytimes.com/2022/01/20/us/opinion-polls.html", None),
        ("https://www.nytimes.com/", None),
        ("nytimes.com", None),
        ("https://www.theguardian.com/commentisfree", "Opinion"),
    ],
)
def test_sections_are_of_another_kind(
    starter: OutletDirectory, address: str, section: str | None
) -> None:
    outlet = starter.find(address)
    assert outlet is not None
    assert outlet.section == section
    assert ("opinion" in outlet.categories) == (section is not None)


def test_a_rating_of_a_part_stays_with_that_part() -> None:
    whole = Rating(source="A", label="reliable")
    part = Rating(source="B", label="unreliable", path="/blogs")
    directory = OutletDirectory([Outlet(domain="a.org", name="A", ratings=(whole, part))])
    for address, ratings in [
        ("a.org", (whole, part)),
        ("https://a.org/", (whole, part)),
        ("https://a.org/news/x", (whole,)),
        ("https://a.org/blogs/x", (whole, part)),
    ]:
        outlet = directory.find(address)
        assert outlet is not None
        assert outlet.ratings == ratings


def test_a_listed_impostor_keeps_its_own_ratings() -> None:
    rating = Rating(source="A", label="fake")
    fake = Outlet(domain="post.com.co", name="Post", ratings=(rating,), look_alike_of="post.com")
    outlet = OutletDirectory([fake]).find("https://post.com.co/a")
    assert outlet is not None
    assert outlet.relation is OutletRelation.LOOK_ALIKE
    assert outlet.ratings == (rating,)


def test_sisters_share_a_house(starter: OutletDirectory) -> None:
    assert starter.sisters("https://www.vtforeignpolicy.com/a") == {
        "veteranstoday.com",
        "vtforeignpolicy.com",
    }
    assert {"presstv.com", "presstv.ir"} <= starter.sisters("https://presstv.com/a")
    assert starter.sisters("https://unknown.example.org/") == {"example.org"}
    assert starter.sisters("http://127.0.0.1/") == frozenset()


@pytest.mark.parametrize(
    ("domain", "differ"),
    [
        ("aljazeera.com", True),
        ("thenationalnews.com", True),
        ("theonion.com", False),
        ("washingtonpost.com", False),
        ("veteranstoday.com", False),
    ],
)
def test_raters_that_disagree_are_shown_so(
    starter: OutletDirectory, domain: str, differ: bool
) -> None:
    outlet = starter.find(domain)
    assert outlet is not None
    answer = outlet_to_answer(outlet)
    assert answer.get("disagree", False) is differ
    assert ("which disagree" in outlet_title(outlet)) is differ
    told = describe_outlet(outlet)
    for rating in outlet.ratings:
        assert f"{rating.source}: {rating.label}" in told


def test_satire_is_no_bad_news_site(starter: OutletDirectory) -> None:
    outlet = starter.find("theonion.com")
    assert outlet is not None
    assert "Listed as satire." in describe_outlet(outlet)
    assert "say little about satire" in describe_outlet(outlet)


def test_not_rated_is_said_as_such(starter: OutletDirectory) -> None:
    outlet = starter.find("https://nobody-knows-it.example.org/")
    assert outlet is not None
    assert "not rated" in outlet_title(outlet)
    assert "neither good nor bad" in describe_outlet(outlet)


def test_every_starter_fact_names_its_source(starter: OutletDirectory) -> None:
    told = [fact for outlet in starter for fact in outlet.facts]
    assert len(told) > 50
    for fact in told:
        assert fact.source.startswith("https://")
        assert fact.date
    for outlet in starter:
        for rating in outlet.ratings:
            assert (rating.method or "").startswith("https://"), outlet.domain
            assert rating.licence, outlet.domain
        assert outlet_from_dict(outlet_to_dict(outlet)) == outlet


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"facts": [{"kind": "owner", "text": "x"}]}, "'kind' must be one of"),
        ({"facts": [{"kind": "ownership", "text": "x"}]}, "needs 'source'"),
        ({"sections": [{"path": "opinion", "name": "O"}]}, "must begin with a slash"),
    ],
)
def test_a_wrong_fact_is_refused(row: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidOutletError) as caught:
        outlet_from_dict({"domain": "a.org", "name": "A"} | row)
    assert said in str(caught.value)
