"""What pages offer to make: what the person may, and what is made by hand at all."""

from loopline.access.context import Context
from loopline.meta.entities import EntityDef


def offers_new(ctx: Context, entity: EntityDef) -> bool:
    """Whether there is a form on which the person may make a record of an entity."""
    return entity.traits.by_hand and ctx.rights.allows(entity, "create")
