"""Export, import into an empty database, export: the same bytes, from one database to the other."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.importing import import_claims
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from contextlib_news.formats.claim_objects import claim_from_dict, claim_to_dict, write_claims
from contextlib_news.formats.claims import read_claims
from contextlib_news.models import Claim
from tests.contextlib_news.formats import claim_strategies

NUMBERS = itertools.count()


def odd_claims(count: int) -> list[Claim]:
    """Claims of the property tests with every field filled, in what a database can keep."""
    found: dict[str, Claim] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(claim_strategies.claims(full=True))
    def collect(claim: Claim) -> None:
        kept = claim_from_dict(_keepable(claim_to_dict(claim)))
        # Small examples come again and again; each claim gets an id of its own.
        kept = replace(kept, id=f"{kept.id}-{len(found)}")
        found[kept.id] = kept

    collect()
    return list(found.values())


def _keepable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "0")
    if isinstance(value, list):
        return [_keepable(item) for item in value]
    if isinstance(value, dict):
        return {name: _keepable(item) for name, item in value.items()}
    return value


def exported(engine: Engine) -> str:
    stream = io.StringIO()
    with read(engine) as connection:
        write_claims(claims.published(connection), stream)
    return stream.getvalue()


def bring(engine: Engine, path: Path) -> tuple[int, int]:
    counts = import_claims(engine, read_claims(path), source=path.name, made_by="import")
    return counts.added, counts.rejected


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A second empty database, of the same kind as the first or of the other."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'other' / 'claims.db'}", seed_new=False)
    else:
        from tests.server.conftest import _administer, make_url

        server = request.getfixturevalue("postgresql")
        template = request.getfixturevalue("postgresql_template")
        name = f"other_{next(NUMBERS)}"
        _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        address = make_url(server).set(database=name).render_as_string(hide_password=False)
        engine = open_database(address, seed_new=False)
    yield engine
    engine.dispose()


def test_every_field_and_odd_letters_survive_both_databases(
    engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    rows = odd_claims(40)
    assert len(rows) > 20
    given_file, first_file = tmp_path / "given.jsonl", tmp_path / "first.jsonl"
    with given_file.open("w", encoding="utf-8", newline="\n") as file:
        write_claims(rows, file)
    assert bring(engine, given_file) == (len(rows), 0)
    first = exported(engine)
    ids = [json.loads(line)["id"] for line in first.split("\n") if line]
    assert ids == sorted(ids)
    held = {
        claim.id: claim
        for claim in (claim_from_dict(json.loads(x)) for x in first.split("\n") if x)
    }
    assert held == {claim.id: claim for claim in rows}
    first_file.write_text(first, encoding="utf-8", newline="\n")
    assert bring(empty, first_file) == (len(rows), 0)
    assert exported(empty) == first
    again = import_claims(empty, read_claims(first_file), source="first.jsonl", made_by="import")
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(rows))
    assert exported(empty) == first


def test_a_claim_without_any_field_is_none_the_richer_for_it(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"id": "a", "text": "The bridge opened in 1931."}\n', encoding="utf-8")
    assert bring(engine, path) == (1, 0)
    (claim,) = [claim_from_dict(json.loads(line)) for line in exported(engine).splitlines()]
    assert replace(claim, created=None, updated=None) == Claim(
        id="a", text="The bridge opened in 1931."
    )
