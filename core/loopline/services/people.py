"""What people may change about themselves, whatever else they may write."""

from dataclasses import replace

from loopline.access.context import Context
from loopline.services.editing import update


def choose_language(ctx: Context, language: str) -> None:
    """Write the actor's language into their own record, and nothing else.

    The elevation is for this one field of this one record; the trail names the actor as ever.
    """
    if ctx.actor.id is not None:
        elevated = replace(ctx, actor=replace(ctx.actor, administrator=True))
        update(elevated, "user", ctx.actor.id, {"language": language})
