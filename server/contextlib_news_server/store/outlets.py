"""Outlets in the database."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, select, update

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.formats.outlets import outlet_from_dict, outlet_to_dict
from contextlib_news.models import Outlet
from contextlib_news_server.store.tables import outlets

__all__ = ["count", "directory", "get", "save"]


def count(connection: Connection) -> int:
    """Return how many outlets there are."""
    return int(connection.scalar(select(func.count()).select_from(outlets)) or 0)


def get(connection: Connection, domain: str) -> Outlet | None:
    """Return the outlet kept under a domain, or None."""
    row = connection.execute(select(outlets.c.document).where(outlets.c.domain == domain)).first()
    return None if row is None else outlet_from_dict(json.loads(row[0]))


def save(connection: Connection, outlet: Outlet, *, impersonated: bool = False) -> None:
    """Add or replace an outlet."""
    values = {
        "document": json.dumps(outlet_to_dict(outlet), ensure_ascii=False),
        "impersonated": int(impersonated),
    }
    done = connection.execute(
        update(outlets).where(outlets.c.domain == outlet.domain).values(**values)
    )
    if done.rowcount == 0:
        connection.execute(outlets.insert().values(domain=outlet.domain, **values))


def directory(connection: Connection) -> OutletDirectory:
    """Return all outlets, ready to be looked up."""
    rows = connection.execute(select(outlets)).all()
    return OutletDirectory(
        (outlet_from_dict(json.loads(row.document)) for row in rows),
        impersonated=[row.domain for row in rows if row.impersonated],
    )
