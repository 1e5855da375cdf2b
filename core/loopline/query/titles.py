"""Titles of records as a viewer may read them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.fields.any_link import target
from loopline.fields.definition import FieldDef
from loopline.query.visible import visible_ids
from loopline.store.titles import read_titles

_REGION: Final = "region"
_CODE: Final = "code"
_CHUNK: Final = 500
_DEEPEST: Final = 3


def titles(
    ctx: Context, entity: str, ids: Collection[int], *, depth: int = _DEEPEST
) -> dict[int, str]:
    """Answer the titles of the records of one entity that the actor may read.

    A title that they may not read, or only masked, is told as the number of the record. One that
    is a choice is told by its label, one that is a link by what the other record is called, over
    at most ``depth`` links.
    """
    if not ids or not ctx.catalog.has("entity", entity):
        return {}
    one, seen = ctx.snapshot.table(entity), ctx.catalog.entity(entity)
    title = seen.fields.get(seen.title_field)
    hidden = title is None and seen.title_field in one.fields
    number = hidden or (title is not None and title.masked)
    readable = visible_ids(ctx, entity, ids)
    found = read_titles(ctx.connection, one, readable, numbers_only=number) if readable else {}
    return found if number or title is None else _in_words(ctx, title, found, depth)


def _in_words(ctx: Context, title: FieldDef, found: dict[int, str], depth: int) -> dict[int, str]:
    """Answer titles as people say them, where the field of titles holds a code or a link."""
    language = ctx.actor.language
    if title.type == "choice":
        said = {code: one.label.to(language) for code, one in title.options.items()}
        return {record: said.get(text, text) for record, text in found.items()}
    if not (title.to or title.type == "any_link") or not depth:
        return found
    wanted: dict[str, dict[int, int]] = defaultdict(dict)
    for record, text in found.items():
        if not text.startswith("#"):
            entity, number = target(text) if title.type == "any_link" else (title.to, int(text))
            wanted[entity][record] = number
    told = dict(found)
    for entity, pairs in wanted.items():
        named = titles(ctx, entity, set(pairs.values()), depth=depth - 1)
        seen = title.type == "any_link" and ctx.catalog.has("entity", entity)
        kind = f"{ctx.catalog.entity(entity).label.to(language)} " if seen else ""
        told |= {at: f"{kind}{named.get(number, f'#{number}')}" for at, number in pairs.items()}
    return told


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
