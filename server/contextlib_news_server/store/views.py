"""A person's own names for filters of the list of claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from contextlib_news.errors import CommandError
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import views

__all__ = ["LONGEST_NAME", "MOST", "View", "keep", "listed", "remove"]

MOST = 30
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class View:
    """A kept filter: its number, its name, and the filters by the names of the list's form."""

    number: int
    name: str
    filters: Mapping[str, str]


def keep(connection: Connection, user: int, name: str, filters: Mapping[str, str]) -> None:
    """Keep filters of a person under a name; one of the same name gets the new filters.

    Raises CommandError where there is no filter, or the person has ``MOST`` views already.
    """
    if not filters:
        raise CommandError("set a filter first; a view without one is the whole list")
    take_turn(connection)
    said = json.dumps(dict(filters), ensure_ascii=False)
    own = views.c.user == user
    done = connection.execute(
        views.update().where(own, views.c.name == name).values(filters=said, created=now())
    )
    if done.rowcount:
        return
    if int(connection.scalar(select(func.count()).select_from(views).where(own)) or 0) >= MOST:
        raise CommandError(f"nobody keeps more than {MOST} views; take one away first")
    connection.execute(views.insert().values(user=user, name=name, filters=said, created=now()))


def listed(connection: Connection, user: int) -> list[View]:
    """Return the views of a person by name."""
    rows = connection.execute(select(views).where(views.c.user == user).order_by(views.c.name))
    return [View(row.number, row.name, json.loads(row.filters)) for row in rows]


def remove(connection: Connection, user: int, number: int) -> bool:
    """Take a view of a person away; False where they have none of this number."""
    done = connection.execute(delete(views).where(views.c.user == user, views.c.number == number))
    return bool(done.rowcount)
