"""What the lists of the desk and the public pages cost at size, through the application itself.

``python -m benchmarks.desk --database URL --folder FOLDER`` takes a database that
``benchmarks.store`` filled, adds what waits, was disputed, was imported and who works there (once),
opens the service on it with FOLDER for its files, signs an administrator in and asks for every
list: its first page and, where it goes on, the page forty steps behind. Answers are whole: the
query, the page, and what the application does around it.

``wall`` is by the clock; ``own`` is this process's processor time, which on SQLite is all there is;
``server`` is that of PostgreSQL's processes where they run on the same machine. On a machine that
is busy with other things the sum of the two says what a list costs.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import outlets, users
from contextlib_news_server.store.batches import add_rows
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.tables import (
    claim_counts,
    claims,
    flags,
    imports,
    queue_items,
    sign_ins,
    sources,
    subscriptions,
    tokens,
)
from contextlib_news_server.store.users import Role
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, Table, update

from benchmarks.server_time import ServerTime
from contextlib_news.models import Outlet, Rating

__all__ = ["main"]

NAME, PASSWORD = "bench", "correct horse battery staple"
WANTED_MILLISECONDS = 100
REPEATS = 7
DEEP = 40
MOMENT = "2026-01-{:02}T12:00:00+00:00"

DISPUTES, WAITING, OUTLETS, FEEDS, RUNS, PEOPLE = 200_000, 200_000, 25_000, 400, 5_000, 300
KINDS = ("dispute", "unmatched", "subscription", "evidence", "expired", "source-differs")

# What is asked for: name and address. The first page of each, and a deep one where there is one.
LISTS: Mapping[str, str] = {
    "desk: start": "/admin/",
    "desk: claims": "/admin/claims",
    "desk: claims, drafts": "/admin/claims?stage=draft",
    "desk: claims, published": "/admin/claims?stage=published",
    "desk: claims, retired": "/admin/claims?stage=retired",
    "desk: claims by end of validity": "/admin/claims?order=valid_until",
    "desk: claims, drafts by end of validity": "/admin/claims?order=valid_until&stage=draft",
    "desk: claims in a language": "/admin/claims?language=de",
    "desk: claims of a common topic": "/admin/claims?topic=health",
    "desk: claims of a rare topic": "/admin/claims?topic=rare",
    "desk: claims of a publisher": "/admin/claims?publisher=Check+1",
    "desk: claims, topic, language, publisher": (
        "/admin/claims?topic=health&language=de&publisher=Check+1"
    ),
    "desk: claims, drafts of a topic": "/admin/claims?topic=health&stage=draft",
    "desk: claims, retired in a language": "/admin/claims?language=ar&stage=retired",
    "desk: claims with a common word": "/admin/claims?text=the+",
    "desk: claims with two common words": "/admin/claims?text=the+of+",
    "desk: claims with a rare word": "/admin/claims?text=muller+zoe+",
    "desk: claims with a word that is none": "/admin/claims?text=qqqqzzzz+",
    "desk: claims with the beginning of a word": "/admin/claims?text=gove",
    "desk: claims, common and rare word": "/admin/claims?text=the+zoe+",
    "desk: claims, word and topic": "/admin/claims?text=the+&topic=health",
    "desk: claims, word, language, drafts": "/admin/claims?text=the+&language=de&stage=draft",
    "desk: a claim": "/admin/claims/edit/claim-00000007",
    "desk: history of a claim": "/admin/claims/history/claim-00000007",
    "desk: queue": "/admin/queue",
    "desk: queue of a kind": "/admin/queue?kind=evidence",
    "desk: queue, a kind that is none": "/admin/queue?kind=nothing",
    "desk: queue, mine": "/admin/queue?mine=yes",
    "desk: queue, mine of a kind": "/admin/queue?mine=yes&kind=expired",
    "desk: outlets": "/admin/outlets",
    "desk: outlets by beginning": "/admin/outlets?text=gazette1",
    "desk: outlets by part of a name": "/admin/outlets?text=zette+77",
    "desk: outlets, none": "/admin/outlets?text=qqqqzzzz",
    "desk: sources": "/admin/sources",
    "desk: removal of a source": "/admin/sources/1/remove",
    "desk: imports": "/admin/imports",
    "desk: feeds": "/admin/subscriptions",
    "desk: people": "/admin/people",
    "public: a claim": "/claims/claim-00000007",
    "public: a withdrawn claim": "/claims/claim-00000103",
    "public: an outlet": "/outlets/gazette77.com",
    "public: log of disputes": "/disputes",
    "public: changes": "/changes.atom",
    "public: sitemap": "/sitemap.xml",
    "public: sitemap, claims": "/sitemap/claims-3.xml",
    "public: sitemap, outlets": "/sitemap/outlets-1.xml",
    "API: claims": "/api/v1/claims",
    "API: a claim": "/api/v1/claims/claim-00000007",
    "API: outlets": "/api/v1/outlet-list",
    "API: search": "/v1alpha1/claims:search?query=economy+growth",
}


def main() -> int:
    """Run from the command line; the measurements go to standard output as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.desk")
    parser.add_argument("--database", required=True, metavar="URL", help="of benchmarks.store")
    parser.add_argument("--folder", required=True, type=Path, help="for index and other files")
    parser.add_argument("--only", default="", metavar="PART", help="lists that are named so")
    options = parser.parse_args()
    engine = open_database(options.database, seed_new=False)
    fill(engine)
    results: dict[str, Any] = {"database": engine.dialect.name, "load": [os.getloadavg()[0]]}
    engine.dispose()
    config = Config.from_env(
        {
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(options.folder),
            "CONTEXTLIB_NEWS_DATABASE": options.database,
        }
    )
    app = create_app(replace(config, rate_limit="", max_seconds=60.0))
    began, cpu = time.monotonic(), time.process_time()
    results["claims"] = len(app.extensions[KEY].matcher.current().index)
    results["index ready, seconds"] = round(time.monotonic() - began, 2)
    results["index ready, CPU seconds"] = round(time.process_time() - cpu, 2)
    client = app.test_client()
    sign_in(client)
    results["milliseconds"] = found = dict(
        measure(client, ServerTime(app.extensions[KEY].engine), options.only)
    )
    for kind in ("wall", "cost"):
        slow = [name for name, times in found.items() if times[kind] > WANTED_MILLISECONDS]
        results[f"{kind} above {WANTED_MILLISECONDS} ms"] = slow
    results["load"].append(os.getloadavg()[0])
    json.dump(results, sys.stdout, indent=1)
    print()
    return 0


def measure(
    client: FlaskClient, server: ServerTime, only: str = ""
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the name of each list and page with its times in milliseconds."""
    for name, path in LISTS.items():
        if only not in name:
            continue
        yield name, _time(client, path, server)
        deep: str | None = path
        for _ in range(DEEP):
            if (deep := _next(client, deep or path)) is None:
                break
        if deep is not None:
            yield f"{name}, page {DEEP + 1}", _time(client, deep, server)


def sign_in(client: FlaskClient) -> None:
    """Sign the administrator in that :func:`fill` added."""
    form = client.get("/admin/sign-in").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    data = {"form_token": token[1] if token else "", "name": NAME, "password": PASSWORD}
    answer = client.post("/admin/sign-in", data=data)
    if answer.status_code != 302:
        raise SystemExit(f"nobody is signed in: {answer.status}")


def _time(client: FlaskClient, path: str, server: ServerTime) -> dict[str, float]:
    """Return medians of some requests after a first one; ``cost`` is own and server's together."""
    wall, own, theirs, size = [], [], [], 0
    for turn in range(REPEATS + 1):
        began, cpu, there = time.perf_counter(), time.process_time(), server.milliseconds()
        answer = client.get(path)
        size = len(answer.data)
        if turn:
            wall.append(1_000 * (time.perf_counter() - began))
            own.append(1_000 * (time.process_time() - cpu))
            theirs.append(server.milliseconds() - there)
        if answer.status_code not in (200, 410):
            raise SystemExit(f"{path}: {answer.status} {answer.text[:300]}")
    return {
        "wall": round(statistics.median(wall), 1),
        "worst": round(max(wall), 1),
        "own": round(statistics.median(own), 1),
        "server": round(statistics.median(theirs), 1),
        "cost": round(statistics.median(map(sum, zip(own, theirs, strict=True))), 1),
        "bytes": size,
    }


def _next(client: FlaskClient, path: str) -> str | None:
    """Return the address of the following page, None where a list ends."""
    answer = client.get(path)
    if answer.is_json:
        after = answer.json.get("next") or answer.json.get("nextPageToken")
        if not after:
            return None
        place = "pageToken" if "nextPageToken" in answer.json else "after"
        bare = re.sub(rf"([?&]){place}=[^&]*&?", r"\1", path).rstrip("?&")
        return f"{bare}{'&' if '?' in bare else '?'}{place}={quote(str(after), safe='')}"
    found = re.search(r'<(?:a|link) rel="next"[^>]*? href="([^"]+)"', answer.text) or re.search(
        r'<a href="(/disputes\?before=[^"]+)"', answer.text
    )
    return None if found is None else html.unescape(found[1]).removeprefix("http://localhost")


# --- What the lists hold beside claims ------------------------------------------------------------


def fill(engine: Engine) -> None:
    """Add drafts, withdrawn claims, disputes, a queue, outlets, feeds and people, once."""
    with read(engine) as connection:
        if users.get(connection, NAME) is not None:
            return
    with engine.begin() as connection:
        _stages(connection)
        _work(connection)
        _sources(connection)
    rating = Rating(source="Rater", label="high", url="https://rater.example/")
    for first in range(0, OUTLETS, 500):
        some = [
            Outlet(domain=f"gazette{number}.com", name=f"Gazette {number}", ratings=(rating,))
            for number in range(first, first + 500)
        ]
        with engine.begin() as connection:
            outlets.save_many(connection, some, made_by="bench", reason="measured")
    with engine.begin() as connection:
        for number in range(PEOPLE):
            users.add(
                connection, f"person {number:03}", role=Role.CURATOR, password=None, made_by="bench"
            )
        users.add(connection, NAME, role=Role.ADMINISTRATOR, password=PASSWORD, made_by="bench")
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _stages(connection: Connection) -> None:
    """Make of each thousand claims three withdrawn and one a draft that never was public."""
    for rest, state in ((103, "retired"), (203, "retired"), (303, "retired"), (5, "draft")):
        connection.execute(
            update(claims)
            .where(claims.c.number % 1_000 == rest + 1)
            .values(state=state, stage=state)
        )


def _work(connection: Connection) -> None:
    _add(
        connection,
        flags,
        (
            {
                "made": MOMENT.format(1 + number % 28),
                "claim_id": f"claim-{number * 7 % 50_000:08}",
                "reason": "This is not what was said.",
                "state": "answered" if number % 2 else "open",
                "decision": "kept" if number % 2 else None,
                "decision_reason": "It was said so." if number % 2 else None,
                "decided": MOMENT.format(1 + number % 28) if number % 2 else None,
                "decided_by": "bench" if number % 2 else None,
            }
            for number in range(1, DISPUTES + 1)
        ),
    )
    _add(
        connection,
        queue_items,
        (
            {
                "kind": KINDS[number % len(KINDS)],
                "state": "done" if number % 3 == 0 else "open",
                "claim_id": f"claim-{number * 11 % 50_000:08}",
                "reason": "The page is gone.",
                "made": MOMENT.format(1 + number % 28),
                "made_by": "feed",
                # What one person works on lies far apart, and most of it at the end.
                "taken_by": NAME if number % 2_000 == 1_001 else None,
            }
            for number in range(1, WAITING + 1)
        ),
    )
    _add(
        connection,
        claim_counts,
        (
            {"claim_id": f"claim-{number:08}", "day": time.strftime("%Y-%m-%d"), "shown": number}
            for number in range(50_000)
        ),
    )
    _add(
        connection,
        sign_ins,
        (
            {"made": MOMENT.format(1 + number % 28), "name": f"person {number % 300}"}
            | {"outcome": "right", "address": "127.0.0.1"}
            for number in range(100_000)
        ),
    )


def _sources(connection: Connection) -> None:
    moment = MOMENT.format(1)
    names = [f"feed {number:03}" for number in range(FEEDS)]
    _add(
        connection,
        sources,
        (
            {"number": 1_000 + place, "name": name, "kind": "subscription", "state": "active"}
            | {"imported": moment, "made_by": "bench", "revision": 1}
            for place, name in enumerate(names)
        ),
    )
    _add(
        connection,
        subscriptions,
        (
            {"name": name, "source": 1_000 + place, "address": f"https://feed{place}.example/"}
            | {"format": "complete", "every_seconds": 3_600, "publish": False}
            | {"enabled": True, "failures": 0, "revision": 1, "created": moment, "updated": moment}
            for place, name in enumerate(names)
        ),
    )
    counted = {"added": 10, "changed": 0, "unchanged": 0, "rejected": 0}
    _add(
        connection,
        imports,
        (
            {"source": 1_000 + number % FEEDS, "state": "done", "file": "feed.json"}
            | {"started": moment, "finished": moment, "made_by": "bench"}
            | counted
            for number in range(RUNS)
        ),
    )
    _add(
        connection,
        tokens,
        (
            {"digest": f"{number:064}", "name": f"script {number}", "scopes": "read"}
            | {"created": moment, "made_by": "bench"}
            for number in range(PEOPLE)
        ),
    )


def _add(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 5_000:
            add_rows(connection, table, batch)
            batch = []
    add_rows(connection, table, batch)


if __name__ == "__main__":
    sys.exit(main())
