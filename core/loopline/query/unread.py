"""What is added to a refusal that a name leads nowhere: that it may lead where none may read."""

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.suggest import meant
from loopline.language import LANGUAGES, Label


def unread(ctx: Context) -> Label:
    """Answer that the viewer may not read it; nothing for whoever may read everything."""
    if ctx.rights.unrestricted:
        return Label({})
    return Label({one: ctx.messages.say("query.unread", one) for one in LANGUAGES})


def no_entity(ctx: Context, entity: str, at: str) -> Problem:
    """Answer the problem of an entity that is not there for the viewer, with what it may mean."""
    near = meant(entity, (one.id for one in ctx.catalog.entities()))
    return Problem(at, "query.no_entity", {"entity": entity, "unread": unread(ctx), "near": near})
