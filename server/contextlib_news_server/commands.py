"""The commands that the service adds to the command line.

Nothing heavy is imported before a command runs, so that ``contextlib-news annotate`` stays quick
and works without the extra.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news_server.claim_commands import add_claim_commands
from contextlib_news_server.database_commands import add_database_commands
from contextlib_news_server.evidence_commands import add_evidence_commands
from contextlib_news_server.outlet_commands import add_outlet_commands
from contextlib_news_server.queue_commands import add_queue_commands
from contextlib_news_server.shipped import add_unpack_command
from contextlib_news_server.subscription_commands import add_subscription_commands
from contextlib_news_server.token_commands import add_token_commands
from contextlib_news_server.user_commands import add_user_commands

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_commands"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.


def add_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``serve`` and all that works on the database."""
    serve = commands.add_parser("serve", help="run the service on this machine")
    serve.add_argument("--host", help="the address to listen on (default: this machine alone)")
    serve.add_argument("--port", type=int, help="the port (default: 8765; 0: any that is free)")
    _add_database(serve)
    serve.set_defaults(func=_serve)

    add_token_commands(commands, _add_database, _engine)
    add_subscription_commands(commands, _add_database, _engine)
    add_user_commands(commands, _add_database, _engine)
    add_queue_commands(commands, _add_database, _engine)
    add_evidence_commands(commands, _add_database, _engine)
    add_database_commands(commands, _add_database, _engine)
    importing = commands.add_parser("import", help="bring records into the database")
    exporting = commands.add_parser("export", help="write what is in the database")
    kinds = importing.add_subparsers(metavar="KIND", required=True)
    add_claim_commands(
        kinds, exporting.add_subparsers(metavar="KIND", required=True), _add_database, _engine
    )
    add_outlet_commands(kinds, _add_database, _engine)
    add_unpack_command(commands)


def _add_database(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", metavar="URL", help="such as sqlite:////path/claims.db")


def _serve(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from contextlib_news_server import create_app
    from contextlib_news_server.config import Config
    from contextlib_news_server.serving import build_server
    from contextlib_news_server.wsgi import get_ready, log_as_json, start_threads

    log_as_json()
    config = Config.from_env(database=options.database)
    if options.host:
        config = replace(config, host=options.host)
    if options.port is not None:
        if not 0 <= options.port <= 65_535:
            raise CommandError("--port must be a number from 0 to 65535")
        config = replace(config, port=options.port)
    app = create_app(config)
    get_ready(app)
    try:
        server = build_server(app, config)
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
    start_threads(app, config)
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
