"""The warning on a form that somebody has what is being entered already."""

from collections.abc import Mapping

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.services.duplicates.finding import look_alikes
from loopline.services.duplicates.sides import sides_of
from loopline.store.rows import Record
from loopline.web.contexts.forms import Twin
from loopline.web.pages.shell import entity_href


def has_rules(ctx: Context, entity: EntityDef) -> bool:
    """Whether records of an entity are compared at all."""
    return any(side.own for side in sides_of(ctx.snapshot, entity.id))


def twins_of(
    ctx: Context, entity: EntityDef, values: Mapping[str, object], record: Record | None
) -> tuple[Twin, ...]:
    """Answer what looks the same as the values of a form, as far as the actor may know."""
    if not has_rules(ctx, entity):
        return ()
    found = look_alikes(ctx, entity.id, values, None if record is None else record.id)
    return tuple(
        Twin(
            message=ctx.messages.say(one.code, ctx.actor.language, **one.params),
            href=f"{entity_href(one.entity)}/{one.record}" if one.record is not None else "",
            blocks=one.blocks,
        )
        for one in found
    )
