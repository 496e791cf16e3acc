"""The notes on a page, in one answer or as they are found; several pages at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from typing import Any

from flask import Response, current_app, jsonify, request, stream_with_context

from contextlib_news.annotate import annotate_in_parts, finish
from contextlib_news.errors import InvalidPageError
from contextlib_news.formats.web_annotation import annotation_to_web_annotations
from contextlib_news.models import Annotation, Note, Page
from contextlib_news_server import answers
from contextlib_news_server.deadline import Deadline
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.errors import Problem, describe_problem
from contextlib_news_server.limits import PageTooLargeError, check_size
from contextlib_news_server.presenters import present_annotation, present_note, present_summary
from contextlib_news_server.schemas import AnnotateBody, BatchBody
from contextlib_news_server.services import Services, services

__all__ = ["bp"]

JSON = "application/json"
NDJSON = "application/x-ndjson"
WEB_ANNOTATION = "application/ld+json"
WEB_ANNOTATION_PROFILE = f'{WEB_ANNOTATION}; profile="http://www.w3.org/ns/anno.jsonld"'

bp = described_blueprint("annotate", "pages", "/api/v1")

_ANSWERS: dict[Any, Any] = {
    "200": {
        "description": "The notes, in the form that Accept asks for",
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/Annotation"}},
            NDJSON: {"schema": {"type": "string"}},
            WEB_ANNOTATION: {"schema": {"type": "object"}},
        },
    }
}


@bp.post("/annotate", summary="The notes on a page", responses=_ANSWERS)
def annotate_page(body: AnnotateBody) -> Response:
    """Return the notes on a page: as JSON, line by line as they are found, or as Web Annotations.

    `Accept: application/x-ndjson` gives one JSON object a line: `{"notes": [...]}` as notes are
    found (publisher and fine print first), and at last `{"document": ..., "outlet": ...}`.
    `Accept: application/ld+json` gives W3C Web Annotations.
    """
    form = request.accept_mimetypes.best_match([JSON, NDJSON, WEB_ANNOTATION], default=JSON)
    page = body.page(services().config)
    _check(page)
    parts = _annotate(page, body.reader_language)
    if form == NDJSON:
        # What is wrong with the page itself is said with a status of its own, before the stream.
        first = next(parts)
        base = request.url_root
        response = Response(stream_with_context(_stream(first, parts, base)), content_type=NDJSON)
        # Held back by no proxy between, else the first notes come no sooner than the last.
        response.headers["X-Accel-Buffering"] = "no"
        return response
    annotation = finish(parts)
    if form == WEB_ANNOTATION:
        content = json.dumps(annotation_to_web_annotations(annotation))
        return Response(content, content_type=WEB_ANNOTATION_PROFILE)
    return jsonify(present_annotation(annotation, request.url_root))


@bp.post("/annotate/batch", summary="The notes on several pages", responses={"200": answers.Batch})
def annotate_pages(body: BatchBody) -> Response:
    """Return the notes on up to 50 pages, in their order.

    A page that cannot be read has a problem document in its place; the others have their notes.
    The limits of one page hold for all of them together.
    """
    config = services().config
    pages = [each.page(config, f"pages[{number}].") for number, each in enumerate(body.pages)]
    _check(*pages)
    results: list[dict[str, Any]] = []
    deadline = Deadline(config.max_seconds)
    for page, each in zip(pages, body.pages, strict=True):
        try:
            annotation = finish(_annotate(page, each.reader_language, deadline))
        except InvalidPageError as error:
            results.append(describe_problem(422, str(error)))
        else:
            results.append(present_annotation(annotation, request.url_root))
    return jsonify({"results": results})


def _check(*pages: Page) -> None:
    try:
        check_size(pages, services().config)
    except PageTooLargeError as error:
        raise Problem(413, str(error)) from None


def _annotate(
    page: Page, language: str | None, deadline: Deadline | None = None
) -> Generator[tuple[Note, ...], None, Annotation]:
    """Return the work on a page, counted and given up when its time is over."""
    found = services()
    snapshot = found.matcher.current()
    watch = _watch(found, deadline or Deadline(found.config.max_seconds))
    annotation = yield from annotate_in_parts(
        page,
        index=snapshot.index,
        outlets=snapshot.outlets,
        reader_language=language or "en",
        disclaimers=found.rules(snapshot),
        on_stage=watch,
    )
    found.metrics.count_notes(annotation)
    found.shown.count(annotation)
    return annotation


def _watch(found: Services, deadline: Deadline) -> Callable[[str, float], None]:
    def watch(stage: str, seconds: float) -> None:
        found.metrics.stage(stage, seconds)
        if found.tracing is not None:
            found.tracing.stage(stage, seconds)
        deadline.check()

    return watch


def _stream(
    first: tuple[Note, ...], parts: Generator[tuple[Note, ...], None, Annotation], base: str
) -> Iterator[str]:
    notes = first
    try:
        while True:
            if notes:
                yield _line({"notes": [present_note(note, base) for note in notes]})
            notes = next(parts)
    except StopIteration as end:
        yield _line(present_summary(end.value))
    except Problem as problem:
        yield _line({"problem": describe_problem(problem.status, problem.detail)})
    except Exception as error:
        # The status is sent already; the reader learns of it from the last line.
        current_app.logger.exception("unexpected %s in a stream", type(error).__name__)
        yield _line({"problem": describe_problem(500)})


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value) + "\n"
