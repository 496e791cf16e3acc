"""What the service counts and times, in the form that Prometheus reads.

Kept in a registry of the application's own. Where ``PROMETHEUS_MULTIPROC_DIR`` names a folder,
several processes count into it and each tells the sums, as the client library does it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from contextlib_news.models import Annotation
from contextlib_news_server.matcher import Snapshot

__all__ = ["CONTENT_TYPE", "Coverage", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# From a cached answer to the longest page that is allowed, in seconds.
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STAGE_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Pages that were read, those with a claim note; the same of sentences worth checking."""

    pages: int
    noted: int
    checkworthy: int
    matched: int


class Metrics:
    """The counters, timers and gauges of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "contextlib_news_request_seconds",
            "Time of requests by route, method and status.",
            ("route", "method", "status"),
            buckets=REQUEST_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "contextlib_news_stage_seconds",
            "Time of the stages of annotating, a piece of work at a time.",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=self._registry,
        )
        self._notes = Counter(
            "contextlib_news_notes",
            "Notes that were given, by kind.",
            ("kind",),
            registry=self._registry,
        )
        self._pages = Counter(
            "contextlib_news_pages",
            "Pages that were read, and those that got a claim note.",
            ("outcome",),
            registry=self._registry,
        )
        self._sentences = Counter(
            "contextlib_news_sentences",
            "Sentences of the pages that were read, and those that got a claim note.",
            ("outcome",),
            registry=self._registry,
        )
        # Of several processes the one that is furthest behind is the one to know about.
        self._change = self._gauge("index_change", "Change that the index stands at.", "min")
        self._behind = self._gauge("index_behind", "Changes the index is behind the store.", "max")
        self._age = self._gauge("index_age_seconds", "Time since the index last changed.", "max")
        self._claims = self._gauge("index_claims", "Claims in the index.", "min")
        self._queue = self._gauge("queue", "Things that wait for a curator.", "max")

    def _gauge(self, name: str, text: str, over_processes: str) -> Gauge:
        mode = "livemin" if over_processes == "min" else "livemax"
        return Gauge(
            f"contextlib_news_{name}",
            text,
            registry=self._registry,
            multiprocess_mode=mode,  # type: ignore[arg-type]  # one of their literals
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; ``route`` is the rule, so that addresses stay out of the metrics."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def stage(self, stage: str, seconds: float) -> None:
        """Count a piece of work of a stage."""
        self._stages.labels(stage).observe(seconds)

    def count_notes(self, annotation: Annotation) -> None:
        """Count the notes of an answer by kind, and how many sentences got a claim note."""
        for note in annotation.notes:
            self._notes.labels(note.kind.value).inc()
        document = annotation.document
        self._pages.labels("read").inc()
        self._pages.labels("noted").inc(1 if document.matched else 0)
        self._sentences.labels("read").inc(document.sentences)
        self._sentences.labels("checkworthy").inc(document.checkworthy)
        self._sentences.labels("matched").inc(document.matched)

    def write(self, snapshot: Snapshot, change: int, waiting: int) -> bytes:
        """Return all of it, the state of index and queue as they are now."""
        self._change.set(snapshot.change)
        self._behind.set(max(0, change - snapshot.change))
        self._age.set(max(0.0, time.time() - snapshot.made))
        self._claims.set(len(snapshot.index))
        self._queue.set(waiting)
        return generate_latest(self._whole())

    def coverage(self) -> Coverage:
        """Return how much of what was asked about got notes, of all processes where they share."""
        registry = self._whole()

        def value(name: str, outcome: str) -> int:
            sample = f"contextlib_news_{name}_total"
            return int(registry.get_sample_value(sample, {"outcome": outcome}) or 0)

        return Coverage(
            pages=value("pages", "read"),
            noted=value("pages", "noted"),
            checkworthy=value("sentences", "checkworthy"),
            matched=value("sentences", "matched"),
        )

    def _whole(self) -> CollectorRegistry:
        """Return the registry of this process, or one that sums those of all."""
        if not os.environ.get(FOLDER):
            return self._registry
        registry = CollectorRegistry()
        collector: Callable[..., object] = MultiProcessCollector
        collector(registry)
        return registry
