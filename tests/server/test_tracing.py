"""Traces tell which route answered and where its time went, and nothing of readers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from contextlib_news_server import create_app, tracing
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.tracing import Tracing
from flask import Flask
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from contextlib_news.errors import CommandError

SECRET = "Swordfish fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
PAGE = {"text": SECRET, "url": "https://swordfish.example/story"}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Traced:
    """An application and the spans that it ended."""

    def __init__(self, config: Config, *, joins: bool) -> None:
        self.app: Flask = create_app(config)
        self._kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        made = Tracing(provider, joins=joins)
        made.install(self.app)
        self.app.extensions[KEY] = replace(self.app.extensions[KEY], tracing=made)
        self.client = self.app.test_client()

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._kept.get_finished_spans()

    @property
    def requests(self) -> list[ReadableSpan]:
        return [span for span in self.spans if span.kind is SpanKind.SERVER]


@pytest.fixture
def traced(config: Config, request: pytest.FixtureRequest) -> Iterator[Traced]:
    made = Traced(config, joins=getattr(request, "param", False))
    yield made
    made.app.extensions[KEY].engine.dispose()


@pytest.mark.parametrize("form", ["application/json", "application/x-ndjson"])
def test_a_request_holds_its_stages(traced: Traced, form: str) -> None:
    with traced.client.post("/api/v1/annotate", json=PAGE, headers={"Accept": form}) as answer:
        assert answer.data
        named = answer.headers["X-Request-Id"]
    (asked,) = traced.requests
    assert asked.name == "POST /api/v1/annotate"
    assert dict(asked.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/api/v1/annotate",
        "http.response.status_code": 200,
        "contextlib_news.request": named,
    }
    stages = [span for span in traced.spans if span is not asked]
    assert {span.name for span in stages} == {"parse", "match", "read", "compose"}
    for span in stages:
        assert span.parent is not None
        assert span.context is not None
        assert asked.context is not None
        assert span.parent.span_id == asked.context.span_id
        assert span.context.trace_id == asked.context.trace_id
        assert (asked.start_time or 0) <= (span.start_time or 0) <= (span.end_time or 0)
        assert (span.end_time or 0) <= (asked.end_time or 0)


def test_nothing_of_readers_is_in_a_span(traced: Traced) -> None:
    client = traced.client
    here = {"REMOTE_ADDR": "10.9.8.7", "HTTP_USER_AGENT": "swordfish"}
    client.post("/api/v1/annotate?swordfish=1", json=PAGE, environ_base=here)
    client.get("/api/v1/claims?query=swordfish", environ_base=here)
    client.get("/api/v1/claims/swordfish", environ_base=here)
    client.get("/swordfish", environ_base=here)
    client.post("/api/v1/annotate", data=b'{"text": "swordfish', content_type="application/json")

    def fault() -> str:
        raise RuntimeError(SECRET)

    traced.app.view_functions["health.live"] = fault
    client.get("/healthz", environ_base=here)
    assert [
        span.attributes["http.response.status_code"] for span in traced.requests if span.attributes
    ] == [*(200, 200, 404, 404, 400, 500)]
    assert traced.requests[-1].status.status_code is StatusCode.ERROR
    told = "".join(span.to_json() for span in traced.spans)
    assert "swordfish" not in told.casefold()
    assert "10.9.8.7" not in told
    assert not [event for span in traced.spans for event in span.events]


@pytest.mark.parametrize(("traced", "joined"), [(True, True), (False, False)], indirect=["traced"])
def test_only_ones_own_proxy_says_to_which_trace_it_belongs(traced: Traced, joined: bool) -> None:
    traced.client.get("/healthz", headers={"traceparent": PARENT})
    (span,) = traced.requests
    assert span.context is not None
    assert (f"{span.context.trace_id:032x}" == PARENT.split("-")[1]) is joined


class Collector(BaseHTTPRequestHandler):
    """Keeps what is sent to it."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Kept)
        self.server.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Kept(ThreadingHTTPServer):
    """A collector of spans, as OTLP sends them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Collector)
        self.got: list[bytes] = []


def test_the_setting_sends_spans_to_a_collector(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[TracerProvider] = []

    def provider_for(address: str) -> TracerProvider:
        made.append(real(address))
        return made[-1]

    real = tracing.provider_for
    monkeypatch.setattr(tracing, "provider_for", provider_for)
    collector = Kept()
    thread = threading.Thread(target=collector.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{collector.server_port}/v1/traces"
        app = create_app(replace(config, traces=address))
        app.test_client().post("/api/v1/annotate", json=PAGE)
        made[0].shutdown()  # sends what waits
        app.extensions[KEY].engine.dispose()
    finally:
        collector.shutdown()
        thread.join()
        collector.server_close()
    sent = [ExportTraceServiceRequest.FromString(body) for body in collector.got]
    spans = [
        span
        for each in sent
        for resource in each.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {span.name for span in spans} >= {"POST /api/v1/annotate", "parse", "compose"}
    assert not [body for body in collector.got if b"swordfish" in body.lower()]


def test_without_the_setting_nothing_is_traced(app: Flask) -> None:
    assert app.extensions[KEY].tracing is None


@pytest.mark.parametrize(
    "address", ["yes", "collector:4318", "ftp://a/b", "http://user@a/b", "http://a"]
)
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(CommandError, match="TRACES"):
        Config.from_env({"CONTEXTLIB_NEWS_TRACES": address, "CONTEXTLIB_NEWS_SECRET_KEY": "x"})


def test_a_missing_package_is_told(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "contextlib_news_server.tracing", None)
    with pytest.raises(CommandError, match=r"contextlib-news\[otel\]"):
        create_app(replace(config, traces="http://127.0.0.1:9/v1/traces"))


def test_spans_are_json(traced: Traced) -> None:
    traced.client.get("/healthz")
    assert json.loads(traced.spans[0].to_json())["name"] == "GET /healthz"
