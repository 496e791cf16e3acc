"""Many rows at once: one statement on PostgreSQL, where one a row costs the most.

SQLite takes a row in some microseconds inside this process and is served best row by row; to
PostgreSQL each row is a message of its own, with its own start and end of an execution. There the
rows travel as one text of JSON, and values that are looked for as one array.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    TextClause,
    any_,
    bindparam,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

__all__ = ["add_rows", "among"]

# Text without a width: a cast to a narrower one would cut in silence what an insert refuses.
_TYPES = (
    (String, "TEXT"),
    (Boolean, "BOOLEAN"),
    (BigInteger, "BIGINT"),
    (Integer, "INTEGER"),
    (Float, "DOUBLE PRECISION"),
)


def add_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, which all name the same columns; columns that they leave out get their default.

    Raises what SQLAlchemy raises for rows that the table refuses; none is in it then.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql" or len(rows) == 1:
        connection.execute(table.insert(), list(rows))
        return
    records = json.dumps(rows, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    connection.execute(_statement(table, tuple(rows[0])), {"records": records})


def among(connection: Connection, column: Column[Any], values: Collection[Any]) -> Any:
    """Return the condition that a column holds one of some values.

    SQLAlchemy writes a list of values into the statement one by one, and driver and server read
    each out of it again; an array is one value of a statement that is always the same.
    """
    if connection.dialect.name != "postgresql":
        return column.in_(values)
    return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))


@cache
def _statement(table: Table, names: tuple[str, ...]) -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    typed = ", ".join(f'"{name}" {_type(table.columns[name])}' for name in names)
    return text(
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} '  # noqa: S608  # names of ours
        f"FROM json_to_recordset(CAST(:records AS json)) AS record ({typed})"
    )


def _type(column: Column[Any]) -> str:
    return next(name for kind, name in _TYPES if isinstance(column.type, kind))
