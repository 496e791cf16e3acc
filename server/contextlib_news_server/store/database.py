"""Opening a database: address, pragmas, migrations, seed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets
from contextlib_news_server.store import claims, outlets
from contextlib_news_server.store.tables import counters

__all__ = ["open_database", "read", "seed", "upgrade"]

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 10_000
SETUP_LOCK = 8_765_001


def open_database(address: str, *, seed_new: bool = True) -> Engine:
    """Return an engine on a database that is created, upgraded and, when it is new, seeded.

    Raises CommandError where the address is none or the database cannot be used.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        # Not repeated, as it may hold a password where none is looked for.
        raise CommandError(
            "the database address cannot be used: it must look like sqlite:////folder/claims.db"
        ) from None
    shown = url.render_as_string(hide_password=True)
    try:
        if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise CommandError(f"the database {shown} cannot be used: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    try:
        upgrade(engine)
        if seed_new:
            seed(engine, only_new=True)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        reason = str(error).split("\n", 1)[0]
        raise CommandError(f"the database {shown} cannot be used: {reason}") from None
    return engine


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest form; several processes may do so at once."""
    with engine.begin() as connection:
        _wait_for_others(connection)
        if _current(connection) != _head():
            command.upgrade(_alembic(connection), "head")
        if (
            connection.execute(select(counters.c.value).where(counters.c.name == "change")).first()
            is None
        ):
            connection.execute(counters.insert().values(name="change", value=0))


def seed(engine: Engine, *, only_new: bool = False) -> tuple[int, int]:
    """Add the starter claims and outlets that are missing; return how many of each were added.

    With ``only_new`` nothing is done where the database ever held a claim or an outlet.
    """
    with engine.begin() as connection:
        _wait_for_others(connection)
        if only_new and (claims.count(connection) or outlets.count(connection)):
            return 0, 0
        added = sum(
            claims.save(connection, claim, made_by="seed", reason="starter claims") == "added"
            for claim in load_claims()
            if claims.get(connection, claim.id) is None
        )
        directory = load_outlets()
        missing = [o for o in directory if outlets.get(connection, o.domain) is None]
        for outlet in missing:
            impersonated = outlet.domain in directory.impersonated
            outlets.save(connection, outlet, impersonated=impersonated)
        return added, len(missing)


def _wait_for_others(connection: Connection) -> None:
    # SQLite lets one writer in at a time by itself; the number is any that is always the same.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SETUP_LOCK)))


def _alembic(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def _head() -> str:
    from alembic.script import ScriptDirectory

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Transactions are begun below, by hand: sqlite3 would begin them too late to keep a read and
    # the write that follows from it together.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once, so that what it read cannot change under it.
    reading = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def read(engine: Engine) -> Connection:
    """Return a connection for reading alone; it never waits for a writer on SQLite."""
    return engine.execution_options(read_only=True).connect()
