"""Lists of the desk as CSV, for spreadsheets; no cell of one runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.formats.tables import FORMULA_STARTS
from contextlib_news_server.desk.access import bp, needs
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import queue, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.outlet_listing import ListedOutlet, list_outlets
from contextlib_news_server.store.sources import SourceCounts
from contextlib_news_server.store.users import Role

__all__ = ["export_outlets", "export_queue", "export_sources"]

MOST_ROWS = 10_000


@bp.get("/queue.csv")
@needs(Role.CURATOR)
def export_queue() -> BaseResponse:
    """Return what waits, the oldest first; readers' contacts are left out."""
    kind = request.args.get("kind") or None
    with read(services().engine) as connection:
        items = queue.page(connection, kind=kind, limit=MOST_ROWS)
    names = ("number", "kind", "made", "made_by", "taken_by", "claim_id", "domain", "reason")
    return _table("queue", names, ([getattr(item, name) for name in names] for item in items))


@bp.get("/sources.csv")
@needs(Role.CURATOR)
def export_sources() -> BaseResponse:
    """Return the sources with what each holds."""
    with read(services().engine) as connection:
        listed, counts = sources.listed(connection), sources.counts_of_all(connection)
    names = ("name", "kind", "date", "licence", "url", "method", "imported", "made_by")
    held = ("claims", "outlets", "ratings")

    def cells(source: sources.Source) -> list[object]:
        counted = counts.get(source.number, SourceCounts())
        return [getattr(source, n) for n in names] + [getattr(counted, n) for n in held]

    return _table("sources", (*names, *held), map(cells, listed))


@bp.get("/outlets.csv")
@needs(Role.CURATOR)
def export_outlets() -> BaseResponse:
    """Return the outlets that fit some words, by domain."""
    text = request.args.get("text", "")[:253]
    with read(services().engine) as connection:
        # A database takes some thousands of values in one query at most.
        found: list[ListedOutlet] = []
        after = ""
        while len(found) < MOST_ROWS and is_keepable(text):
            some = list_outlets(connection, text, after=after, limit=500)
            found += some
            if len(some) < 500:
                break
            after = some[-1].domain
    names = ("domain", "name", "raters", "sources", "desk", "updated")
    return _table("outlets", names, ([getattr(one, name) for name in names] for one in found))


def _table(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    response = Response(out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _cell(value: object) -> str:
    """Return a cell; an apostrophe before it stops a spreadsheet from running it."""
    text = "" if value is None else str(value)
    runs = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if runs else text
