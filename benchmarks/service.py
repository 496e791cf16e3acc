"""What a request costs: its parts alone, the whole over HTTP, and how many the service holds.

usage: python -m benchmarks.service [--size 1M] [--seconds 20] [--eval FOLDER] [-o FILE]

A page is sixty sentences as blocks. **Parts** is the processor time of parsing, matching, reading,
composing and writing pages in one process without HTTP, each read once after other news; **whole**
that of a served process over the same pages, one after the other. **Held** is how many requests a
second are answered to eight callers, beside an endpoint of the same server that finds ten claims
for each check-worthy sentence with tantivy and returns their ids: the same parsing, splitting and
retrieval, and none of the reading, composing and explaining. Both are asked in one process, as
``serve`` starts it, and in a process for each core, as the deployment guide does. A caller opens a
connection for each page, as readers do, and both answer each page once before.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.json_request import JsonRequest
from contextlib_news_server.matcher import Snapshot
from contextlib_news_server.presenters import present_annotation
from contextlib_news_server.schemas import AnnotateBody
from contextlib_news_server.services import KEY
from contextlib_news_server.serving import build_server, settle_memory
from flask import Flask, jsonify, request

from benchmarks.corpora import Corpus, haystack
from benchmarks.pages import QuerySet, query_sets, warm_up
from benchmarks.peers.tantivy import methods as tantivy_methods
from benchmarks.workers import CORES, application, served_by_workers
from contextlib_news.annotate import STAGES, annotate_in_parts, finish
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.document import read_page

CALLERS = 8
ROUNDS = 3
FOUND = 10
SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Indices:
    """Where the two indices of a corpus lie."""

    ours: Path
    tantivy: Path


@dataclass(frozen=True, slots=True)
class Fixed:
    """In place of the matcher: an index that is there, without a database of a million claims."""

    snapshot: Snapshot

    def current(self) -> Snapshot:
        """Return the snapshot."""
        return self.snapshot


def build_ours(indices: Indices, folder: Path) -> Flask:
    """Return the service over the index, as ``serve`` runs it but for the source of the index."""
    plain = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)})
    app = create_app(replace(plain, rate_limit=""))
    held = app.extensions[KEY]
    snapshot = held.matcher.current()
    fixed = Fixed(replace(snapshot, index=ClaimIndex.open(indices.ours)))
    app.extensions[KEY] = replace(held, matcher=fixed)
    return app


def build_peer(indices: Indices, folder: Path) -> Flask:
    """Return the endpoint that does the same retrieval with tantivy."""
    config = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)})
    engine = tantivy_methods()[0].open(indices.tantivy)
    app = Flask(__name__)
    app.request_class = JsonRequest

    @app.post("/api/v1/annotate")
    def find() -> Any:
        page = AnnotateBody.model_validate(request.get_json()).page(config)
        document = read_page(page)
        sentences = [s.text for s in document.sentences if is_checkworthy(s, document)]
        found = engine.search(sentences, FOUND)
        return jsonify(
            [
                {"exact": sentence, "claims": [str(claim) for claim in claims]}
                for sentence, claims in zip(sentences, found, strict=True)
            ]
        )

    return app


Build = Callable[[Indices, Path], Flask]


def serve(build: Build, indices: Indices, port: Any) -> None:
    """Serve an application in this process and tell its port."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(indices, Path(folder))
        config = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": folder})
        server = build_server(app, replace(config, port=0))
        port.value = int(server.effective_port)
        server.run()


@contextmanager
def served(build: Build, indices: Indices) -> Iterator[tuple[int, int]]:
    """Serve an application in a process of its own; yield port and number of the process."""
    context = multiprocessing.get_context("spawn")
    port = context.Value("i", 0)
    process = context.Process(target=serve, args=(build, indices, port), daemon=True)
    process.start()
    while not port.value:
        if not process.is_alive():
            raise SystemExit("the server ended before it served")
        time.sleep(0.1)
    try:
        yield port.value, process.pid or 0
    finally:
        process.terminate()
        process.join()


def parts(indices: Indices, warm: list[bytes], bodies: list[bytes]) -> dict[str, float]:
    """Return the milliseconds of processor time a page of each part, the best of some processes.

    In each a page is read once, after other news, as a service reads the pages of its readers.
    """
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        runs = [pool.apply(_parts, (indices, warm, bodies)) for _ in range(ROUNDS)]
    return min(runs, key=lambda run: sum(run.values()))


def _parts(indices: Indices, warm: list[bytes], bodies: list[bytes]) -> dict[str, float]:
    index = ClaimIndex.open(indices.ours)
    with tempfile.TemporaryDirectory() as folder:
        app = build_ours(indices, Path(folder))
        outlets = app.extensions[KEY].matcher.current().outlets
        config = app.extensions[KEY].config
    spent: dict[str, float] = {}
    for some in (warm, bodies):
        settle_memory()  # as the server does when it starts
        spent = dict.fromkeys(("json in", *STAGES, "json out"), 0.0)
        for body in some:
            began = time.process_time()
            page = AnnotateBody.model_validate(json.loads(body)).page(config)
            spent["json in"] += time.process_time() - began
            clock = _Clock(spent)
            work = annotate_in_parts(page, index=index, outlets=outlets, on_stage=clock)
            annotation = finish(work)
            began = time.process_time()
            json.dumps(present_annotation(annotation, "http://127.0.0.1/"))
            spent["json out"] += time.process_time() - began
    return {name: 1000 * seconds / len(bodies) for name, seconds in spent.items()}


class _Clock:
    """Adds up processor time by stage."""

    def __init__(self, spent: dict[str, float]) -> None:
        self._spent = spent
        self._last = time.process_time()

    def __call__(self, stage: str, _: float) -> None:
        now = time.process_time()
        self._spent[stage] += now - self._last
        self._last = now


def whole(indices: Indices, warm: list[bytes], bodies: list[bytes]) -> float:
    """Return the milliseconds of processor time a page of a served process, best of some."""
    best = float("inf")
    for _ in range(ROUNDS):
        with served(build_ours, indices) as (port, process):
            ask(port, warm)
            before = cpu_seconds(process)
            ask(port, bodies)
            best = min(best, 1000 * (cpu_seconds(process) - before) / len(bodies))
    return best


def ours_in_workers(ours: str, tantivy: str) -> Flask:
    """Return the service for a worker."""
    return application(build_ours, Indices(Path(ours), Path(tantivy)))


def peer_in_workers(ours: str, tantivy: str) -> Flask:
    """Return the endpoint with tantivy for a worker."""
    app = application(build_peer, Indices(Path(ours), Path(tantivy)))
    app.add_url_rule("/readyz", view_func=lambda: "ready")
    return app


def held(port: int, bodies: list[bytes], seconds: float) -> float:
    """Return how many requests a second are answered to some callers."""
    for _ in range(CORES):  # each worker has read the pages once, or some twice and others not
        ask(port, bodies)
    end = time.monotonic() + seconds
    counts = [0] * CALLERS

    def call(number: int) -> None:
        at = number
        while time.monotonic() < end:
            ask(port, [bodies[at % len(bodies)]])
            counts[number] += 1
            at += CALLERS

    threads = [threading.Thread(target=call, args=(n,)) for n in range(CALLERS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def held_by_all(indices: Indices, bodies: list[bytes], seconds: float) -> dict[str, float]:
    """Return the requests a second of both endpoints, in one process and in one a core."""
    rates = {}
    for name, build in (("ours", build_ours), ("tantivy", build_peer)):
        with served(build, indices) as (port, _):
            rates[f"{name}, one process"] = held(port, bodies, seconds)
    for name, factory in (("ours", ours_in_workers), ("tantivy", peer_in_workers)):
        with served_by_workers(factory.__name__, indices) as port:
            rates[f"{name}, a process a core"] = held(port, bodies, seconds)
    return rates


def ask(port: int, bodies: list[bytes]) -> None:
    """Send pages one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for body in bodies:
        post(connection, body)
    connection.close()


def post(connection: http.client.HTTPConnection, body: bytes) -> None:
    """Send one page and read its answer."""
    connection.request("POST", "/api/v1/annotate", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"answered {answer.status}: {content[:300]!r}")


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepared(corpus: Corpus, folder: Path) -> Indices:
    """Return the indices of a corpus, made where they are not yet there."""
    name = corpus.path.stem
    indices = Indices(folder / f"service-{name}.idx", folder / f"tantivy-{name}")
    if not indices.ours.exists():
        ClaimIndex.build(corpus.claims()).save(indices.ours)
    if not indices.tantivy.exists():
        partial = indices.tantivy.with_suffix(".partial")
        partial.mkdir(parents=True)
        tantivy_methods()[0].build(corpus, partial)
        partial.rename(indices.tantivy)
    return indices


def page_bodies(news: QuerySet) -> list[bytes]:
    """Return pages of news as bodies of requests, a block for each three sentences."""
    bodies = []
    for page in news.pages():
        blocks = [
            {"id": f"b{at}", "text": " ".join(page[at : at + 3]), "role": "paragraph"}
            for at in range(0, len(page), 3)
        ]
        body: Json = {"url": "https://www.reuters.com/world/a", "blocks": blocks, "language": "en"}
        bodies.append(json.dumps(body).encode())
    return bodies


def main() -> None:
    """Run the benchmark of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="1M")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--cache", type=Path, default=Path("build/bench"))
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    evaluation = options.eval if options.eval.exists() else None
    corpus = haystack(SIZES[options.size], options.cache, evaluation)
    indices = prepared(corpus, options.cache)
    bodies = page_bodies(query_sets(corpus, evaluation, 0)[0])
    warm = page_bodies(warm_up(evaluation))
    alone = parts(indices, warm, bodies)
    over_http = whole(indices, warm, bodies)
    rates = held_by_all(indices, bodies, options.seconds)
    together = sum(alone.values())
    print(f"{options.size} claims, {len(bodies)} pages of sixty sentences as blocks")
    for name, spent in alone.items():
        print(f"  {name:<9}{spent:8.2f} ms CPU")
    print(f"  parts    {together:8.2f} ms CPU")
    print(
        f"  whole    {over_http:8.2f} ms CPU over HTTP: {over_http / together:.2f} times the parts"
    )
    for form in ("one process", "a process a core"):
        ours, peer = rates[f"ours, {form}"], rates[f"tantivy, {form}"]
        print(
            f"  held in {form}: {ours:.1f} requests a second, tantivy {peer:.1f}:"
            f" ours are {ours / peer:.2f} times as many"
        )
    if options.output:
        result = {"parts": alone, "whole": over_http, "held": rates}
        options.output.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
