"""``subscription add``, ``list``, ``run`` and ``end``: the feeds that are followed."""

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

__all__ = ["add_subscription_commands"]


def add_subscription_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``subscription`` with its actions, which open the database by ``open_engine``."""
    parser = commands.add_parser("subscription", help="follow feeds of ClaimReview")
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    add = actions.add_parser("add", help="follow a feed; its host must be on the allow-list")
    add.add_argument("name", metavar="NAME", help="under which it is a source")
    add.add_argument("address", metavar="ADDRESS")
    add.add_argument("--every", type=float, default=24.0, metavar="HOURS")
    add.add_argument(
        "--publish",
        action="store_true",
        help="publish what it brings (default: it waits in the queue)",
    )
    add.add_argument(
        "--latest",
        action="store_true",
        help="it holds only its latest reviews: one that is missing is not withdrawn",
    )
    add.add_argument("--licence", help="kept with each review that names none")
    listing = actions.add_parser("list", help="the feeds there are, and how their last run went")
    running = actions.add_parser("run", help="ask a feed now")
    running.add_argument("name", metavar="NAME")
    ending = actions.add_parser("end", help="follow a feed no more; what it brought stays")
    ending.add_argument("name", metavar="NAME")
    for action, run in ((add, _add), (listing, _list), (running, _run), (ending, _end)):
        add_database(action)
        action.set_defaults(func=with_engine(run, open_engine))


def _add(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.config import PREFIX, Config
    from contextlib_news_server.fetching import build_fetcher
    from contextlib_news_server.store import subscriptions
    from contextlib_news_server.store.subscriptions import FeedForm

    if not build_fetcher(Config.from_env(database=options.database)).allows(options.address):
        raise CommandError(
            f"{options.address!a} is not on the allow-list; name its host in {PREFIX}FETCH_HOSTS"
        )
    with engine.begin() as connection:
        subscriptions.add(
            connection,
            options.name,
            options.address,
            made_by=getpass.getuser(),
            every_seconds=round(options.every * 3600),
            publish=options.publish,
            form=FeedForm.LATEST if options.latest else FeedForm.COMPLETE,
            licence=options.licence,
        )
    print(f"following; the service asks it soon, or: subscription run {options.name}")
    return 0


def _list(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import subscriptions
    from contextlib_news_server.store.database import read

    with read(engine) as connection:
        for held in subscriptions.listed(connection):
            state = f"every {held.every_seconds / 3600:g} h" if held.enabled else "ended"
            last = f"last {held.last_run}" if held.last_run else "never asked"
            parts = [
                held.name,
                held.address,
                state,
                "publishes" if held.publish else "queues",
                last,
            ]
            parts += [f"failed {held.failures} times: {held.last_error}"] if held.failures else []
            print("\t".join(" ".join(part.split()) for part in parts))
    return 0


def _run(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.config import Config
    from contextlib_news_server.fetching import build_fetcher
    from contextlib_news_server.following import follow
    from contextlib_news_server.store import subscriptions

    config = Config.from_env(database=options.database)
    with engine.begin() as connection:
        held = subscriptions.get(connection, options.name)
        if held is None or not held.enabled:
            raise CommandError(f"no feed {options.name!a} is followed; see: subscription list")
    followed = follow(engine, held, build_fetcher(config))
    for reason in followed.reasons:
        print(f"rejected {reason}")
    if followed.error is not None:
        raise CommandError(f"{options.name}: {followed.error}")
    print(
        f"added {followed.added}, changed {followed.changed}, unchanged {followed.unchanged}, "
        f"rejected {followed.rejected}, withdrawn {followed.withdrawn}"
    )
    return 0


def _end(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import subscriptions

    with engine.begin() as connection:
        if not subscriptions.end(connection, options.name, made_by=getpass.getuser()):
            raise CommandError(f"no feed {options.name!a} is followed; see: subscription list")
    print(f"ended; 'sources remove {options.name}' takes away what it brought", file=sys.stderr)
    return 0
