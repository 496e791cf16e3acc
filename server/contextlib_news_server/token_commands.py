"""``token add``, ``token list`` and ``token revoke``: who may ask the API."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news_server.command_parts import Commands, Open, with_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_token_commands"]


def add_token_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``token`` with its actions, which open the database by ``open_engine``."""
    parser = commands.add_parser("token", help="make, list and revoke tokens of the API")
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    add = actions.add_parser("add", help="make a token; it is shown once")
    add.add_argument("name", metavar="NAME", help="whose it is or what it is for")
    add.add_argument(
        "--scope",
        action="append",
        metavar="SCOPE",
        help="annotate, read, flag or metrics; may be repeated (default: annotate, read, flag)",
    )
    add.add_argument("--days", type=int, help="how long it holds (default: until it is revoked)")
    add.add_argument("--quota", type=int, help="requests a day (default: as the rate limit says)")
    listing = actions.add_parser("list", help="the tokens there are, without their secrets")
    revoke = actions.add_parser("revoke", help="end a token")
    revoke.add_argument("number", metavar="NUMBER", type=int, help="as token list says it")
    for action, run in ((add, _add), (listing, _list), (revoke, _revoke)):
        add_database(action)
        action.set_defaults(func=with_engine(run, open_engine))


def _add(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import tokens

    with engine.begin() as connection:
        secret = tokens.add(
            connection,
            options.name,
            options.scope or ["annotate", "read", "flag"],
            made_by=getpass.getuser(),
            days=options.days,
            quota=options.quota,
        )
    print(secret)
    print("It is not shown again. Send it as: Authorization: Bearer …", file=sys.stderr)
    return 0


def _list(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import tokens
    from contextlib_news_server.store.database import read

    with read(engine) as connection:
        for token in tokens.listed(connection):
            ended = f"revoked {token.revoked[:10]}" if token.revoked else ""
            parts = (
                str(token.number),
                token.name,
                ",".join(sorted(token.scopes)),
                f"quota {token.quota}" if token.quota else "no quota",
                ended or (f"until {token.expires[:10]}" if token.expires else "until revoked"),
                f"last used {token.used}" if token.used else "never used",
            )
            print("\t".join(part.replace("\t", " ") for part in parts))
    return 0


def _revoke(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import tokens

    with engine.begin() as connection:
        if not tokens.revoke(connection, options.number):
            raise CommandError(f"there is no token {options.number} that holds; see: token list")
    print(f"token {options.number} is revoked; a service knows within seconds", file=sys.stderr)
    return 0
