"""From storage kinds to column types of the two databases."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from loopline.fields.base import StorageKind


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC moment: ``timestamptz`` on PostgreSQL, ISO text on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Answer the column type of the database."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bind in UTC; SQLite stores it without a zone."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Answer aware UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Opaque(sa.TypeDecorator[Any]):
    """A JSON value as text: the database never looks inside, both keep it exactly."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Bind compact JSON."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Answer the value."""
        return None if value is None else orjson.loads(value)


TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text in code-point order on both databases."""
BIG: Final = sa.BigInteger()
KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A primary key that the database counts up."""

COLUMN_TYPES: Final[Mapping[StorageKind, TypeEngine[Any]]] = {
    StorageKind.TEXT: TEXT,
    StorageKind.INTEGER: BIG,
    StorageKind.SCALED: BIG,
    StorageKind.BOOLEAN: sa.Boolean(),
    StorageKind.DATE: sa.Date(),
    StorageKind.DATETIME: Moment(),
    StorageKind.CODE: TEXT,
    StorageKind.LINK: BIG,
    StorageKind.JSON: Opaque(),
}
