"""What looking up 500 domains costs the service: ``python -m benchmarks.outlets [FOLDER]``.

The directory holds the starter outlets and, where the folder with rated lists is there
(``../shared/data/outlets``), every domain that they rate; the domains asked for are drawn from both
and a tenth of them is unknown. Measured is the processor time of the whole request in the service,
next to a bare dictionary that is asked for the same domains and written as JSON by the same
encoder: the floor of what any answer of that size costs.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import outlets as store

from contextlib_news.context.domains import registrable_domain
from contextlib_news.formats.answer import outlet_to_answer
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.models import Outlet, Rating

ASKED = 500
UNKNOWN = 50
ROUNDS = 15
SEED = 500


def measure(folder: Path) -> dict[str, float]:
    """Return milliseconds of processor time for one request, the floor, and how many are held."""
    rated = _rated(folder)
    with tempfile.TemporaryDirectory() as place:
        config = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": place})
        app = create_app(replace(config, rate_limit=""))
        engine = app.extensions[KEY].engine
        with engine.begin() as connection:
            store.save_many(connection, rated, made_by="benchmark", reason="benchmark")
        directory = app.extensions[KEY].matcher.current().outlets
        domains = _drawn([outlet.domain for outlet in directory])
        body = json.dumps({"domains": domains}).encode()
        client = app.test_client()

        def ask() -> None:
            answer = client.post("/api/v1/outlets", data=body, content_type="application/json")
            assert answer.status_code == 200

        table = {outlet.domain: outlet_to_answer(outlet) for outlet in directory}

        def floor() -> None:
            json.dumps({"outlets": {domain: table.get(domain) for domain in domains}})

        return {
            "held": len(directory),
            "request": _best(ask),
            "forgotten": _best(ask, registrable_domain.cache_clear),
            "floor": _best(floor),
        }


def _rated(folder: Path) -> list[Outlet]:
    """Return the rated domains of the lists, each with one rating, that no starter outlet has."""
    domains: set[str] = set()
    for path in sorted(folder.glob("*20*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            domains |= {row["domain"] for row in csv.DictReader(file)}
    known = {outlet.domain for outlet in load_outlets()}
    rating = Rating(source="Benchmark", label="0.50 of 1", score=0.5, scale=(0, 1), date="2026")
    return [Outlet(domain=d, name=d, ratings=(rating,)) for d in sorted(domains - known - {""})]


def _drawn(domains: list[str]) -> list[str]:
    rng = random.Random(SEED)
    asked = rng.sample(domains, min(len(domains), ASKED - UNKNOWN))
    asked += [f"unknown-{number}.example" for number in range(ASKED - len(asked))]
    rng.shuffle(asked)
    return asked


def _best(work: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    """Return the least milliseconds of processor time of one run; the rest is other work."""
    times = []
    for _ in range(ROUNDS):
        before()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times) * 1_000


if __name__ == "__main__":
    found = measure(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/outlets"))
    print(
        f"{ASKED} domains in one request, {found['held']:.0f} outlets held: "
        f"{found['request']:.1f} ms of processor time, {found['forgotten']:.1f} ms for domains "
        f"never seen before; a dictionary written as JSON: {found['floor']:.1f} ms"
    )
