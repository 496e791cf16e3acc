"""Processes killed at random moments of writing: nothing acknowledged is lost, nothing is broken.

Ten rounds of ten kills a database. A round is a test of its own, so that a run that is cut goes on
with ``-k`` where it stopped.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.importing import import_claims
from contextlib_news_server.store.tables import claim_facets, revisions
from contextlib_news_server.store.tables import claims as table
from sqlalchemy import Engine, func, text
from sqlalchemy import select as query

from contextlib_news.models import Claim

KILLS = 10

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


class Child:
    """A process that writes and tells on a pipe what was acknowledged to it."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        self._read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._read)
            try:
                work(lambda line: _tell(write, line))
            finally:
                os._exit(1)
        os.close(write)

    def kill_after(self, lines: int, seconds: float) -> list[str]:
        """Kill it so long after so many lines; return the whole lines that it told.

        Counted in what it did, so that a slow machine is killed in the same places as a fast one.
        """
        said = b""
        while said.count(b"\n") < lines and (piece := os.read(self._read, 65_536)):
            said += piece
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while piece := os.read(self._read, 65_536):
            said += piece
        os.close(self._read)
        return said.decode().split("\n")[:-1]


def _tell(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def write_on(address: str, folder: Path, turn: int) -> Callable[[Callable[[str], None]], None]:
    """Return work without end: edits, imports and the index that follows them."""

    def work(tell: Callable[[str], None]) -> None:
        engine = open_database(address, seed_new=False)
        matcher = Matcher(engine, 0.0, folder=folder)
        tell("ready")
        for number in range(1_000_000):
            claim_id = f"shared-{number % 7}"
            with engine.begin() as connection:
                held = drafts.find(connection, claim_id)
                seen = None if held is None else held.newest.revision
                claim = Claim(id=claim_id, text=f"Turn {turn}, number {number}.", topics=("t",))
                new = drafts.save_draft(
                    connection, claim, seen=seen, made_by="child", reason="edit"
                )
                new = drafts.publish(
                    connection, claim_id, seen=new.newest.revision, made_by="child"
                )
            tell(f"edit {claim_id} {new.newest.revision}")
            if number % 3 == 1:
                rows = [Claim(id=f"i{turn}-{number}-{n}", text=f"Row {n}.") for n in range(40)]
                import_claims(engine, rows, source=f"import {turn}", made_by="child")
                tell(f"import i{turn}-{number}- 40")
            if number % 3 == 2:
                matcher.current()

    return work


@pytest.mark.slow
@pytest.mark.parametrize("round_", range(10))
def test_kills(database: str, tmp_path: Path, round_: int) -> None:
    chance = random.Random(round_)
    folder = tmp_path / "data"
    open_database(database, seed_new=False).dispose()
    acknowledged: dict[str, int] = {}
    imported: dict[str, int] = {}
    for turn in range(KILLS):
        child = Child(write_on(database, folder, turn))
        for line in child.kill_after(1 + chance.randrange(12), chance.expovariate(20.0)):
            if line.startswith("edit"):
                _, claim_id, revision = line.split(" ")
                acknowledged[claim_id] = int(revision)
            elif line.startswith("import"):
                _, prefix, count = line.split(" ")
                imported[prefix] = int(count)
        engine = open_database(database, seed_new=False)
        check(engine, acknowledged, imported)
        check_index(engine, folder)
        engine.dispose()
    assert acknowledged
    assert imported


def check(engine: Engine, acknowledged: dict[str, int], imported: dict[str, int]) -> None:
    """Assert that what was acknowledged is there and that everything belongs together."""
    with read(engine) as connection:
        for claim_id, revision in acknowledged.items():
            held = drafts.find(connection, claim_id)
            assert held is not None
            assert held.newest.revision >= revision
            # No half step: what was drafted and published in one transaction is both or neither.
            assert held.stage == ClaimState.PUBLISHED
        for prefix, count in imported.items():
            like = table.c.id.like(f"{prefix}%")
            found = connection.scalar(query(func.count()).select_from(table).where(like))
            assert found == count
        newest = (
            query(func.max(revisions.c.number))
            .where(revisions.c.kind == "claim", revisions.c.key == table.c.id)
            .scalar_subquery()
        )
        apart = connection.scalar(
            query(func.count()).select_from(table).where(table.c.touched != newest)
        )
        assert apart == 0
        edited = table.c.id.like("shared-%")
        facets = query(func.count()).select_from(claim_facets)
        rows = query(func.count()).select_from(table).where(edited)
        assert connection.scalar(facets) == connection.scalar(rows)
        if engine.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.execute(
                text("INSERT INTO claim_words (claim_words) VALUES ('integrity-check')")
            )


def check_index(engine: Engine, folder: Path) -> None:
    """Assert that the index of a new start holds what is published, no more and no less."""
    matcher = Matcher(engine, 0.0, folder=folder)
    with read(engine) as connection:
        published = list(claims.published(connection))
    assert list(matcher.current().index) == published
