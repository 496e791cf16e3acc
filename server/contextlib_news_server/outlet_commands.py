"""``import outlets``: lists of outlet ratings into the database, each as one source."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news_server.claim_commands import add_table_options

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_outlet_commands"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.


def add_outlet_commands(
    importing: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Callable[[argparse.Namespace], AbstractContextManager[Engine]],
) -> None:
    """Add ``outlets`` to the kinds that are imported."""
    outlets = importing.add_parser(
        "outlets", help="ratings of outlets from a known list or any table, as one source"
    )
    outlets.add_argument("file", metavar="FILE")
    outlets.add_argument(
        "--source", metavar="NAME", required=True, help="what the source is called; who rates"
    )
    outlets.add_argument("--form", help="of the file, where its header does not tell it")
    outlets.add_argument("--date", help="of which day the ratings are")
    outlets.add_argument("--url", help="where a reader can look them up")
    outlets.add_argument("--method", help="the address that says how they are made")
    outlets.add_argument("--licence", help="under which licence they may be used")
    add_table_options(outlets)
    outlets.add_argument("--dry-run", action="store_true", help="say what would change, and stop")
    add_database(outlets)
    outlets.set_defaults(func=lambda options: _import(options, open_engine))


def _import(
    options: argparse.Namespace,
    open_engine: Callable[[argparse.Namespace], AbstractContextManager[Engine]],
) -> int:
    from tqdm import tqdm

    from contextlib_news.formats.column_maps import ColumnMap
    from contextlib_news.formats.dates import read_date
    from contextlib_news.formats.outlet_tables import FIELDS, open_outlet_table
    from contextlib_news.formats.records import Rejection
    from contextlib_news.formats.schema_values import host_of_address
    from contextlib_news_server.store.outlet_importing import import_outlets

    for name in ("url", "method"):
        value = getattr(options, name)
        if value is not None and host_of_address(value) is None:
            raise CommandError(f"--{name} must be an http or https address")
    date, why = read_date(options.date) if options.date is not None else (None, None)
    if why:
        raise CommandError(f"--date: {why}; write it as YYYY-MM-DD")
    given = {"url": options.url, "licence": options.licence, "method": options.method, "date": date}
    table = open_outlet_table(
        options.file,
        rater=options.source,
        form=options.form,
        columns=ColumnMap.of(options.map, FIELDS) if options.map else None,
        encoding=options.encoding,
        delimiter=options.delimiter,
        **given,
    )
    # A known list brings its own, which the options replace.
    details = given if table.form is None else {n: getattr(table.form, n) for n in given}

    def rejected(rejection: Rejection) -> None:
        with tqdm.external_write_mode():
            print(f"rejected {rejection.place}: {rejection.reason}")

    with (
        open_engine(options) as engine,
        tqdm(desc="importing", unit=" ratings", disable=None, file=sys.stderr) as bar,
    ):
        counts = import_outlets(
            engine,
            table.rows,
            source=options.source,
            made_by="import",
            details=details,
            file=options.file,
            dry_run=options.dry_run,
            rejected=rejected,
            progress=bar.update,
        )
    if counts.withdrawn:
        print(f"withdrew {counts.withdrawn} domains that the file speaks of no more")
    if counts.stale:
        print(
            f"kept {counts.stale} domains of an earlier import that are not in this file, "
            "since rows of it were rejected"
        )
    rows = counts.rows
    print(
        f"added {rows.added}, changed {rows.changed}, "
        f"unchanged {rows.unchanged}, rejected {rows.rejected}"
    )
    return 1 if rows.rejected and not rows.accepted else 0
