"""What records became: one row for each record and the conversion that it went through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.errors import Conflict
from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

conversion = sa.Table(
    "ll_conversion",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("document", TEXT, nullable=False),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("actor", BIG),
    sa.Column("became", Opaque(), nullable=False),  # target → [entity, id, outcome]
    sa.Index("ux_ll_conversion_record", "entity", "record", "document", unique=True),
)
ALREADY: Final = "conversion.already"
DOCUMENT: Final = "_conversion"
RECORDS: Final = "_records"
"""Names that no field can have, under which the trail keeps which conversion led where."""


@dataclass(frozen=True, slots=True)
class Became:
    """A record that a target of a conversion led to; ``outcome`` is created or matched."""

    entity: str
    id: int
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversion:
    """What a record became, by target, when, and by whom it was converted."""

    document: str
    at: datetime
    actor: int | None
    became: Mapping[str, Became]


def conversions_of(
    connection: sa.Connection, entity: str, records: Sequence[int]
) -> dict[int, list[Conversion]]:
    """Answer the conversions that records went through."""
    query = sa.select(conversion).where(
        conversion.c.entity == entity, conversion.c.record.in_(list(records))
    )
    found: dict[int, list[Conversion]] = {}
    for row in connection.execute(query.order_by(conversion.c.id)):
        became = {target: Became(*one) for target, one in row.became.items()}
        one = Conversion(document=row.document, at=row.at, actor=row.actor, became=became)
        found.setdefault(row.record, []).append(one)
    return found


def write_conversion(connection: sa.Connection, entity: str, record: int, done: Conversion) -> None:
    """Keep what a record became, in place of what it became before. Raises Conflict.

    Whoever calls has made sure that nothing is left of what it became before.
    """
    mine = (conversion.c.entity == entity, conversion.c.record == record)
    connection.execute(conversion.delete().where(*mine, conversion.c.document == done.document))
    became = {target: [one.entity, one.id, one.outcome] for target, one in done.became.items()}
    values = {
        "document": done.document,
        "entity": entity,
        "record": record,
        "at": done.at,
        "actor": done.actor,
        "became": became,
    }
    try:
        connection.execute(conversion.insert().values(values))
    except sa.exc.IntegrityError as error:
        raise Conflict(code=ALREADY, became="") from error
