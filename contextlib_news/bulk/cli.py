"""The command ``bulk``: files of pages in, Parquet files of notes out."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news.index_commands import Commands, add_source, open_index
from contextlib_news.version import __version__

if TYPE_CHECKING:
    from contextlib_news.bulk.plan import Job
    from contextlib_news.bulk.run import Outcome

__all__ = ["add_bulk_command"]

PART_PAGES = 500
PAGE_SECONDS = 120
INDEX = "_index.idx"
STARTER = "starter"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def add_bulk_command(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``bulk``."""
    parser = commands.add_parser(
        "bulk", help="the notes on many pages: Parquet, JSONL or WARC in, Parquet out"
    )
    parser.add_argument(
        "inputs", metavar="INPUT", nargs="+", help="files (.parquet, .jsonl, .warc, .gz) or folders"
    )
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", required=True, help="where the parts are written"
    )
    add_source(parser)
    parser.add_argument("--outlets", metavar="FILE", help="outlets in place of the starter ones")
    parser.add_argument(
        "--disclaimers", metavar="FILE", help="rules for disclaimers beside those that ship"
    )
    parser.add_argument("--reader-language", default="en", help="the language of the notes")
    parser.add_argument("--today", metavar="DAY", help="the day that tells what is old")
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help="a column that is html, text, url, title, language or id; may be repeated",
    )
    parser.add_argument("--processes", type=int, help="cores to use (default: all)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Ray cluster to run on")
    parser.add_argument(
        "--part-pages", type=int, default=PART_PAGES, help="pages a part (default: 500)"
    )
    parser.add_argument(
        "--page-seconds", type=int, default=PAGE_SECONDS, help="longest time a page (default: 120)"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    parser.set_defaults(func=_bulk)


def _bulk(options: argparse.Namespace) -> int:
    if options.part_pages < 1 or options.page_seconds < 1:
        raise CommandError("--part-pages and --page-seconds must be 1 or more")
    if options.processes is not None and options.processes < 1:
        raise CommandError("--processes must be 1 or more")
    if options.today is not None and not _DAY.fullmatch(options.today):
        raise CommandError("--today must be a day such as 2026-02-15")
    try:
        from contextlib_news.bulk import engine
        from contextlib_news.bulk.run import run_job
    except ModuleNotFoundError as error:
        raise CommandError(
            f"this command needs more ({error.name} is missing): install contextlib-news[bulk]"
        ) from None
    # Ray would tell its makers that it was started, and us what only they can use.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    # A process that is not there after this time is given up; on a busy machine a minute is little.
    os.environ.setdefault("RAY_worker_register_timeout_seconds", "300")
    if options.cluster:
        # Tries to reach it; with those that Ray makes by itself it takes a quarter of an hour.
        os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "2")
    folder = Path(options.output)
    job = _job(options, folder)
    processes = options.processes or engine.cores()
    outcome = run_job(
        job,
        folder,
        lambda: engine.started(processes, options.cluster),
        shown=not options.quiet,
    )
    print(_told(outcome, folder), file=sys.stderr)
    return 0


def _job(options: argparse.Namespace, folder: Path) -> Job:
    from contextlib_news.bulk.inputs import identity_of, input_files
    from contextlib_news.bulk.plan import Job
    from contextlib_news.matching.file import index_digest

    def told(path: str | None) -> tuple[str | None, str]:
        """Return a file's whole name, for processes elsewhere, and what tells its content."""
        return (None, "") if path is None else (str(Path(path).resolve()), identity_of(Path(path)))

    files = [path.resolve() for path in input_files(options.inputs)]
    claims = ""
    if options.index is None:
        claims = STARTER if options.claims is None else identity_of(Path(options.claims))
    index = Path(options.index).resolve() if options.index else _own_index(options, folder, claims)
    outlets, outlets_digest = told(options.outlets)
    disclaimers, disclaimers_digest = told(options.disclaimers)
    return Job(
        version=__version__,
        inputs=tuple((str(path), identity_of(path)) for path in files),
        part_pages=options.part_pages,
        claims=claims,
        index=str(index),
        index_digest=index_digest(index),
        encoder=options.encoder,
        outlets=outlets,
        outlets_digest=outlets_digest,
        disclaimers=disclaimers,
        disclaimers_digest=disclaimers_digest,
        reader_language=options.reader_language,
        today=options.today or "",
        page_seconds=options.page_seconds,
        columns=_columns(options.map),
    )


def _own_index(options: argparse.Namespace, folder: Path, claims: str) -> Path:
    """Return the index of the claims of the options, built beside the parts unless it is there."""
    from contextlib_news.bulk.plan import load_plan
    from contextlib_news.matching.file import index_digest

    path = (folder / INDEX).resolve()
    kept = load_plan(folder) if path.exists() else None
    if kept is not None:
        job = kept[0]
        if (job.claims, job.version, job.encoder) == (claims, __version__, options.encoder):
            if job.index_digest == index_digest(path):
                return path
        else:
            raise CommandError(f"{folder}: begun with other claims; choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    open_index(options).save(path)
    return path


def _columns(given: list[str]) -> dict[str, str]:
    from contextlib_news.bulk.found import FIELDS

    columns: dict[str, str] = {}
    for item in given:
        name, equals, field = item.rpartition("=")
        if not equals or not name or field not in FIELDS:
            raise CommandError(f"--map {item}: must be COLUMN=FIELD, FIELD {', '.join(FIELDS)}")
        columns[name] = field
    return columns


def _told(outcome: Outcome, folder: Path) -> str:
    told = (
        f"{outcome.pages:,} pages in {outcome.parts:,} parts in {folder}: "
        f"{outcome.notes:,} notes, pages with an error: {outcome.errors:,}"
    )
    if outcome.pages_now:
        told += f"; {outcome.pages_now:,} now, {outcome.pages_now / outcome.seconds:.1f} a second"
    return told
