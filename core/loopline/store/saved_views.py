"""Saved views: list states that people keep under names, and which each pins and begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

saved_view = sa.Table(
    "ll_saved_view",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("owner", BIG, nullable=False),
    sa.Column("shared", TEXT, nullable=False),  # blank, role, everyone
    sa.Column("role", TEXT, nullable=False),
    sa.Column("state", Opaque(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("updated_at", Moment(), nullable=False),
    sa.Index("ix_ll_saved_view_entity", "entity", "owner"),
)
view_choice = sa.Table(
    "ll_view_choice",
    metadata,
    sa.Column("user_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("entity", TEXT, primary_key=True),
    sa.Column("view", TEXT, primary_key=True),  # a document's id, or saved-<id>
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("chosen", sa.Boolean, nullable=False),  # what the list begins with
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredView:
    """A saved view; ``state`` maps the parameters of the list's address to texts or lists."""

    entity: str
    name: str
    owner: int
    shared: str
    role: str
    state: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    id: int = 0


def insert_view(connection: sa.Connection, one: StoredView) -> int:
    """Add a view; answer its id."""
    values = {name: getattr(one, name) for name in StoredView.__slots__ if name != "id"}
    added = saved_view.insert().values(values).returning(saved_view.c.id)
    return int(connection.execute(added).scalar_one())


def update_view(connection: sa.Connection, number: int, values: Mapping[str, object]) -> None:
    """Change a view."""
    connection.execute(saved_view.update().where(saved_view.c.id == number).values(**values))


def delete_view(connection: sa.Connection, number: int, name: str) -> None:
    """Delete a view and everybody's choices of it (``name`` is how choices name it)."""
    connection.execute(saved_view.delete().where(saved_view.c.id == number))
    connection.execute(view_choice.delete().where(view_choice.c.view == name))


def views_for(
    connection: sa.Connection, entity: str, user: int | None, roles: Sequence[str]
) -> list[StoredView]:
    """Answer a person's own views of an entity and those shared with them, by name."""
    seen = sa.or_(
        saved_view.c.owner == user,
        saved_view.c.shared == "everyone",
        (saved_view.c.shared == "role") & saved_view.c.role.in_(roles),
    )
    query = sa.select(saved_view).where(saved_view.c.entity == entity, seen)
    rows = connection.execute(query.order_by(saved_view.c.name, saved_view.c.id)).mappings()
    return [StoredView(**row) for row in rows]


def shared_views(connection: sa.Connection, entity: str) -> list[StoredView]:
    """Answer all views of an entity that are shared with anybody, by name."""
    query = sa.select(saved_view).where(saved_view.c.entity == entity, saved_view.c.shared != "")
    rows = connection.execute(query.order_by(saved_view.c.name, saved_view.c.id)).mappings()
    return [StoredView(**row) for row in rows]


def choices_of(connection: sa.Connection, user: int, entity: str) -> dict[str, tuple[bool, bool]]:
    """Answer, for each view a person chose something about: (pinned, begins the list)."""
    query = sa.select(view_choice).where(
        view_choice.c.user_id == user, view_choice.c.entity == entity
    )
    return {row.view: (row.pinned, row.chosen) for row in connection.execute(query)}


def write_choice(
    connection: sa.Connection, user: int, entity: str, view: str, *, pinned: bool, chosen: bool
) -> None:
    """Say whether a person pins a view and begins with it, in place of the one before."""
    mine = (view_choice.c.user_id == user) & (view_choice.c.entity == entity)
    if chosen:
        connection.execute(view_choice.update().where(mine).values(chosen=False))
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"user_id": user, "entity": entity, "view": view, "pinned": pinned, "chosen": chosen}
    added = make(view_choice).values(row)
    keys = [view_choice.c.user_id, view_choice.c.entity, view_choice.c.view]
    said = {"pinned": pinned, "chosen": chosen}
    connection.execute(added.on_conflict_do_update(index_elements=keys, set_=said))
