"""Three machines, PostgreSQL, Redis and nginx under load, one of them killed every few seconds.

``--soak-seconds 300`` for the reported five minutes. Every answer must be right, every write that
was acknowledged must be there; how many requests failed is printed.
"""

from __future__ import annotations

import itertools
import math
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from contextlib_news_server.matcher import STALE_SECONDS
from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.tables import flags
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from contextlib_news.models import Claim
from tests.faults.machines import (
    PATIENCE,
    Json,
    Nginx,
    Postgresql,
    Process,
    Redis,
    Service,
    ask,
    claims_told,
    until,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs addresses such as 127.0.0.2"),
]

READERS = 6
EVERY_SECONDS = 10.0

# A change is in every answer so long after it was acknowledged: the time that notes go on without
# the database, and what starting again takes on a busy machine. What changed later may be either.
SETTLED_SECONDS = STALE_SECONDS + 10.0

CONSONANTS = "bcdfghjklmnprstvwz"
NOBODY = "My neighbour thinks that the weather will be fine on Sunday."


@dataclass(slots=True)
class Cluster:
    """All of it, with what the test did and saw."""

    services: list[Service]
    database: Postgresql
    counts: Redis
    proxy: Nginx
    engine: Engine
    ended: threading.Event
    published: dict[str, float] = field(default_factory=dict)
    retired: dict[str, float] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    flagged: list[int] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0


@pytest.fixture
def cluster(tmp_path: Path, root: Path) -> Iterator[Cluster]:
    """Three machines of one process each behind nginx, over one database."""
    counts = Redis(tmp_path / "redis")
    database = Postgresql()
    share = tmp_path / "share"
    share.mkdir()
    environment = {
        "CONTEXTLIB_NEWS_DATABASE": database.address,
        "CONTEXTLIB_NEWS_RATE_STORAGE": counts.address,
        "CONTEXTLIB_NEWS_RATE_LIMIT": "100000 per minute",
        "CONTEXTLIB_NEWS_SECRET_KEY": "5" * 64,
        "CONTEXTLIB_NEWS_INDEX_SHARE": str(share),
        "CONTEXTLIB_NEWS_PROXIES": "1",
    }
    services = [
        Service(tmp_path / host, host, environment)
        for host in ("127.0.0.2", "127.0.0.3", "127.0.0.4")
    ]
    proxy = Nginx(tmp_path / "nginx", root / "server" / "nginx.conf.template", services)
    parts: list[Process] = [counts, *services, proxy]
    ended = threading.Event()
    try:
        for part in parts:
            part.start()
        engine = open_database(database.address)
        for service in services:
            until(service.ready, f"the service at {service.host}")
        yield Cluster(services, database, counts, proxy, engine, ended)
        engine.dispose()
    finally:
        # Also where the test failed: whoever still asks would keep the run from ending.
        ended.set()
        for part in parts:
            part.kill()
        database.remove()


def test_parts_are_killed_under_load(cluster: Cluster, soak_seconds: float) -> None:
    seconds = max(soak_seconds, 40.0)
    works = [
        *(threading.Thread(target=read_pages, args=(cluster, n)) for n in range(READERS)),
        threading.Thread(target=flag_notes, args=(cluster,)),
        threading.Thread(target=publish_claims, args=(cluster,)),
    ]
    for work in works:
        work.start()
    killed = kill_parts(cluster, time.monotonic() + seconds)
    # All is there again: the last second of it without a fault.
    for service in cluster.services:
        until(service.ready, f"the service at {service.host}")
    cluster.ended.set()
    for work in works:
        work.join(PATIENCE)
        assert not work.is_alive(), "a request hangs"
    assert cluster.wrong == []
    check_writes(cluster)
    check_all_agree(cluster)
    check_shared_counts(cluster)
    answered = sum(cluster.statuses.values())
    right = cluster.statuses["annotated"] + cluster.statuses["flagged"]
    refused = cluster.statuses["503"] + cluster.statuses["429"]
    assert right > answered / 2
    print(
        f"\n{seconds:.0f} s, {killed}: {answered} requests, {right} right, {refused} refused with "
        f"Retry-After, {answered - right - refused} without an answer "
        f"({100 * (answered - right) / answered:.2f} % in all), 0 wrong, slowest "
        f"{cluster.slowest:.1f} s; {len(cluster.published)} claims published, "
        f"{len(cluster.retired)} taken back, {len(cluster.flagged)} flags, none lost; "
        f"{dict(cluster.statuses)}"
    )


def kill_parts(cluster: Cluster, end: float) -> dict[str, int]:
    """Kill one after the other, and start again what nothing else starts; return how often each."""
    done: Counter[str] = Counter()
    services = itertools.cycle(cluster.services)
    for kind in itertools.cycle(("process", "database", "counts", "machine", "proxy", "upgrade")):
        if time.monotonic() + EVERY_SECONDS > end:
            return dict(done)
        time.sleep(EVERY_SECONDS - 2.0)
        service = next(services)
        if kind == "process":
            service.kill_child()
        elif kind == "upgrade":
            os.kill(service.pid, signal.SIGHUP)
        elif kind == "proxy":
            cluster.proxy.kill_child()
        elif kind == "database":
            cluster.database.kill()
        else:
            (cluster.counts if kind == "counts" else service).kill()
        done[kind] += 1
        time.sleep(2.0)
        if kind == "database":
            cluster.database.start()
        elif kind in ("counts", "machine"):
            (cluster.counts if kind == "counts" else service).start()
    raise AssertionError


def sentence(claim_id: str) -> str:
    """Return what a claim says; no two have a word in common that tells them apart."""
    chance = random.Random(claim_id)
    words = [
        "".join(chance.choice(CONSONANTS) + chance.choice("aeiou") for _ in range(4))
        for _ in range(6)
    ]
    one, two, three, four, five, six = words
    return f"{one.title()} {two.title()} sold {three} {four} to {five.title()} {six.title()}."


def read_pages(cluster: Cluster, reader: int) -> None:
    """Ask for the notes on pages until the end, and hold each answer against what is known."""
    chance = random.Random(reader)
    while not cluster.ended.is_set():
        known = list(cluster.begun)
        asked = chance.sample(known, min(4, len(known)))
        body = {
            "url": "https://example.org/story",
            "blocks": [
                {"id": str(n), "text": text, "role": "paragraph"}
                for n, text in enumerate([NOBODY, *map(sentence, asked)])
            ],
        }
        began = time.monotonic()
        answer = send(cluster, "/api/v1/annotate", body, f"127.0.1.{reader + 1}")
        if answer is None:
            time.sleep(0.1)
            continue
        cluster.statuses["annotated"] += 1
        told = claims_told(answer)
        for claim_id in asked:
            due = cluster.published.get(claim_id, began) + SETTLED_SECONDS
            gone = cluster.retired.get(claim_id, began) + SETTLED_SECONDS
            if claim_id not in told and due < began and claim_id not in cluster.retired:
                cluster.wrong.append(f"no note on {claim_id}")
            if claim_id in told and gone < began:
                cluster.wrong.append(f"a note on {claim_id}, which was taken back")
        if not told <= set(asked):
            cluster.wrong.append(f"asked about {asked}, told of {told}")


def flag_notes(cluster: Cluster) -> None:
    """Flag notes until the end; each reader may flag a few an hour, so that all are others."""
    for number in itertools.count():
        if cluster.ended.wait(0.2):
            return
        source = f"127.1.{number // 250}.{number % 250 + 1}"
        body = {"claim_id": "any", "reason": f"flag {number}"}
        answer = send(cluster, "/api/v1/flags", body, source)
        if answer is not None:
            cluster.statuses["flagged"] += 1
            cluster.flagged.append(answer["id"])


def send(cluster: Cluster, path: str, body: Json, source: str) -> Json | None:
    """Ask through nginx; None where there was no answer or a refusal, which is counted."""
    began = time.monotonic()
    try:
        status, said, headers = ask(
            "127.0.0.1",
            cluster.proxy.port,
            "POST",
            path,
            body,
            source=source,
            tls=cluster.proxy.trust,
        )
    except OSError as error:
        if isinstance(error, TimeoutError):
            cluster.wrong.append("no answer within two minutes")
        cluster.statuses[type(error).__name__] += 1
        return None
    finally:
        cluster.slowest = max(cluster.slowest, time.monotonic() - began)
    if status in (200, 201):
        return said
    cluster.statuses[str(status)] += 1
    if status in (429, 503) and "Retry-After" not in headers:
        cluster.wrong.append(f"{status} without Retry-After")
    if status not in (429, 502, 503, 504):
        cluster.wrong.append(f"answered {status}: {said}")
    return None


def publish_claims(cluster: Cluster) -> None:
    """Publish claims until the end and take some back, beside the service, as a command would."""
    for number in itertools.count():
        claim_id = f"claim-{number}"
        claim = Claim(id=claim_id, text=sentence(claim_id))
        cluster.begun.add(claim_id)
        try:
            with cluster.engine.begin() as connection:
                claims.save_many(connection, [claim], made_by="a test", reason="r")
            cluster.published[claim_id] = time.monotonic()
            if number % 5 == 4:
                held = cluster.published.keys() - cluster.retired.keys()
                back = min(held, key=cluster.published.__getitem__)
                # From here on it may be gone, also where the word of it is lost.
                cluster.retired[back] = math.inf
                with cluster.engine.begin() as connection:
                    drafts.retire(connection, back, seen=1, made_by="a test", reason="r")
                cluster.retired[back] = time.monotonic()
        except SQLAlchemyError:
            # Whether it was written is not known: nothing was acknowledged, either may be so.
            cluster.begun.discard(claim_id)
        if cluster.ended.wait(0.5):
            return


def check_writes(cluster: Cluster) -> None:
    """Hold the database against what was acknowledged."""
    cluster.engine.dispose()
    with read(cluster.engine) as connection:
        numbers = set(connection.scalars(select(flags.c.number)))
        assert set(cluster.flagged) <= numbers
        for claim_id in cluster.published:
            kept = claims.get(connection, claim_id)
            if claim_id not in cluster.retired:
                assert kept is not None, claim_id
            elif cluster.retired[claim_id] < math.inf:
                assert kept is None, claim_id


def check_all_agree(cluster: Cluster) -> None:
    """Ask each machine for every claim, past nginx: all have taken everything in."""
    with read(cluster.engine) as connection:
        change = claims.current_change(connection)
        alive = {c for c in cluster.begun if claims.get(connection, c) is not None}
    for service in cluster.services:

        def caught_up(service: Service = service) -> bool:
            said = ask(service.host, service.port, "GET", "/readyz")[1]
            return bool(said.get("change") == change)

        until(caught_up, f"{service.host} at change {change}")
        known = sorted(cluster.begun)
        for at in range(0, len(known), 20):
            some = known[at : at + 20]
            body = {"url": "https://example.org/", "text": "\n\n".join(map(sentence, some))}
            status, said, _ = ask(service.host, service.port, "POST", "/api/v1/annotate", body)
            assert status == 200
            assert claims_told(said) == alive & set(some)


def check_shared_counts(cluster: Cluster) -> None:
    """One reader may flag so many an hour, whichever machines nginx asks.

    A machine that found Redis away looks for it again only after a while.
    """
    readers = itertools.count(1)

    def shared() -> bool:
        source = f"127.2.0.{next(readers)}"
        answers = [
            ask(
                "127.0.0.1",
                cluster.proxy.port,
                "POST",
                "/api/v1/flags",
                {"reason": f"again {number}"},
                source=source,
                tls=cluster.proxy.trust,
            )
            for number in range(24)
        ]
        assert all("Retry-After" in headers for status, _, headers in answers if status == 429)
        return [status for status, *_ in answers] == [201] * 20 + [429] * 4

    until(shared, "counts that are shared")


def test_a_rolling_upgrade_fails_no_request(cluster: Cluster) -> None:
    works = [
        *(threading.Thread(target=read_pages, args=(cluster, n)) for n in range(2)),
        threading.Thread(target=flag_notes, args=(cluster,)),
        threading.Thread(target=publish_claims, args=(cluster,)),
    ]
    for work in works:
        work.start()
    for service in cluster.services:
        time.sleep(1.0)
        before = set(service.children())
        os.kill(service.pid, signal.SIGHUP)
        until(
            lambda service=service, before=before: not before & set(service.children()),
            "the end of the old process",
        )
        until(service.ready, f"the service at {service.host}")
    cluster.ended.set()
    for work in works:
        work.join(PATIENCE)
        assert not work.is_alive(), "a request hangs"
    assert cluster.wrong == []
    assert set(cluster.statuses) == {"annotated", "flagged"}
    check_writes(cluster)
    print(f"\n{dict(cluster.statuses)}, none failed, slowest {cluster.slowest:.1f} s")
