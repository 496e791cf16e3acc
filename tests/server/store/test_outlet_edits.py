"""The desk's own word on an outlet: seen revisions, merges, reverts."""

from __future__ import annotations

import pytest
from contextlib_news_server.store import outlet_edits, outlets, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.outlet_edits import DeskRecord
from sqlalchemy import Engine

from contextlib_news.errors import InvalidOutletError
from contextlib_news.models import Outlet, Rating

DOMAIN = "example.org"
OUTLET = Outlet(domain=DOMAIN, name="The Example", country="NL")


def save(engine: Engine, outlet: Outlet | None, seen: int) -> DeskRecord:
    with engine.begin() as connection:
        return outlet_edits.save(
            connection, DOMAIN, outlet, seen=seen, made_by="Ada", reason="edit"
        )


def held(engine: Engine) -> Outlet | None:
    with read(engine) as connection:
        return outlets.get(connection, DOMAIN)


def test_an_edit_goes_before_what_others_say_and_back(engine: Engine) -> None:
    rating = Rating(source="A rater", label="good", date="2026", url="https://example.net/r")
    with engine.begin() as connection:
        source = sources.declare(connection, "list", kind="outlets", made_by="import")
        theirs = Outlet(domain=DOMAIN, name="example.org", ratings=(rating,))
        outlets.save(connection, theirs, source=source.number)
    first = save(engine, OUTLET, 0)
    kept = held(engine)
    assert kept is not None
    assert (kept.name, kept.ratings) == ("The Example", (rating,))
    second = save(engine, Outlet(domain=DOMAIN, name="Another name"), first.revision)
    with engine.begin() as connection:
        outlet_edits.revert(
            connection, DOMAIN, to=first.revision, seen=second.revision, made_by="Ada", reason="r"
        )
    kept = held(engine)
    assert kept is not None
    assert (kept.name, kept.country) == ("The Example", "NL")
    with engine.begin() as connection:
        outlet_edits.revert(connection, DOMAIN, to=0, seen=3, made_by="Ada", reason="r")
        assert len(outlet_edits.history(connection, DOMAIN)) == 4
    kept = held(engine)
    assert kept is not None
    assert kept.name == "example.org"


def test_the_second_of_two_people_merges(engine: Engine) -> None:
    start = save(engine, OUTLET, 0)
    save(engine, Outlet(domain=DOMAIN, name="The Example", country="BE"), start.revision)
    with pytest.raises(ConflictError) as caught:
        save(engine, Outlet(domain=DOMAIN, name="The New Example", country="NL"), start.revision)
    merged = caught.value.merged()
    assert merged.overlapping == ()
    assert (merged.document["name"], merged.document["country"]) == ("The New Example", "BE")


def test_what_cannot_be_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(InvalidOutletError):
        outlet_edits.revert(connection, DOMAIN, to=7, seen=0, made_by="Ada", reason="r")
    with pytest.raises(InvalidOutletError):
        save(engine, Outlet(domain="other.org", name="Other"), 0)
    assert held(engine) is None
