"""``db`` and ``sources``: the database as a whole, and where its records come from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from contextlib_news_server.command_parts import Commands, Open, with_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["add_database_commands"]


def add_database_commands(
    commands: Commands[argparse.ArgumentParser],
    add_database: Callable[[argparse.ArgumentParser], None],
    open_engine: Open,
) -> None:
    """Add ``db`` and ``sources`` with their actions."""
    db = commands.add_parser("db", help="create, upgrade, seed, back up or restore the database")
    actions = db.add_subparsers(metavar="ACTION", required=True)
    upgrade = actions.add_parser("upgrade", help="create it or bring it to the newest form")
    downgrade = actions.add_parser(
        "downgrade", help="bring the tables back to those of an older release"
    )
    downgrade.add_argument(
        "tables", metavar="TABLES", help="their number, or a backup that the older release wrote"
    )
    seed = actions.add_parser("seed", help="add the starter claims and outlets that are missing")
    backup = actions.add_parser("backup", help="write all of it to one file that verifies itself")
    backup.add_argument("file", metavar="FILE")
    restore = actions.add_parser("restore", help="fill an empty database from such a file")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument(
        "--replace", action="store_true", help="take out first what the database holds"
    )

    sources = commands.add_parser("sources", help="where the records come from")
    inner = sources.add_subparsers(metavar="ACTION", required=True)
    listing = inner.add_parser("list", help="each source with what it holds")
    removing = inner.add_parser("remove", help="take away a source with all that it brought")
    removing.add_argument("name", metavar="NAME", help="as sources list says it")

    for action, run in (
        (upgrade, _upgrade),
        (downgrade, _downgrade),
        (seed, _seed),
        (backup, _backup),
        (restore, _restore),
        (listing, _list_sources),
        (removing, _remove_source),
    ):
        add_database(action)
        action.set_defaults(func=with_engine(run, open_engine))


def _upgrade(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store.database import current_revision, read

    with read(engine) as connection:
        tables = current_revision(connection)
    print(f"the database is up to date: tables {tables}", file=sys.stderr)
    return 0


def _downgrade(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store.backup import verify
    from contextlib_news_server.store.database import downgrade

    path = Path(options.tables)
    tables = verify(path).schema if path.is_file() else options.tables
    downgrade(engine, tables)
    print(f"tables {tables}: install the release that works with them now", file=sys.stderr)
    return 0


def _seed(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store.database import seed

    claims, outlets = seed(engine)
    print(f"added {claims} claims and {outlets} outlets", file=sys.stderr)
    return 0


def _backup(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store.backup import write_backup

    summary = write_backup(engine, Path(options.file))
    print(f"{summary.rows} rows of {summary.tables} tables backed up, read again and verified")
    return 0


def _restore(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store.restoring import restore_backup

    summary = restore_backup(engine, Path(options.file), replace=options.replace)
    print(f"{summary.rows} rows of {summary.tables} tables restored, read again and verified")
    return 0


def _list_sources(options: argparse.Namespace, engine: Engine) -> int:
    from contextlib_news_server.store import sources
    from contextlib_news_server.store.database import read

    with read(engine) as connection:
        for source in sources.listed(connection):
            counts = sources.counts(connection, source)
            held = f"{counts.claims} claims, {counts.outlets} outlets, {counts.ratings} ratings"
            known = [source.kind, held, f"imported {source.imported[:10]} by {source.made_by}"]
            known += [f"of {source.date}"] if source.date else []
            known += [source.licence] if source.licence else []
            known += [source.url] if source.url else []
            print("\t".join([source.name, *known]))
    return 0


def _remove_source(options: argparse.Namespace, engine: Engine) -> int:
    from tqdm import tqdm

    from contextlib_news_server.store.removal import remove

    with tqdm(desc="removing", unit=" records", disable=None, file=sys.stderr) as bar:
        counts = remove(engine, options.name, made_by="command line", progress=bar.update)
    print(
        f"removed {options.name}: {counts.claims} claims, {counts.outlets} outlets, "
        f"{counts.ratings} ratings no longer come from it"
    )
    return 0
