"""What the store costs at size: import, every listing, a change, on SQLite and on PostgreSQL.

``python -m benchmarks.store --claims 1000000 --database URL`` imports synthetic claims with topics,
languages, reviews and appearances through the importer that the command uses, states time and
memory, and times each kind of list at its first page, at a deep page and where filters rarely
agree. ``--keep`` goes on with what an earlier run imported.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from contextlib_news_server.store import claims as store
from contextlib_news_server.store import drafts, outlets, queue, revisions
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.importing import import_claims
from contextlib_news_server.store.listings import ClaimQuery, Order, list_claims
from sqlalchemy import Engine
from tqdm import tqdm

from benchmarks.grammar import Grammar
from benchmarks.server_time import ServerTime
from contextlib_news.models import Claim, Review, Verdict

__all__ = ["main", "synthetic_claims"]

TOPICS = "health climate war elections economy migration science crime sport media".split()
LANGUAGES = (*["en"] * 12, "de", "fr", "es", "ar")
REPEATS = 7


def synthetic_claims(count: int, seed: int = 11) -> Iterator[Claim]:
    """Yield claims in the order of their ids, the same for the same seed."""
    chance = random.Random(seed)
    for number, text in zip(range(count), Grammar().statements(), strict=False):
        topics = {chance.choice(TOPICS), *(["rare"] if number % 50_000 == 7 else [])}
        review = Review(
            publisher=f"Check {int(chance.paretovariate(0.8)) % 300}",
            rating="False",
            url=f"https://check.example/{number}",
            date="2026-01-01",
        )
        yield Claim(
            id=f"claim-{number:08}",
            text=text,
            title=f"Did {text[0].lower()}{text[1:60]}?" if number % 4 == 0 else None,
            claimant="Zoë Müller" if number % 97 == 0 else None,
            language=chance.choice(LANGUAGES),
            verdict=Verdict.CONTRADICTED if number % 3 else Verdict.UNVERIFIED,
            reviews=(review,) if number % 2 else (),
            topics=tuple(sorted(topics)),
            appearances=(f"https://site{number % 5_000}.example/{number}",),
            valid_until=f"20{20 + number % 30}-01-01" if number % 20 == 0 else None,
            updated=f"2026-{1 + number % 12:02}-{1 + number % 28:02}",
        )


def main() -> int:
    """Run from the command line; the measurements go to standard output as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.store")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--database", required=True, metavar="URL", help="an empty one")
    parser.add_argument("--keep", action="store_true", help="use what an earlier run imported")
    options = parser.parse_args()
    engine = open_database(options.database, seed_new=False)
    results: dict[str, Any] = {"database": engine.dialect.name, "claims": options.claims}
    if not options.keep:
        results["import"] = _import(engine, options.claims)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    results["milliseconds"] = dict(_listings(engine)) | dict(_changes(engine))
    json.dump(results, sys.stdout, indent=1)
    print()
    engine.dispose()
    return 0


def _import(engine: Engine, count: int) -> dict[str, Any]:
    memory: list[float] = []
    bar = tqdm(total=count, unit=" claims", desc="importing")

    def progress(done: int) -> None:
        bar.update(done)
        if not memory or bar.n // (count // 10 or 1) >= len(memory):
            memory.append(round(_resident(), 1))

    start, cpu = time.monotonic(), time.process_time()
    counts = import_claims(
        engine, synthetic_claims(count), source="synthetic", made_by="bench", progress=progress
    )
    bar.close()
    return {
        "added": counts.added,
        "seconds": round(time.monotonic() - start, 1),
        "cpu_seconds_of_this_process": round(time.process_time() - cpu, 1),
        "resident_megabytes_by_tenths": memory,
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def _listings(engine: Engine) -> Iterator[tuple[str, dict[str, float]]]:
    published = ClaimState.PUBLISHED
    queries: dict[str, tuple[ClaimQuery, Order]] = {
        "all, last worked on": (ClaimQuery(), Order.TOUCHED),
        "published, last worked on": (ClaimQuery(stage=published), Order.TOUCHED),
        "published by id": (ClaimQuery(stage=published), Order.ID),
        "published, last changed": (ClaimQuery(stage=published), Order.UPDATED),
        "by end of validity": (ClaimQuery(), Order.VALID_UNTIL),
        "published by end of validity": (ClaimQuery(stage=published), Order.VALID_UNTIL),
        "drafts": (ClaimQuery(stage=ClaimState.DRAFT), Order.TOUCHED),
        "drafts by end of validity": (ClaimQuery(stage=ClaimState.DRAFT), Order.VALID_UNTIL),
        "a common topic": (ClaimQuery(topic="health"), Order.TOUCHED),
        "a rare topic": (ClaimQuery(topic="rare"), Order.TOUCHED),
        "a topic that is none": (ClaimQuery(topic="nothing"), Order.TOUCHED),
        "topic and language": (ClaimQuery(topic="health", language="en"), Order.TOUCHED),
        "rare topic and language": (ClaimQuery(topic="rare", language="ar"), Order.TOUCHED),
        "topic, language, publisher": (
            ClaimQuery(topic="health", language="de", publisher="Check 1"),
            Order.TOUCHED,
        ),
        "drafts of a topic": (ClaimQuery(stage=ClaimState.DRAFT, topic="health"), Order.TOUCHED),
        "retired of a topic": (ClaimQuery(stage=ClaimState.RETIRED, topic="war"), Order.TOUCHED),
        "an appearance": (ClaimQuery(appearance="https://site7.example/7"), Order.TOUCHED),
        "of the source": (ClaimQuery(source=_source(engine)), Order.TOUCHED),
        "a common word": (ClaimQuery(text="the "), Order.TOUCHED),
        "two common words": (ClaimQuery(text="the of "), Order.TOUCHED),
        "a rare word": (ClaimQuery(text="muller zoe "), Order.TOUCHED),
        "a word that is none": (ClaimQuery(text="qqqqzzzz "), Order.TOUCHED),
        "the beginning of a word": (ClaimQuery(text="gove"), Order.TOUCHED),
        "common and rare word": (ClaimQuery(text="the zoe "), Order.TOUCHED),
        "word and topic": (ClaimQuery(text="the ", topic="health"), Order.TOUCHED),
        "word and rare topic": (ClaimQuery(text="the ", topic="rare"), Order.TOUCHED),
    }
    for name, (query, order) in queries.items():
        yield name, _time(engine, partial(_page, engine, query, order, None))
        after = _deep(engine, query, order)
        if after is not None:
            yield f"{name}, page 40", _time(engine, partial(_page, engine, query, order, after))
    yield "history of a claim", _time(engine, lambda: _read(engine, _history))
    yield "last changes of anything", _time(engine, lambda: _read(engine, revisions.recent))
    yield "the queue", _time(engine, lambda: _read(engine, queue.page))
    yield "outlets", _time(engine, lambda: _read(engine, outlets.page))
    yield "API: claims by id", _time(engine, lambda: _read(engine, store.page))


def _history(connection: Any) -> object:
    return revisions.history(connection, "claim", "claim-00000007")


def _source(engine: Engine) -> int:
    from contextlib_news_server.store import sources

    with read(engine) as connection:
        source = sources.get(connection, "synthetic")
    return source.number if source is not None else 0


def _changes(engine: Engine) -> Iterator[tuple[str, dict[str, float]]]:
    def edit() -> None:
        with engine.begin() as connection:
            held = drafts.find(connection, "claim-00000011")
            if held is None:
                raise SystemExit("the claims of --keep are others than these")
            number = held.newest.revision
            claim = replace(held.newest, summary=f"Edited as {number}.")
            held = drafts.save_draft(
                connection, claim, seen=number, made_by="bench", reason="measured"
            )
            drafts.publish(connection, claim.id, seen=held.newest.revision, made_by="bench")

    yield "save a draft and publish it", _time(engine, edit)


def _page(engine: Engine, query: ClaimQuery, order: Order, after: str | None) -> str | None:
    with read(engine) as connection:
        return list_claims(connection, query, order=order, after=after).next


def _deep(engine: Engine, query: ClaimQuery, order: Order) -> str | None:
    after: str | None = None
    for _ in range(40):
        after = _page(engine, query, order, after)
        if after is None:
            return None
    return after


def _read(engine: Engine, ask: Callable[[Any], object]) -> object:
    with read(engine) as connection:
        return ask(connection)


def _time(engine: Engine, action: Callable[[], object]) -> dict[str, float]:
    """Return median and worst wall time of some runs, and the median of what they cost.

    The first run is not counted. ``cost`` is this process's own processor time and PostgreSQL's
    together; on a machine that is busy with other things it is the fairer number.
    """
    action()
    wall, own, cost = [], [], []
    server = ServerTime(engine)
    for _ in range(REPEATS):
        start, cpu, there = time.perf_counter(), time.process_time(), server.milliseconds()
        action()
        wall.append((time.perf_counter() - start) * 1_000)
        own.append((time.process_time() - cpu) * 1_000)
        cost.append(own[-1] + server.milliseconds() - there)
    return {
        "median": round(statistics.median(wall), 1),
        "worst": round(max(wall), 1),
        "own": round(statistics.median(own), 1),
        "cost": round(statistics.median(cost), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
