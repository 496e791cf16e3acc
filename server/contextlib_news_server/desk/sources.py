"""Sources: what came from where, under which licence, and taking one away again."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.desk.patience import OutOfTimeError, Patience
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.services import services
from contextlib_news_server.store import removal, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.sources import Source, SourceCounts
from contextlib_news_server.store.users import Role

__all__ = ["remove_source", "show_removal", "show_sources"]

LONGEST_REASON = 500

PAGE = 50
# Rows of each kind that the list counts on a page, shared among its sources; few sources are
# counted further than many.
COUNTED = 100_000
LEAST_COUNTED = 1_000


@bp.get("/sources")
@needs(Role.CONTRIBUTOR)
def show_sources() -> BaseResponse:
    """Show sources with what they hold, by name."""
    with read(services().engine) as connection:
        found = sources.listed(connection, after=forms.name_before(), limit=PAGE + 1)
        listed = found[:PAGE]
        most = max(LEAST_COUNTED, COUNTED // (len(listed) or 1))
        counts = sources.counts_up_to(connection, [each.number for each in listed], most)
    return page(
        "sources.html",
        sources=listed,
        counts=counts,
        most=most,
        nothing=SourceCounts(),
        desk=sources.DESK,
        following=listed[-1].name if len(found) > PAGE else None,
    )


@bp.get("/sources/<int:number>/remove")
@needs(Role.REVIEWER)
def show_removal(number: int) -> BaseResponse:
    """Ask whether a source is to be taken away, and say what goes with it."""
    return _removal(_found(number))


def _removal(source: Source, message: str = "", status: int = 200) -> BaseResponse:
    with read(services().engine) as connection:
        counts = sources.counts(connection, source)
    return page("source_removal.html", status, source=source, counts=counts, message=message)


@bp.post("/sources/<int:number>/remove")
@needs(Role.REVIEWER)
def remove_source(number: int) -> BaseResponse:
    """Take a source away with all that it brought."""
    source = _found(number)
    try:
        if forms.line("confirm") != "yes":
            raise CommandError("say that you mean it")
        reason = forms.line("reason", called="the reason", most=LONGEST_REASON)
        removal.remove(
            services().engine, source.name, made_by=me().name, reason=reason, progress=Patience()
        )
    except OutOfTimeError as error:
        return _removal(source, f"{error.done:,} records so far. Go on to remove the rest.")
    except CommandError as error:
        return _removal(source, as_sentence(error), 422)
    flash(f"{source.name} is removed.")
    return redirect(url_for("admin.show_sources"))


def _found(number: int) -> Source:
    source: Source | None = None
    if number < 2**31:
        with read(services().engine) as connection:
            source = sources.by_number(connection, number)
    if source is None:
        abort(404)
    return source
