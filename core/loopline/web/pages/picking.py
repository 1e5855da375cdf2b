"""Finding records for a picker while one types."""

from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.expr.literals import quoted
from loopline.query.lists import ListQuery, page
from loopline.web.pages.dispatch import Give, PageRequest, Reply

_MOST: Final = 20
_READ: Final = 200
_REGION: Final = "region"
_LEVEL_LENGTHS: Final = {"province": 2, "city": 4, "district": 6}


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate: what is sent, what is read, and a word to tell it from its like."""

    value: str
    label: str
    note: str = ""


def pick(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the candidates for ``q``."""
    entity = asked.path["entity"]
    if not ctx.catalog.has("entity", entity):
        raise NotFound()
    items = candidates(ctx, entity, asked.query.get("q", ""), asked.query.get("level", ""))
    named = f"{entity}:" if asked.query.get("as") == "any_link" else ""
    shown = [
        {"value": f"{named}{one.value}", "label": one.label, "note": one.note} for one in items
    ]
    return Give(content={"items": shown})


def candidates(ctx: Context, entity: str, text: str, level: str = "") -> list[Item]:
    """Answer records whose words match, by title; regions of a level, sent by their code.

    Whoever gets titles veiled, or not at all, finds records by what else they may read.
    """
    one = ctx.catalog.entity(entity)
    title = one.field(one.title_field)
    by_title = title is not None and not title.masked
    if text and not (by_title or one.traits.searchable):
        return []
    digits = _LEVEL_LENGTHS.get(level) if entity == _REGION else None
    searchable = one.traits.searchable
    query = ListQuery(
        entity=entity,
        q=text if searchable else "",
        filter="" if searchable or not text else f"contains({one.title_field}, {quoted(text)})",
        sort=(one.title_field,) if by_title else (),
        limit=_MOST if digits is None else _READ,
    )
    items = [
        Item(
            value=str(record.values["code"] if entity == _REGION else record.id),
            label=str(record.value(one.title_field) or f"#{record.id}"),
            note="" if entity == _REGION else str(record.values.get("code") or ""),
        )
        for record in page(ctx, query).records
    ]
    fitting = items if digits is None else [one for one in items if len(one.value) == digits]
    return fitting[:_MOST]
