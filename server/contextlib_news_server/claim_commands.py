"""``import claims`` and ``export claims``: files in and out of the database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from contextlib_news.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from contextlib_news.models import Claim
    from contextlib_news_server.import_reports import ImportReport

__all__ = ["add_claim_commands", "add_table_options"]

PUBLISHER = "Contextlib News"

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.
Open = Callable[[argparse.Namespace], AbstractContextManager["Engine"]]


def add_claim_commands(
    importing: Commands[argparse.ArgumentParser],
    exporting: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``claims`` to the kinds that are imported and exported."""
    claims = importing.add_parser(
        "claims", help="from JSONL, JSON, CSV, ClaimReview or a feed of it, as one source"
    )
    claims.add_argument("file", metavar="FILE")
    claims.add_argument(
        "--source", metavar="NAME", help="what the source is called (default: the file's name)"
    )
    claims.add_argument("--url", help="where it comes from")
    claims.add_argument("--licence", help="under which licence it may be used")
    claims.add_argument("--date", help="of which day it is")
    claims.add_argument("--method", help="how it was made")
    add_table_options(claims)
    claims.add_argument("--dry-run", action="store_true", help="say what would change, and stop")
    add_database(claims)
    claims.set_defaults(func=lambda options: _import(options, open_engine))

    claims = exporting.add_parser("claims", help="the published claims, to standard output")
    claims.add_argument(
        "--format", choices=("jsonl", "claimreview", "data-commons", "csv"), default="jsonl"
    )
    claims.add_argument(
        "--address",
        metavar="URL",
        help="where this service shows its claims, such as https://news.example.org (for feeds)",
    )
    add_database(claims)
    claims.set_defaults(func=lambda options: _export(options, open_engine))


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add what a file of others needs: its columns, its encoding, what parts its cells."""
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        help="which column is which field (- leaves it out, '*=-' all others), FIELD:=VALUE for "
        "all rows, or a JSON file with columns and constants; may be given several times",
    )
    parser.add_argument("--encoding", help="of the file, where it is not Unicode (cp1252)")
    parser.add_argument("--delimiter", help="what parts the cells, where it is not told rightly")


def _import(options: argparse.Namespace, open_engine: Open) -> int:
    from tqdm import tqdm

    from contextlib_news.formats.claims import read_records
    from contextlib_news.formats.column_maps import ColumnMap
    from contextlib_news_server.import_reports import ImportReport
    from contextlib_news_server.store.importing import import_claims

    def say(line: str) -> None:
        with tqdm.external_write_mode():
            print(line)

    path = Path(options.file)
    report = ImportReport(say=say)
    records = read_records(
        path,
        columns=ColumnMap.of(options.map) if options.map else None,
        encoding=options.encoding,
        delimiter=options.delimiter,
    )
    total = _lines(path)
    with (
        open_engine(options) as engine,
        # No bar where nobody watches.
        tqdm(total=total, desc="importing", unit=" claims", disable=None, file=sys.stderr) as bar,
    ):
        counts = import_claims(
            engine,
            report.claims(records),
            source=options.source or path.name,
            made_by="import",
            url=options.url,
            licence=options.licence,
            method=options.method,
            date=options.date,
            file=options.file,
            dry_run=options.dry_run,
            rejected=report.reject,
            progress=bar.update,
        )
    _summary(report)
    print(
        f"added {counts.added}, changed {counts.changed}, "
        f"unchanged {counts.unchanged}, rejected {counts.rejected}"
    )
    return 1 if counts.rejected and not counts.accepted else 0


def _summary(report: ImportReport) -> None:
    """Tell the rating words seen for the first time, and what was joined and kept in part."""
    for word, count in report.new_words():
        print(f"new rating word {word[:200]!r} ({count} times): no verdict follows from it")
    if report.claims_joined:
        print(f"{report.reviews_joined} reviews were joined to {report.claims_joined} claims")
    if report.in_part:
        print(f"{report.in_part} claims were kept in part")


def _lines(path: Path) -> int | None:
    """Return about how many records a file of lines has; None where lines say nothing."""
    if path.suffix.lower() not in (".jsonl", ".ndjson", ".csv", ".tsv"):
        return None
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _export(options: argparse.Namespace, open_engine: Open) -> int:
    from contextlib_news.formats.claims import claim_to_dict, write_claims
    from contextlib_news.formats.feeds import write_claim_reviews, write_feed
    from contextlib_news.formats.tables import write_claim_table
    from contextlib_news_server.store import claims
    from contextlib_news_server.store.database import snapshot

    base = (options.address or "").rstrip("/")
    if base and not base.startswith(("http://", "https://")):
        raise CommandError("--address must begin with http:// or https://")

    def address(claim: Claim) -> str:
        name = quote(claim.id, safe="", errors="replace")
        return f"{base}/claims/{name}" if base else f"urn:claim:{name}"

    with open_engine(options) as engine, snapshot(engine) as connection:
        rows: Iterator[Claim] = claims.published(connection)
        if options.format == "csv":
            write_claim_table((claim_to_dict(claim) for claim in rows), sys.stdout)
        elif options.format == "jsonl":
            write_claims(rows, sys.stdout)
        else:
            write = write_feed if options.format == "data-commons" else write_claim_reviews
            write(rows, sys.stdout, publisher=PUBLISHER, address=address)
    return 0
