"""Opening a database: address, pragmas, migrations, seed."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets
from contextlib_news_server.store import claims, outlets, sources
from contextlib_news_server.store.claim_rows import is_derived, refresh_derived
from contextlib_news_server.store.tables import counters, options

__all__ = [
    "alembic_config",
    "bound_waiting",
    "content_name",
    "current_revision",
    "downgrade",
    "head_revision",
    "known_revisions",
    "name_database",
    "open_database",
    "read",
    "seed",
    "snapshot",
    "upgrade",
    "wait_for_others",
]

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MILLISECONDS = 10_000
SETUP_LOCK = 8_765_001

# A server that does not answer is given up after so long, in seconds: a start of a connection or
# the question whether one is still there, a request that finds none free, and one whose packets
# nobody confirms.
CONNECT_SECONDS = 3
POOL_SECONDS = 5
SILENT_SECONDS = 10

# Of the starter records, as of the whole repository.
LICENCE = "Apache-2.0"

# Under which the options keep the name of the database's content.
NAME = "database"

# Tables change in two steps: a release first adds what is new, a later one takes away what nothing
# reads any more. The oldest tables whose release can work on these, and where the options keep it.
SERVES = "0005"
SERVED = "tables serve from"


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
        engine = create_engine(url, **_options(url))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise CommandError(f"the database {shown} cannot be used: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    try:
        upgrade(engine)
        if seed_new:
            seed(engine, only_new=True)
    except CommandError as error:
        engine.dispose()
        raise CommandError(f"the database {shown} cannot be used: {error}") from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        reason = str(error).split("\n", 1)[0]
        raise CommandError(f"the database {shown} cannot be used: {reason}") from None
    return engine


def _options(url: URL) -> dict[str, Any]:
    """Return how connections are made, so that a server that went away is noticed soon."""
    if url.get_backend_name() != "postgresql":
        return {}
    return {
        # A connection of before a restart is replaced and costs nobody an error.
        "pool_pre_ping": True,
        "pool_size": 4,
        "max_overflow": 8,
        "pool_timeout": POOL_SECONDS,
        "connect_args": {
            "connect_timeout": CONNECT_SECONDS,
            "keepalives_idle": SILENT_SECONDS,
            "tcp_user_timeout": 1000 * SILENT_SECONDS,
        },
    }


def bound_waiting(engine: Engine, seconds: float) -> None:
    """Let no statement of PostgreSQL take longer, so that a slow one ends as an error.

    The server ends it, or this side a second later where the server stands still. For requests:
    commands and migrations may take as long as they need. SQLite waits for a writer for
    :data:`BUSY_MILLISECONDS` and for nothing else.
    """
    if engine.dialect.name != "postgresql":
        return
    if engine.dialect.driver == "psycopg":
        from contextlib_news_server.store.patient_connection import bound_silence

        bound_silence(engine, asked=CONNECT_SECONDS, held=seconds + 1)
    milliseconds = int(1000 * seconds)

    @event.listens_for(engine, "connect")
    def bound(connection: Any, _: object) -> None:
        connection.execute(f"SET statement_timeout = {milliseconds}")
        connection.commit()

    engine.dispose()


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest form; several processes may do so at once."""
    # Most starts find nothing to do, and need not wait for a writer then.
    with read(engine) as connection:
        if _is_ready(connection) or _serves(connection):
            return
    with engine.begin() as connection:
        wait_for_others(connection)
        if current_revision(connection) != head_revision():
            command.upgrade(alembic_config(connection), "head")
        if (
            connection.execute(select(counters.c.value).where(counters.c.name == "change")).first()
            is None
        ):
            connection.execute(counters.insert().values(name="change", value=0))
        refresh_derived(connection)
        name_database(connection)
        _set_option(connection, SERVED, SERVES)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the tables back to those of an older release; what only newer ones hold is lost.

    Raises CommandError where there are no such tables.
    """
    if revision not in known_revisions():
        raise CommandError(
            f"there are no tables {revision!r}: {', '.join(sorted(known_revisions()))}"
        )
    with engine.begin() as connection:
        wait_for_others(connection)
        command.downgrade(alembic_config(connection), revision)


def _serves(connection: Connection) -> bool:
    """Say whether the tables are of a newer release and this one can work on them as they are.

    Raises CommandError where it cannot.
    """
    revision = current_revision(connection)
    if revision is None or revision in known_revisions():
        return False
    oldest = connection.scalar(select(options.c.value).where(options.c.name == SERVED))
    if oldest is None or str(oldest) > head_revision():
        raise CommandError(
            f"its tables ({revision}) are of a newer release, and this one works with "
            f"{head_revision()}: bring them back with the newer one, contextlib-news db downgrade "
            f"{head_revision()}"
        )
    return True


def _is_ready(connection: Connection) -> bool:
    """Say whether there is nothing for a start to do."""
    if current_revision(connection) != head_revision():
        return False
    change = select(counters.c.value).where(counters.c.name == "change")
    return (
        connection.execute(change).first() is not None
        and is_derived(connection)
        and bool(content_name(connection))
        and connection.scalar(select(options.c.value).where(options.c.name == SERVED)) == SERVES
    )


def seed(engine: Engine, *, only_new: bool = False) -> tuple[int, int]:
    """Add the starter claims and outlets that are missing; return how many of each were added.

    With ``only_new`` nothing is done where the database ever held a claim or an outlet.
    """
    with read(engine) as connection:
        if only_new and (claims.count(connection) or outlets.count(connection)):
            return 0, 0
    with engine.begin() as connection:
        wait_for_others(connection)
        if only_new and (claims.count(connection) or outlets.count(connection)):
            return 0, 0
        missing = [c for c in load_claims() if claims.get(connection, c.id) is None]
        directory = load_outlets()
        # What a list says of a domain does not stand in for what the starter outlets say of it.
        starter = sources.get(connection, "starter outlets")
        told = outlets.spoken_of(connection, starter.number) if starter is not None else ()
        unknown = [outlet for outlet in directory if outlet.domain not in told]
        if missing:
            source = sources.declare(
                connection, "starter claims", kind="starter", made_by="seed", licence=LICENCE
            )
            claims.save_many(
                connection,
                missing,
                made_by="seed",
                reason="starter claims",
                source=source.number,
            )
        if unknown:
            source = sources.declare(
                connection, "starter outlets", kind="starter", made_by="seed", licence=LICENCE
            )
            outlets.save_many(
                connection,
                unknown,
                made_by="seed",
                reason="starter outlets",
                source=source.number,
                impersonated=directory.impersonated,
            )
        return len(missing), len(unknown)


def wait_for_others(connection: Connection) -> None:
    """Wait until no other process sets up the database."""
    # SQLite lets one writer in at a time by itself; the number is any that is always the same.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SETUP_LOCK)))


def alembic_config(connection: Connection) -> AlembicConfig:
    """Return what alembic's commands need to work on a connection."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """Return the revision of the tables that this release works with."""
    return str(_scripts().get_current_head())


def known_revisions() -> set[str]:
    """Return every revision of the tables that this release can come from."""
    return {script.revision for script in _scripts().walk_revisions()}


def name_database(connection: Connection, *, anew: bool = False) -> str:
    """Return the name of this content, made at random once, so that files made from it are told.

    ``anew`` gives it another one, since its numbers of changes may have gone back.
    """
    held = connection.scalar(select(options.c.value).where(options.c.name == NAME))
    if held is not None and not anew:
        return str(held)
    name = secrets.token_hex(8)
    _set_option(connection, NAME, name)
    return name


def _set_option(connection: Connection, name: str, value: str) -> None:
    connection.execute(options.delete().where(options.c.name == name))
    connection.execute(options.insert().values(name=name, value=value, revision=1))


def content_name(connection: Connection) -> str:
    """Return the name that the content has by :func:`name_database`."""
    return str(connection.scalar(select(options.c.value).where(options.c.name == NAME)) or "")


def _scripts() -> ScriptDirectory:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


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


def snapshot(engine: Engine) -> Connection:
    """Return a connection for reading alone that sees one moment, however long it reads."""
    if engine.dialect.name == "postgresql":
        # What is read first sets the moment; the plain level would see each statement's own.
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return engine.execution_options(read_only=True).connect()


def read(engine: Engine) -> Connection:
    """Return a connection for reading alone; it never waits for a writer on SQLite."""
    return engine.execution_options(read_only=True).connect()
