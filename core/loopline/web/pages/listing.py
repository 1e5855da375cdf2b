"""A list as its URL asks for it: entity, view, conditions, columns, order, and its query."""

from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import ViewDef
from loopline.query.lists import ListQuery, check_filter
from loopline.web.pages.conditions import Condition, expression, read_condition
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.list_state import ListState
from loopline.web.pages.shell import entity_href

_PAGE: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """A list as asked for: its entity, view, state, and what of it can be understood."""

    entity: EntityDef
    view: ViewDef
    state: ListState
    conditions: tuple[Condition, ...]
    columns: tuple[FieldDef, ...]
    sort: tuple[str, ...]


def known_entity(ctx: Context, name: str) -> EntityDef:
    """Answer the entity of a path. Raises NotFound."""
    if not ctx.catalog.has("entity", name):
        raise NotFound()
    return ctx.catalog.entity(name)


def asked_listing(ctx: Context, asked: PageRequest) -> Listing:
    """Read what the URL of a list asks for. Raises NotFound."""
    entity = known_entity(ctx, asked.path["entity"])
    return listing(ctx, entity, ListState.read(entity_href(entity.id), asked.query))


def listing(ctx: Context, entity: EntityDef, state: ListState) -> Listing:
    """Answer what a state asks for; what means nothing any more is left out."""
    view = _view(ctx, entity, state.view)
    found = (read_condition(ctx, entity, one) for one in state.conditions)
    names = state.columns or view.columns
    columns = tuple(field for name in names if (field := entity.field(name)) is not None)
    title = entity.field(entity.title_field)
    if title is not None:
        columns = (title, *(one for one in columns if one.id != title.id))
    sort = tuple(one for one in state.sort.split(",") if entity.field(one.lstrip("-")))
    return Listing(
        entity=entity,
        view=view,
        state=state,
        conditions=tuple(one for one in found if one is not None),
        columns=columns,
        sort=sort or view.sort,
    )


def _view(ctx: Context, entity: EntityDef, name: str) -> ViewDef:
    views = ctx.catalog.views(entity.id)
    return next((one for one in views if one.id == name), views[0])


def list_query(ctx: Context, one: Listing, *, limit: int = _PAGE) -> ListQuery:
    """Answer the query of a list.

    Raises NotValid for its expression, Unreadable where a condition's value cannot be read.
    """
    if one.state.filter:  # alone first, so that what is wrong is told by its place in that text
        check_filter(ctx, one.entity.id, one.state.filter)
    texts = [one.view.filter, one.state.filter, *(expression(ctx, c) for c in one.conditions)]
    names = tuple(field.id for field in one.columns if field.id in one.entity.fields)
    return ListQuery(
        entity=one.entity.id,
        filter=" && ".join(f"({text})" for text in texts if text.strip()),
        q=one.state.q,
        sort=one.sort,
        fields=names,
        limit=limit,
        cursor=one.state.cursor or None,
        backwards=one.state.back,
        count="exact" if one.state.exact else "estimate",
    )
