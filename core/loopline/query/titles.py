"""Titles of records as a viewer may read them."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.query.visible import visible_ids
from loopline.store.titles import read_titles

_REGION: Final = "region"
_CODE: Final = "code"
_CHUNK: Final = 500


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


def region_names(ctx: Context, codes: Collection[str]) -> dict[str, str]:
    """Answer what regions are called, by code, where the site has a table of regions."""
    if not codes or not ctx.catalog.has("entity", _REGION):
        return {}
    one = ctx.snapshot.table(_REGION)
    if _CODE not in one.fields:
        return {}
    code, ordered = one.table.c[one.fields[_CODE].main], sorted(codes)
    found: dict[int, str] = {}
    for start in range(0, len(ordered), _CHUNK):
        query = sa.select(one.table.c.id, code).where(code.in_(ordered[start : start + _CHUNK]))
        found |= {row[0]: row[1] for row in ctx.connection.execute(query)}
    return {found[record]: title for record, title in titles(ctx, _REGION, found).items()}
