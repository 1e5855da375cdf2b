"""Which records a search finds for a viewer: never one by a field that they may not read.

Tokens of a field that some role keeps from its holders stand under the field's name in the token
table, and only those who read the field ask for them. Such records carry the token of their layout
besides: who may not read all of these fields finds only records whose tokens stand as the present
roles demand, so that a stricter role holds from its publish on, before old records are indexed
anew.
"""

from typing import Any

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.meta.catalog import Catalog
from loopline.meta.roles import narrowed_fields
from loopline.store.search import matching
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable
from loopline.store.tokens import layout_token, within


def searched_fields(one: RecordTable) -> tuple[str, ...]:
    """Answer the fields whose words find the record: its short texts and codes."""
    return one.memo(
        "searched",
        lambda: tuple(
            name
            for name, stored in sorted(one.fields.items())
            if stored.type.short_text or stored.type.id == "code"
        ),
    )


def narrowed(catalog: Catalog, one: RecordTable) -> frozenset[str]:
    """Answer the searched fields of an entity that some role keeps from its holders."""
    return narrowed_fields(catalog.roles(), one.entity) & frozenset(searched_fields(one))


def narrowed_in(snapshot: Snapshot, entity: str) -> frozenset[str]:
    """Answer the same for an entity of a snapshot, once a snapshot."""
    key = ("narrowed", entity)
    return snapshot.memo(key, lambda: narrowed(snapshot.catalog, snapshot.table(entity)))


def found_ids(ctx: Context, entity: str, text: str) -> sa.Select[tuple[Any]] | None:
    """Answer the query for the ids that a search finds for the actor; None if it asks for nothing.

    It knows nothing of which records they may read.
    """
    dialect = ctx.connection.dialect.name
    apart = narrowed_in(ctx.snapshot, entity)
    if not apart:
        return matching(dialect, entity, text)
    definition = ctx.snapshot.catalog.entity(entity)
    readable = [f for f in sorted(apart) if ctx.rights.level(definition, f) in {"read", "write"}]
    layout = "" if len(readable) == len(apart) else layout_token(apart)
    return matching(dialect, entity, text, ("", *map(within, readable)), layout)
