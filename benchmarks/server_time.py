"""Processor time that a PostgreSQL on the same machine spends for us, from the kernel's counts.

On a machine that is busy with other things the clock says how busy it is; the time that our process
and the database's processes had a processor for says what a list costs.
"""

from __future__ import annotations

from pathlib import Path

from contextlib_news_server.store.database import read
from sqlalchemy import Engine

__all__ = ["ServerTime"]


class ServerTime:
    """The processes of a database that serve somebody now; none where it is SQLite or remote."""

    def __init__(self, engine: Engine) -> None:
        self._counts: list[Path] = []
        if engine.dialect.name != "postgresql":
            return
        with read(engine) as connection:
            numbers = connection.exec_driver_sql(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            )
            found = [Path(f"/proc/{number}/schedstat") for (number,) in numbers]
        self._counts = [path for path in found if path.exists()]

    def milliseconds(self) -> float:
        """Return the processor time of all of them up to now."""
        return sum(float(path.read_text("ascii").split()[0]) for path in self._counts) / 1e6
