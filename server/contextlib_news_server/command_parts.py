"""What the modules of commands share: their types, and a command that works on the database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["Commands", "Open", "with_engine"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.
Open = Callable[[argparse.Namespace], AbstractContextManager["Engine"]]


def with_engine(
    run: Callable[[argparse.Namespace, Engine], int], open_engine: Open
) -> Callable[[argparse.Namespace], int]:
    """Return a command that opens the database, runs and closes it again."""

    def command(options: argparse.Namespace) -> int:
        with open_engine(options) as engine:
            return run(options, engine)

    return command
