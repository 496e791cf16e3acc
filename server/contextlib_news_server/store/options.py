"""What an administrator sets on the desk; every change is kept like any other."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select, update

from contextlib_news_server.store import revisions
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.tables import options

__all__ = ["SECOND_PERSON", "is_on", "set_on"]

# Nobody publishes what they wrote.
SECOND_PERSON = "second-person"


def is_on(connection: Connection, name: str) -> bool:
    """Say whether an option is on; one that nobody ever set is off."""
    value = connection.scalar(select(options.c.value).where(options.c.name == name))
    return value is not None and json.loads(value) is True


def set_on(connection: Connection, name: str, on: bool, *, made_by: str) -> None:
    """Turn an option on or off."""
    take_turn(connection)
    row = connection.execute(select(options).where(options.c.name == name)).first()
    value = json.dumps(on)
    if row is not None and row.value == value:
        return
    revision = 1 if row is None else int(row.revision) + 1
    if row is None:
        connection.execute(options.insert().values(name=name, value=value, revision=revision))
    else:
        connection.execute(
            update(options).where(options.c.name == name).values(value=value, revision=revision)
        )
    change = {
        "kind": "option",
        "key": name,
        "revision": revision,
        "state": None,
        "made": revisions.now(),
        "made_by": made_by,
        "reason": "turned on" if on else "turned off",
        "source": None,
        "after": json.dumps({"on": on}),
    }
    revisions.add_many(connection, [change])
