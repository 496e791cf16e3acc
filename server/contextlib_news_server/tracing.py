"""Traces of requests for OpenTelemetry: which route answered, how, and where its time went.

As with log and metrics nothing of readers is in them: a span has the route and not the path, the
status and the name of the request; no page text, no address of a page or a reader, no message of
an error. A trace that a caller says it belongs to is joined only behind a proxy of one's own.
Needs the extra ``otel``.
"""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from contextlib_news.version import __version__

__all__ = ["Tracing", "provider_for"]

NAME = "contextlib_news_server"


def provider_for(address: str) -> TracerProvider:
    """Return what sends spans to an OTLP collector by HTTP, some at a time, from a thread.

    Sampling, headers and names of the resource follow the variables of OpenTelemetry itself
    (``OTEL_TRACES_SAMPLER``, ``OTEL_EXPORTER_OTLP_HEADERS``, ``OTEL_RESOURCE_ATTRIBUTES``). While
    the collector is away spans are dropped, and no request waits.
    """
    named = {"service.name": "contextlib-news", "service.version": __version__}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return provider


class Tracing:
    """A span for each request, and in it one for each piece of work of a stage."""

    def __init__(self, provider: trace.TracerProvider, *, joins: bool = False) -> None:
        """Trace by a provider; ``joins`` believes the ``traceparent`` of requests."""
        self._tracer = provider.get_tracer(NAME, __version__)
        self._joins = joins

    def install(self, app: Flask) -> None:
        """Trace the requests of an application."""
        app.before_request(self._begin)
        app.after_request(self._end)

    def stage(self, stage: str, seconds: float) -> None:
        """Note a piece of work that ended now."""
        span: Span | None = g.get("span")
        if span is not None:
            now = time.time_ns()
            began = now - int(seconds * 1e9)
            within = trace.set_span_in_context(span, contexts.Context())
            self._tracer.start_span(stage, context=within, start_time=began).end(now)

    def _begin(self) -> None:
        within = contexts.Context()
        if self._joins:
            said = {"traceparent": request.headers.get("traceparent", "")}
            within = TraceContextTextMapPropagator().extract(said, within)
        g.span = self._tracer.start_span(
            request.method if request.url_rule is None else f"{request.method} {request.url_rule}",
            context=within,
            kind=SpanKind.SERVER,
        )

    def _end(self, response: Response) -> Response:
        span: Span | None = g.get("span")
        if span is None:  # another step before this one gave the answer
            return response
        span.set_attribute("http.request.method", request.method)
        span.set_attribute("http.route", request.url_rule.rule if request.url_rule else "none")
        span.set_attribute("http.response.status_code", response.status_code)
        if "request_id" in g:
            span.set_attribute("contextlib_news.request", g.request_id)
        if response.status_code >= 500:
            span.set_status(Status(StatusCode.ERROR))
        if response.is_streamed:
            response.call_on_close(span.end)
        else:
            span.end()
        return response
