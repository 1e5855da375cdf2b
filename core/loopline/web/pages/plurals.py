"""What several records of an entity are called."""

from loopline.access.context import Context
from loopline.language import Label
from loopline.meta.entities import EntityDef


def plural_of(ctx: Context, entity: EntityDef) -> Label:
    """Answer the plural of an entity; of one that declares none, what the menu calls its list."""
    if entity.plural != entity.label:
        return entity.plural
    items = ctx.catalog.menu.items
    named = (one.label for one in items if one.entity == entity.id and not one.view)
    return next(named, entity.plural)
