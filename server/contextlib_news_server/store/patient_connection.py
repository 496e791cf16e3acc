"""A connection to PostgreSQL that does not wait for ever for a server that is frozen whole.

The server's own limit on statements needs a server that goes on, and keep-alive packets are
answered by the kernel of a machine whose processes stand still. So the waiting itself looks at the
clock. Needs psycopg, and is imported where that is the driver.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, event

__all__ = ["PatientConnection", "bound_silence"]

T = TypeVar("T")


class PatientConnection(psycopg.Connection[Any]):
    """Gives up, closed, when the server has said nothing for ``longest`` seconds of one wait."""

    longest = float("inf")

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **options: Any) -> T:
        """Wait as psycopg does; raises OperationalError when the time is over."""
        return super().wait(self._bounded(gen), *args, **options)

    def _bounded(self, asking: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        end = time.monotonic() + self.longest
        try:
            asked = next(asking)
            while True:
                # Nothing is ready some ten times a second.
                ready = yield asked
                if ready:
                    end = time.monotonic() + self.longest
                elif time.monotonic() > end:
                    self.close()
                    raise psycopg.OperationalError("the server does not answer")
                asked = asking.send(ready)
        except StopIteration as done:
            answer: T = done.value
            return answer


def bound_silence(engine: Engine, *, asked: float, held: float) -> None:
    """Let the engine's connections wait no longer than some seconds for a silent server.

    ``held`` is for statements of whoever has a connection, ``asked`` for the question whether it is
    still there, which the pool asks before it gives one out.
    """

    @event.listens_for(engine, "do_connect")
    def connect(_: Any, __: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        connection = PatientConnection.connect(*arguments, **options)
        connection.longest = held
        return connection

    @event.listens_for(engine, "checkin")
    def given_back(connection: PatientConnection | None, _: Any) -> None:
        if connection is not None:
            connection.longest = asked

    @event.listens_for(engine, "checkout")
    def given_out(connection: PatientConnection, _: Any, __: Any) -> None:
        connection.longest = held
