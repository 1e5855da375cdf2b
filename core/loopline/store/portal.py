"""Links by which people without an account open one record for one purpose; only hashes stay."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT, Moment

portal_link: Final = sa.Table(
    "ll_portal_link",
    metadata,
    sa.Column("hash", TEXT, primary_key=True),
    sa.Column("plugin", TEXT, nullable=False),
    sa.Column("purpose", TEXT, nullable=False),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("made_at", Moment(), nullable=False),
    sa.Column("made_by", BIG),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Index("ix_ll_portal_link_record", "entity", "record"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalLink:
    """What a link opens, until when, and who made it."""

    hash: str
    plugin: str
    purpose: str
    entity: str
    record: int
    made_at: datetime
    made_by: int | None
    expires_at: datetime


def add_link(connection: sa.Connection, one: PortalLink) -> None:
    """Keep a link."""
    values = {name: getattr(one, name) for name in PortalLink.__slots__}
    connection.execute(portal_link.insert().values(values))


def read_link(connection: sa.Connection, hash: str) -> PortalLink | None:
    """Answer the link of a hash."""
    query = sa.select(portal_link).where(portal_link.c.hash == hash)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else PortalLink(**row)


def links_of(
    connection: sa.Connection, plugin: str, purpose: str, entity: str, record: int
) -> list[PortalLink]:
    """Answer the links of a purpose to a record, the newest first."""
    t = portal_link.c
    where = (t.entity == entity) & (t.record == record) & (t.purpose == purpose)
    query = sa.select(portal_link).where(where & (t.plugin == plugin)).order_by(t.made_at.desc())
    return [PortalLink(**row) for row in connection.execute(query).mappings()]


def remove_links(
    connection: sa.Connection, plugin: str, purpose: str, entity: str, record: int
) -> None:
    """Remove the links of a purpose to a record."""
    t = portal_link.c
    where = (t.entity == entity) & (t.record == record) & (t.purpose == purpose)
    connection.execute(portal_link.delete().where(where & (t.plugin == plugin)))
