"""What the tables share: the metadata with its names, and the types of columns."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, String

__all__ = ["BigNumber", "Domain", "Key", "LongKey", "Moment", "metadata"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _ordered(length: int) -> String:
    # In the order of its code points on every database, so that pages and exports come out alike.
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Key = _ordered(200)
Domain = _ordered(253)
LongKey = _ordered(600)
# A point in time as ISO 8601 in UTC, or a date that came with an import.
Moment = _ordered(40)
# Grows with every change of anything; SQLite numbers rows only in columns of its own integer type.
BigNumber = BigInteger().with_variant(Integer, "sqlite")
