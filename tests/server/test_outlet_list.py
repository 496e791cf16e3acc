"""The list of outlets for local use: compact, with versions, and only what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store import outlets, sources
from contextlib_news_server.store.database import read
from flask import Flask
from flask.testing import FlaskClient

from contextlib_news.models import Outlet, Rating

LIST = "/api/v1/outlet-list"


def change(app: Flask, outlet: Outlet | None = None, gone: str | None = None) -> None:
    """Save an outlet, or take what the desk says of a domain away, and let the service see it."""
    found = app.extensions[KEY]
    with found.engine.begin() as connection:
        if outlet is not None:
            outlets.save(connection, outlet)
        if gone is not None:
            desk = sources.get(connection, sources.DESK)
            assert desk is not None
            outlets.replace_records(
                connection, desk.number, {gone: None}, made_by="test", reason="gone"
            )
    found.matcher._checked = 0.0


def by_domain(answer: dict[str, object]) -> dict[str, dict[str, object]]:
    rows = answer["outlets"]
    assert isinstance(rows, list)
    return {row["domain"]: row for row in rows}


def test_the_whole_list(client: FlaskClient) -> None:
    answer = client.get(LIST)
    found = answer.json
    assert found["since"] is None
    assert found["removed"] == []
    assert "washingtonpost.com" in found["impersonated"]
    rows = by_domain(found)
    assert list(rows) == sorted(rows)
    assert rows["theonion.com"]["categories"] == ["satire"]
    assert "vtforeignpolicy.com" in rows["veteranstoday.com"]["aliases"]
    told = {
        found["raters"][rating[0]]["source"]: rating[1:] for rating in rows["cnn.com"]["ratings"]
    }
    assert told["Lin et al. 2023"] == ["0.66 on a scale from 0 to 1, where 1 is best", 0.658]
    assert all(rater["licence"] for rater in found["raters"])
    assert len(found["raters"]) < 12


def test_it_is_much_smaller_than_the_outlets_in_full(client: FlaskClient) -> None:
    domains = list(by_domain(client.get(LIST).json))
    full = client.post("/api/v1/outlets", json={"domains": domains[:500]}).data
    assert len(client.get(LIST).data) < len(full) / 4


def test_a_tag_spares_what_is_known(client: FlaskClient, app: Flask) -> None:
    first = client.get(LIST)
    tag = first.headers["ETag"]
    assert "max-age" in first.headers["Cache-Control"]
    same = client.get(LIST, headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    change(app, Outlet(domain="new.example", name="New"))
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_only_what_changed_since(client: FlaskClient, app: Flask) -> None:
    before = client.get(LIST).json["version"]
    none = client.get(f"{LIST}?since={before}").json
    assert (none["outlets"], none["removed"], none["since"]) == ([], [], before)
    rated = Outlet(
        domain="new.example",
        name="New",
        ratings=(Rating(source="Rater", label="good", path="/a"),),
    )
    change(app, rated)
    delta = client.get(f"{LIST}?since={before}").json
    assert delta["outlets"] == [
        {"domain": "new.example", "name": "New", "ratings": [[0, "good", None, "/a"]]}
    ]
    assert delta["raters"] == [{"source": "Rater"}]
    change(app, replace(rated, name="Newer"))
    later = client.get(f"{LIST}?since={delta['version']}").json
    assert [row["name"] for row in later["outlets"]] == ["Newer"]
    change(app, gone="new.example")
    last = client.get(f"{LIST}?since={before}").json
    assert (last["outlets"], last["removed"]) == ([], ["new.example"])
    whole = client.get(LIST).json
    assert whole["version"] == last["version"]
    assert "new.example" not in by_domain(whole)


@pytest.mark.parametrize("since", ["", "0", "-1", "999999999", "abc", "9" * 40])
def test_an_unknown_version_gives_the_whole_list(client: FlaskClient, since: str) -> None:
    answer = client.get(LIST, query_string={"since": since})
    assert answer.status_code == 200
    assert answer.json["since"] is None
    assert len(answer.json["outlets"]) > 50


def test_outlets_are_not_read_anew_when_only_claims_change(app: Flask) -> None:
    found = app.extensions[KEY]
    first = found.matcher.current()
    with read(found.engine) as connection:
        assert first.outlets_change == outlets.version(connection)
    change(app, Outlet(domain="new.example", name="New"))
    second = found.matcher.current()
    assert second.outlets is not first.outlets
    assert second.outlets_change > first.outlets_change


def test_looked_up_outlets_stay_with_the_reader(client: FlaskClient) -> None:
    answer = client.post("/api/v1/outlets", json={"domains": ["reuters.com", "flipboard.com"]})
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.json["outlets"]["flipboard.com"]["categories"] == ["aggregator"]
