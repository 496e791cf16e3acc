"""``queue fill``: what waits by the calendar comes into the queue."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_queue_commands"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.
Open = Callable[[argparse.Namespace], AbstractContextManager["Engine"]]


def add_queue_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``queue`` with its action, which opens the database by ``open_engine``."""
    parser = commands.add_parser("queue", help="what waits for somebody at the desk")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    fill = actions.add_parser(
        "fill", help="put in claims whose validity ended (the service does so once a day)"
    )
    add_database(fill)
    fill.set_defaults(func=lambda options: _fill(options, open_engine))


def _fill(options: argparse.Namespace, open_engine: Open) -> int:
    from contextlib_news_server.store.queue_filling import fill_queue

    with open_engine(options) as engine:
        filled = fill_queue(engine)
    print(
        f"{filled.expired} claims that hold no longer, {filled.flags} flags put in; "
        f"{filled.contacts} contacts of readers deleted"
    )
    return 0
