"""``evidence check`` and ``contacts delete``: what the service does by a clock, done now."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news_server.command_parts import Commands, Open, with_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_evidence_commands"]

# Before any link was due for the first time, and after all are.
ALL = "9999-12-31"


def add_evidence_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add the commands, which open the database by ``open_engine``."""
    evidence = commands.add_parser("evidence", help="look after what claims rest on")
    actions = evidence.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser(
        "check", help="visit links of claims on allow-listed hosts; say which are in trouble"
    )
    check.add_argument("--limit", type=int, default=100, metavar="N", help="links (default: 100)")
    check.add_argument("--all", action="store_true", help="also those that are not due yet")
    contacts = commands.add_parser("contacts", help="what readers left to be reached by")
    ends = contacts.add_subparsers(metavar="ACTION", required=True)
    delete = ends.add_parser("delete", help="delete the contacts whose day has come")
    for action, run in ((check, _check), (delete, _delete)):
        add_database(action)
        action.set_defaults(func=with_engine(run, open_engine))


def _check(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.config import PREFIX, Config
    from contextlib_news_server.evidence import Finding, build_checker
    from contextlib_news_server.store.links import Link, LinkState

    if options.limit < 1:
        raise CommandError("--limit must be a number above 0")
    config = Config.from_env(database=options.database)
    if not config.fetch_hosts:
        raise CommandError(f"no host is on the allow-list; name some in {PREFIX}FETCH_HOSTS")

    def report(link: Link, finding: Finding) -> None:
        line = (finding.state.value, link.address, finding.detail)
        print("\t".join(" ".join(part.split()) for part in line), flush=True)

    found = build_checker(config, engine).run(
        options.limit, moment=ALL if options.all else None, report=report
    )
    counts = ", ".join(
        f"{state.value} {found[state]}" for state in LinkState if state is not LinkState.UNSEEN
    )
    print(f"checked {found.total()}: {counts}")
    return 0


def _delete(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import flags

    with engine.begin() as connection:
        print(f"deleted {flags.delete_contacts(connection)}")
    return 0
