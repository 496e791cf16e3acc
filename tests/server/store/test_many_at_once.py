"""Four writers and eight readers at once: no lost update, and nobody sees half a change.

Twenty seconds a database; ``--soak-seconds 300`` for the five minutes.
"""

from __future__ import annotations

import json
import os
import random
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from contextlib_news_server.store import claims, drafts, revisions
from contextlib_news_server.store.database import open_database, read, snapshot
from contextlib_news_server.store.listings import ClaimQuery, list_claims
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.tables import claim_facets
from contextlib_news_server.store.tables import claims as table
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from contextlib_news.formats.claims import claim_from_dict
from contextlib_news.models import Claim

WRITERS = 4
READERS = 8
SHARED = 5

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


@dataclass(slots=True)
class Told:
    """What a process did, written to a file when it ends."""

    changes: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    retries: int = 0
    reads: int = 0
    complaints: list[str] = field(default_factory=list)


@pytest.mark.slow
def test_no_update_is_lost_and_no_change_is_seen_half(
    database: str, tmp_path: Path, soak_seconds: float
) -> None:
    engine = open_database(database, seed_new=False)
    with engine.begin() as connection:
        for number in range(SHARED):
            claims.save(connection, counted(number, 0), made_by="a test", reason="start")
    engine.dispose()
    until = time.time() + soak_seconds
    works: list[Callable[[Engine, Told], None]] = []
    works += [lambda e, t, w=w: write(e, t, w, until) for w in range(WRITERS)]  # type: ignore[misc]
    works += [lambda e, t, r=r: look(e, t, r, until) for r in range(READERS)]  # type: ignore[misc]
    children = [start(work, database, tmp_path / f"{n}.json") for n, work in enumerate(works)]
    ended = [os.waitpid(pid, 0)[1] for pid in children]
    assert ended == [0] * len(children)
    told = [Told(**json.loads((tmp_path / f"{n}.json").read_text())) for n in range(len(works))]
    assert [complaint for one in told for complaint in one.complaints] == []
    engine = open_database(database, seed_new=False)
    with read(engine) as connection:
        for number in range(SHARED):
            kept = claims.get(connection, f"c{number}")
            assert kept is not None
            made = sum(one.changes.get(kept.id, 0) for one in told)
            assert int((kept.title or "").split()[-1]) == made
            # Each change is a draft and its publication.
            assert kept.revision == 1 + 2 * made
            (newest,) = revisions.history(connection, "claim", kept.id, limit=1)
            assert newest.revision == kept.revision
    engine.dispose()
    assert sum(one.reads for one in told) > 0
    print(
        f"{sum(sum(one.changes.values()) for one in told)} changes, "
        f"{sum(one.conflicts for one in told)} conflicts merged, "
        f"{sum(one.retries for one in told)} retries, {sum(one.reads for one in told)} reads"
    )


def counted(number: int, count: int) -> Claim:
    """Return a claim that says one number in four places."""
    return Claim(
        id=f"c{number}",
        text=f"Claim {number} at {count}.",
        title=f"count {count}",
        summary=f"The count is {count}",
        topics=(f"count-{count}",),
    )


def start(work: Callable[[Engine, Told], None], address: str, path: Path) -> int:
    """Run work in a process of its own."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        told = Told()
        try:
            engine = open_database(address, seed_new=False)
            work(engine, told)
            engine.dispose()
        except Exception:
            told.complaints.append(traceback.format_exc()[-2_000:])
        values = {name: getattr(told, name) for name in Told.__dataclass_fields__}
        path.write_text(json.dumps(values))
        code = 0
    finally:
        os._exit(code)


def write(engine: Engine, told: Told, writer: int, until: float) -> None:
    """Count claims up: read in one transaction, save in another, merge where others were faster."""
    chance = random.Random(writer)
    while time.time() < until:
        number = chance.randrange(SHARED)
        with read(engine) as connection:
            held = drafts.find(connection, f"c{number}")
        assert held is not None
        claim, seen = held.newest, held.newest.revision
        while True:
            count = int((claim.title or "").split()[-1]) + 1
            new = replace(counted(number, count), revision=claim.revision, created=claim.created)
            try:
                with engine.begin() as connection:
                    draft = drafts.save_draft(
                        connection, new, seen=seen, made_by=f"w{writer}", reason="count"
                    )
                    drafts.publish(
                        connection, new.id, seen=draft.newest.revision, made_by=f"w{writer}"
                    )
            except ConflictError as conflict:
                told.conflicts += 1
                if conflict.base is None or conflict.theirs is None:
                    told.complaints.append("a conflict without both versions and their base")
                    return
                claim, seen = claim_from_dict(dict(conflict.theirs)), conflict.revision
                continue
            except OperationalError:
                told.retries += 1
                continue
            told.changes[new.id] = told.changes.get(new.id, 0) + 1
            break


def look(engine: Engine, told: Told, reader: int, until: float) -> None:
    """Read claims in several ways; complain of a half change or of one that goes back."""
    chance = random.Random(reader)
    seen: dict[str, int] = {}
    while time.time() < until:
        claim_id = f"c{chance.randrange(SHARED)}"
        with snapshot(engine) as connection:
            row = connection.execute(select(table).where(table.c.id == claim_id)).one()
            facets = connection.scalars(
                select(claim_facets.c.value).where(claim_facets.c.claim == row.number)
            ).all()
            claim = claims.get(connection, claim_id)
            (newest,) = revisions.history(connection, "claim", claim_id, limit=1)
            page = list_claims(connection, ClaimQuery(topic=facets[0] if facets else "none"))
            word = list_claims(connection, ClaimQuery(text=f"claim {claim_id[1:]} at "))
        told.reads += 1
        if claim is None:
            told.complaints.append(f"{claim_id} is gone")
            continue
        count = (claim.title or "").split()[-1]
        said = [claim.text, claim.summary, *claim.topics, *facets]
        if not all(text is not None and text.strip(".").endswith(count) for text in said):
            told.complaints.append(f"half a change: {said}")
        if row.stage != "published" or newest.revision != claim.revision:
            told.complaints.append(f"a row and its history apart: {row.revision}")
        if any(claim_id not in [c.id for c in found.claims] for found in (page, word)):
            told.complaints.append(f"{claim_id} is in no list of what it says")
        if claim.revision < seen.get(claim_id, 0):
            told.complaints.append(f"{claim_id} went back")
        seen[claim_id] = claim.revision
