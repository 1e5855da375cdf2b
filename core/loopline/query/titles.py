"""Titles of records as a viewer may read them."""

from collections.abc import Collection

from loopline.access.context import Context
from loopline.query.visible import visible_ids
from loopline.store.titles import read_titles


def titles(ctx: Context, entity: str, ids: Collection[int]) -> dict[int, str]:
    """Answer the titles of the records of one entity that the actor may read.

    A title that they may not read, or only masked, is told as the number of the record.
    """
    if not ids or not ctx.catalog.has("entity", entity):
        return {}
    one, seen = ctx.snapshot.table(entity), ctx.catalog.entity(entity)
    title = seen.fields.get(seen.title_field)
    hidden = title is None and seen.title_field in one.fields
    number = hidden or (title is not None and title.masked)
    readable = visible_ids(ctx, entity, ids)
    return read_titles(ctx.connection, one, readable, numbers_only=number) if readable else {}
