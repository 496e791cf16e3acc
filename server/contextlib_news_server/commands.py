"""The commands that the service adds to the command line.

Nothing heavy is imported before a command runs, so that ``contextlib-news annotate`` stays quick
and works without the extra.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_commands"]

# A body of up to this many bytes more than is taken still gets a problem document.
LARGEST_EXPLAINED = 32 * 1024 * 1024

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``serve``, ``db``, ``import`` and ``export``."""
    serve = commands.add_parser("serve", help="run the service on this machine")
    serve.add_argument("--host", help="the address to listen on (default: this machine alone)")
    serve.add_argument("--port", type=int, help="the port (default: 8765; 0: any that is free)")
    _add_database(serve)
    serve.set_defaults(func=_serve)

    db = commands.add_parser("db", help="create, upgrade or seed the database")
    actions = db.add_subparsers(metavar="ACTION", required=True)
    for name, function, text in (
        ("upgrade", _db_upgrade, "create the database or bring it to the newest form"),
        ("seed", _db_seed, "add the starter claims and outlets that are missing"),
    ):
        action = actions.add_parser(name, help=text)
        _add_database(action)
        action.set_defaults(func=function)

    importing = commands.add_parser("import", help="bring claims into the database")
    kinds = importing.add_subparsers(metavar="KIND", required=True)
    claims = kinds.add_parser("claims", help="from JSONL, JSON, CSV, ClaimReview or a feed of it")
    claims.add_argument("file", metavar="FILE")
    claims.add_argument("--dry-run", action="store_true", help="say what would change, and stop")
    _add_database(claims)
    claims.set_defaults(func=_import_claims)

    exporting = commands.add_parser("export", help="write what is in the database")
    kinds = exporting.add_subparsers(metavar="KIND", required=True)
    claims = kinds.add_parser("claims", help="to standard output")
    claims.add_argument("--format", choices=("jsonl", "csv", "claimreview"), default="jsonl")
    _add_database(claims)
    claims.set_defaults(func=_export_claims)


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", metavar="URL", help="such as sqlite:////path/claims.db")


def _serve(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from waitress import create_server

    from contextlib_news_server import create_app
    from contextlib_news_server.config import Config

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config.from_env(database=options.database)
    if options.host:
        config = replace(config, host=options.host)
    if options.port is not None:
        if not 0 <= options.port <= 65_535:
            raise CommandError("--port must be a number from 0 to 65535")
        config = replace(config, port=options.port)
    app = create_app(config)
    try:
        server = create_server(
            app,
            host=config.host,
            port=config.port,
            threads=8,
            ident="contextlib-news",
            # Wider than the application's own limit, whose answer says what to do about it.
            max_request_body_size=4 * config.max_body_bytes + LARGEST_EXPLAINED,
            channel_timeout=60,
        )
    except OSError as error:
        raise CommandError(
            f"cannot listen on {config.host} port {config.port}: {error.strerror or error}; "
            "choose another one with --port"
        ) from None
    host = f"[{config.host}]" if ":" in config.host else config.host
    address = f"http://{host}:{server.effective_port}"
    print(f"Contextlib News is serving at {address}", file=sys.stderr)
    print(f"Try it at {address}/try  (stop with Ctrl+C)", file=sys.stderr, flush=True)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
    return 0


def _stop(*_: object) -> None:
    raise SystemExit(0)


@contextmanager
def _engine(options: argparse.Namespace) -> Iterator[Engine]:
    """Open the database of a command, and close every connection to it when the command is done."""
    from contextlib_news_server.config import Config
    from contextlib_news_server.store.database import open_database

    config = Config.from_env(database=options.database)
    engine = open_database(config.database, seed_new=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _db_upgrade(options: argparse.Namespace) -> int:
    with _engine(options):
        pass
    print("the database is up to date", file=sys.stderr)
    return 0


def _db_seed(options: argparse.Namespace) -> int:
    from contextlib_news_server.store.database import seed

    with _engine(options) as engine:
        claims, outlets = seed(engine)
    print(f"added {claims} claims and {outlets} outlets", file=sys.stderr)
    return 0


def _import_claims(options: argparse.Namespace) -> int:
    from contextlib_news.errors import InvalidClaimError
    from contextlib_news.formats.claims import Rejection, read_claims
    from contextlib_news_server.store import claims

    counts = {"added": 0, "changed": 0, "unchanged": 0, "rejected": 0}
    with (
        _engine(options) as engine,
        engine.connect() as connection,
        connection.begin() as transaction,
    ):
        for row in read_claims(options.file):
            if isinstance(row, Rejection):
                counts["rejected"] += 1
                print(f"rejected {row.place}: {row.reason}")
                continue
            reason = f"imported from {options.file}"
            try:
                counts[claims.save(connection, row, made_by="import", reason=reason)] += 1
            except InvalidClaimError as error:
                counts["rejected"] += 1
                print(f"rejected claim {ascii(row.id)[:80]}: {error}")
        if options.dry_run:
            transaction.rollback()
    print(", ".join(f"{name} {number}" for name, number in counts.items()))
    accepted = counts["added"] + counts["changed"] + counts["unchanged"]
    return 1 if counts["rejected"] and not accepted else 0


def _export_claims(options: argparse.Namespace) -> int:
    import json

    from contextlib_news.formats.claimreview import claim_to_claim_review
    from contextlib_news.formats.claims import claim_to_dict, write_claims
    from contextlib_news.formats.tables import write_claim_table
    from contextlib_news_server.store import claims
    from contextlib_news_server.store.database import read

    with _engine(options) as engine, read(engine) as connection:
        rows = claims.published(connection)
        if options.format == "csv":
            write_claim_table((claim_to_dict(claim) for claim in rows), sys.stdout)
        elif options.format == "claimreview":
            graph = [
                claim_to_claim_review(c, publisher="Contextlib News", url=f"urn:claim:{c.id}")
                for c in rows
            ]
            json.dump(graph, sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
        else:
            write_claims(rows, sys.stdout)
    return 0
