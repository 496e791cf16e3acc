"""``user add``: somebody for the desk."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_user_commands"]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.
Open = Callable[[argparse.Namespace], AbstractContextManager["Engine"]]

# As in ``store.users``, which is not imported before it is needed.
ROLES = ("reader-contributor", "curator", "reviewer", "administrator")


def add_user_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``user`` with its actions."""
    user = commands.add_parser("user", help="who works at the desk")
    actions = user.add_subparsers(metavar="ACTION", required=True)
    adding = actions.add_parser(
        "add", help="add somebody; the password is asked for, or read from standard input"
    )
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("--role", required=True, choices=ROLES)
    add_database(adding)
    adding.set_defaults(func=lambda options: _add(options, open_engine))


def _add(options: argparse.Namespace, open_engine: Open) -> int:
    from contextlib_news_server.store import users

    password = _password(options.name)
    with open_engine(options) as engine, engine.begin() as connection:
        user = users.add(
            connection,
            options.name,
            role=users.Role(options.role),
            password=password,
            made_by=f"{getpass.getuser()} on the command line",
        )
    print(f"added {user.name} as {user.role}")
    return 0


def _password(name: str) -> str:
    """Return the password, asked for twice at a terminal, else the first line that comes in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("the two passwords differ; nobody was added")
    return password
