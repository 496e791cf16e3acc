"""Google's own client finds our claims, pages through them and filters them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httplib2
import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims
from flask import Flask
from flask.testing import FlaskClient
from googleapiclient.discovery import build
from waitress import create_server

from contextlib_news.models import Claim, Review, Verdict
from tests.serving import running

QUERY = "attack on the al-Sina'a prison in al-Hasakah"
PATH = "/v1alpha1/claims:search"


@pytest.fixture
def google(app: Flask) -> Iterator[Any]:
    """Their client, with the description of their API that it ships, pointed at our service."""
    with running(create_server(app, host="127.0.0.1", port=0)) as port:
        client = build(
            "factchecktools",
            "v1alpha1",
            developerKey="any",
            http=httplib2.Http(timeout=300),
            static_discovery=True,
            client_options={"api_endpoint": f"http://127.0.0.1:{port}/"},
        )
        yield client
        client.close()


def search(google: Any, **query: Any) -> dict[str, Any]:
    return dict(google.claims().search(**query).execute())


def add(app: Flask, *added: Claim) -> None:
    with app.extensions[KEY].engine.begin() as connection:
        for claim in added:
            claims.save(connection, claim, made_by="a test", reason="")


def test_a_starter_claim_is_found(google: Any) -> None:
    first = search(google, query=QUERY)["claims"][0]
    assert "prison" in first["text"]
    review = first["claimReview"][0]
    assert review["publisher"] == {"name": "Contextlib News", "site": "127.0.0.1"}
    assert review["textualRating"] in {"corroborated", "contradicted", "disputed", "unverified"}
    assert review["url"].startswith("http://127.0.0.1")


def test_its_list_method_pages_through_all_of_them_without_loss(google: Any) -> None:
    whole = [claim["text"] for claim in search(google, query=QUERY, pageSize=100)["claims"]]
    assert len(whole) > 10
    paged: list[str] = []
    answer = search(google, query=QUERY, pageSize=3)
    while True:
        paged += [claim["text"] for claim in answer["claims"]]
        if "nextPageToken" not in answer:
            break
        answer = search(google, query=QUERY, pageSize=3, pageToken=answer["nextPageToken"])
    assert paged == whole
    assert [c["text"] for c in search(google, query=QUERY, offset=4, pageSize=2)["claims"]] == (
        whole[4:6]
    )


def test_it_filters_by_publisher_language_and_age(app: Flask, google: Any) -> None:
    reviews = (
        Review(
            publisher="Factcheck A", rating="Mostly False", url="https://www.a-checks.example/1"
        ),
        Review(
            publisher="Factcheck B", rating="Pants", url="https://b.example/2", date="2020-01-05"
        ),
    )
    text = "Elm Street is paved with cheese"
    add(
        app,
        Claim(id="t-en", text=f"{text}.", language="en", reviews=reviews),
        Claim(id="t-de", text=f"{text}!", language="de", reviews=reviews[:1]),
        Claim(id="t-any", text=f"{text}?", verdict=Verdict.UNVERIFIED),
    )

    def texts(**more: Any) -> set[str]:
        answer = search(google, query=text, **more)
        return {c["text"][-1] for c in answer.get("claims", []) if "cheese" in c["text"]}

    assert texts() == {".", "!", "?"}
    assert texts(languageCode="de") == {"!", "?"}
    assert texts(languageCode="en-GB") == {".", "?"}
    assert texts(reviewPublisherSiteFilter="a-checks.example") == {".", "!"}
    assert texts(reviewPublisherSiteFilter="https://b.example/x") == {"."}
    assert texts(reviewPublisherSiteFilter="checks.example") == set()
    assert texts(maxAgeDays=30) == {"?"}
    assert texts(reviewPublisherSiteFilter="b.example", maxAgeDays=36_500) == {"."}
    (only,) = [
        c
        for c in search(google, query=text, reviewPublisherSiteFilter="b.example")["claims"]
        if "cheese" in c["text"]
    ]
    assert [review["textualRating"] for review in only["claimReview"]] == ["Pants"]
    assert only["claimReview"][0]["reviewDate"] == "2020-01-05T00:00:00Z"


def test_a_publisher_alone_lists_its_claims(app: Flask, google: Any) -> None:
    review = Review(publisher="Factcheck A", rating="False", url="https://a.example/1")
    add(app, *(Claim(id=f"t-{n}", text=f"Claim {n}.", reviews=(review,)) for n in range(5)))
    answer = search(google, reviewPublisherSiteFilter="a.example", pageSize=2)
    assert [claim["text"] for claim in answer["claims"]] == ["Claim 0.", "Claim 1."]


@pytest.mark.parametrize(
    "query", ["", "query=+", "query=a&pageSize=-1", "query=a&pageToken=%2b1", "query=a&offset=x"]
)
def test_questions_that_are_none(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert json.loads(answer.text)["errors"]


def test_numbers_beyond_any_list(client: FlaskClient) -> None:
    for name in ("offset", "pageSize", "maxAgeDays", "pageToken"):
        answer = client.get(PATH, query_string={"query": "prison", name: "9" * 30})
        assert answer.status_code == 200, name


def test_nothing_found_is_an_empty_object_as_theirs(client: FlaskClient) -> None:
    answer = client.get(
        PATH, query_string={"query": "x", "reviewPublisherSiteFilter": "none.example"}
    )
    assert answer.json == {}
