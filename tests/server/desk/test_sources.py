"""The sources of the desk: what each holds, and who may take one away."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from contextlib_news_server.desk import sources as desk_sources
from contextlib_news_server.store import sources
from contextlib_news_server.store.importing import import_claims
from contextlib_news_server.store.users import Role
from sqlalchemy import Engine

from contextlib_news import Claim
from tests.server.desk.conftest import Browse, send


def bring(engine: Engine, name: str, count: int) -> int:
    """Import some claims and return the number of their source."""
    some = [Claim(id=f"{name}-{n}", text=f"Bridge {n} of {name} fell.") for n in range(count)]
    import_claims(engine, some, source=name, made_by="x", licence="CC BY", date="2024-01-02")
    with engine.connect() as connection:
        source = sources.get(connection, name)
    assert source is not None
    return source.number


def test_sources_are_listed_with_what_they_hold(engine: Engine, browse: Browse) -> None:
    bring(engine, "Bridges", 7)
    text = browse(Role.CONTRIBUTOR).get("/admin/sources").text
    row = text.partition("Bridges")[2].partition("</tr>")[0]
    assert ">7<" in row
    assert "CC BY" in row
    assert "2024-01-02" in row
    assert "Remove" not in text


def test_many_sources_are_paged_by_name(
    engine: Engine, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_sources, "PAGE", 2)
    names = ["Bridges", "Crows & ravens", "Dams", "Elks", "Floods"]
    with engine.begin() as connection:
        for name in names:
            sources.declare(connection, name, kind="claims", made_by="x")
        names = [each.name for each in sources.listed(connection)]
    client = browse(Role.CONTRIBUTOR)
    seen, path = [], "/admin/sources"
    while path:
        page = BeautifulSoup(client.get(path).text, "html.parser")
        seen += [str(cell.find(string=True)) for cell in page.select("tbody th")]
        link = page.select_one("a[rel=next]")
        path = "" if link is None else str(link["href"])
    assert seen == names
    assert client.get("/admin/sources?after=%00").status_code == 200


def test_a_large_source_is_not_counted_to_its_end(
    engine: Engine, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_sources, "COUNTED", 0)
    monkeypatch.setattr(desk_sources, "LEAST_COUNTED", 5)
    bring(engine, "Bridges", 7)
    bring(engine, "Dams", 4)
    text = browse(Role.CONTRIBUTOR).get("/admin/sources").text
    assert ">5 or more<" in text.partition("Bridges")[2].partition("</tr>")[0]
    assert ">4<" in text.partition("Dams")[2].partition("</tr>")[0]


def test_only_a_source_that_is_there_is_removed(engine: Engine, browse: Browse) -> None:
    number = bring(engine, "Bridges", 2)
    client = browse(Role.REVIEWER)
    fields = {"confirm": "yes", "reason": "Wrong file."}
    assert browse(Role.CURATOR).get(f"/admin/sources/{number}/remove").status_code == 403
    assert send(client, f"/admin/sources/{number}/remove", **fields).status_code == 302
    assert "Bridges is removed" in client.get("/admin/sources").text
    for path in (f"/admin/sources/{number}/remove", f"/admin/sources/{2**70}/remove"):
        assert client.get(path).status_code == 404
        assert send(client, path, **fields).status_code == 404


def test_the_desk_is_no_source_that_can_be_removed(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        desk = sources.declare(connection, sources.DESK, kind=sources.DESK, made_by="x")
    client = browse(Role.ADMINISTRATOR)
    answer = send(client, f"/admin/sources/{desk.number}/remove", confirm="yes", reason="x")
    assert answer.status_code == 422
    assert "cannot be removed" in answer.text
