"""What can be chosen on pages about access: people, entities, actions."""

from loopline.access.context import Context
from loopline.query.lists import ListQuery, page
from loopline.services.people import USER
from loopline.web.contexts.inputs import Choice

_MOST = 500


def people(ctx: Context, chosen: int | None) -> tuple[Choice, ...]:
    """Answer the people whom the actor may read, by name; the first five hundred."""
    if not ctx.catalog.has("entity", USER):
        return ()
    entity = ctx.catalog.entity(USER)
    title = entity.fields.get(entity.title_field)
    if title is None or title.masked:
        return ()
    found = page(ctx, ListQuery(entity=USER, sort=(title.id,), limit=_MOST)).records
    return tuple(
        Choice(value=str(one.id), label=str(one.values[title.id]), selected=one.id == chosen)
        for one in found
    )


def entities(ctx: Context, chosen: str) -> tuple[Choice, ...]:
    """Answer the entities that the actor may read, by their plural."""
    language = ctx.actor.language
    found = [
        Choice(value=one.id, label=one.plural.to(language), selected=one.id == chosen)
        for one in ctx.catalog.entities()
    ]
    return tuple(sorted(found, key=lambda one: one.label))


def actions(ctx: Context, names: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """Answer (id, key of its label) pairs as choices."""
    say, language = ctx.messages.say, ctx.actor.language
    return tuple(
        Choice(value=name, label=say(key, language), selected=name == chosen) for name, key in names
    )
