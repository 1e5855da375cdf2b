"""Showing a masked value on the record page to who may see it."""

from dataclasses import replace
from typing import cast

from loopline.access.context import Context
from loopline.services import revealing
from loopline.web.contexts.cells import Cell
from loopline.web.contexts.records import FactSection, RecordContext
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.listing import known_entity
from loopline.web.pages.record import reveal_address, show_record


def reveal_value(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the record page with one masked value shown; the address does not carry it."""
    entity, field = known_entity(ctx, asked.path["entity"]), str(asked.path["field"])
    value = revealing.reveal(ctx, entity.id, asked.record_id, field)
    stored = ctx.snapshot.table(entity.id).fields[field]
    text = "" if value is None else stored.type.format(stored.definition, value, ctx.locale)
    shown = show_record(ctx, asked)
    if not isinstance(shown, Show):
        return shown
    context = cast("RecordContext", shown.context)
    address = reveal_address(entity.id, asked.record_id, field)
    sections = tuple(_with(one, address, text) for one in context.sections)
    return replace(shown, context=replace(context, sections=sections))


def _with(section: FactSection, address: str, text: str) -> FactSection:
    facts = tuple(
        replace(one, value=Cell(text=text)) if one.value.reveal == address else one
        for one in section.facts
    )
    return replace(section, facts=facts)
