"""What is added to a refusal that a name leads nowhere: that it may lead where none may read."""

from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.suggest import meant
from loopline.language import Label

_NOTHING: Final = Label({})
_UNREAD: Final = Label({"en": ", or you may not read it", "zh": "，或您无权查看"})


def unread(ctx: Context) -> Label:
    """Answer that the viewer may not read it; nothing for whoever may read everything."""
    return _NOTHING if ctx.rights.unrestricted else _UNREAD


def no_entity(ctx: Context, entity: str, at: str) -> Problem:
    """Answer the problem of an entity that is not there for the viewer, with what it may mean."""
    near = meant(entity, (one.id for one in ctx.catalog.entities()))
    return Problem(at, "query.no_entity", {"entity": entity, "unread": unread(ctx), "near": near})
