"""Saved views on pages: saving the list as it stands, opening, arranging, deleting."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import LooplineError, NotValid
from loopline.language import listed
from loopline.meta.entities import EntityDef
from loopline.services import saved_views as service
from loopline.services.saved_views import SavedView, ViewWish, may_share, saved_view, saved_views
from loopline.services.titles import titles
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.saved_views import SavedMenu, SavedViewsContext, ViewLink, ViewRow
from loopline.web.contexts.shell import Crumb, Hidden
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.list_state import CARRIED, ListState, carried
from loopline.web.pages.listing import Listing, known_entity
from loopline.web.pages.numbers import record_number
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell

_ROLE: Final = "role:"
_PATH: Final = "/records/{entity}/views"


def href_of(one: SavedView) -> str:
    """Answer the list's address with the state of a view."""
    return _list_state(one).href


def _list_state(one: SavedView) -> ListState:
    state = one.state
    return ListState(
        path=entity_href(one.entity),
        view=state.get("view", ""),
        q=state.get("q", ""),
        filter=state.get("filter", ""),
        conditions=tuple(state.get("conditions", ())),
        sort=state.get("sort", ""),
        columns=tuple(state.get("columns", ())),
        saved=str(one.id),
    )


def _state(one: ListState, view: str) -> dict[str, Any]:
    """Answer what of a list's state a view keeps."""
    return {
        "view": one.view or view,
        "q": one.q,
        "filter": one.filter,
        "conditions": list(one.conditions),
        "sort": one.sort,
        "columns": list(one.columns),
    }


def leads_on(ctx: Context, entity: EntityDef, query: QueryParams) -> str:
    """Answer where a bare address leads: to the person's default; ``saved`` alone to that view.

    Blank where it leads nowhere else.
    """
    if not query:
        key = service.default_view(ctx, entity.id)
        if not key.startswith(service.PREFIX):
            known = key in {one.id for one in ctx.catalog.views(entity.id)}
            return ListState(path=entity_href(entity.id), view=key).href if key and known else ""
        number: int | None = int(key.removeprefix(service.PREFIX))
    else:
        number = record_number(query.get("saved", "")) if list(query) == ["saved"] else None
    found = (one for one in saved_views(ctx, entity.id) if one.id == number)
    shown = next(found, None) if number is not None else None
    href = href_of(shown) if shown is not None else ""
    # A view that keeps nothing of a list's state stands at the address that was asked for.
    return "" if query and href == f"{entity_href(entity.id)}?saved={number}" else href


def pinned_tabs(one: Listing, views: Sequence[SavedView]) -> tuple[Tab, ...]:
    """Answer the tabs of the pinned views, and of the one that is shown."""
    return tuple(
        Tab(label=view.name, href=href_of(view), current=str(view.id) == one.state.saved)
        for view in views
        if view.pinned or str(view.id) == one.state.saved
    )


def saved_menu(ctx: Context, one: Listing, views: Sequence[SavedView]) -> SavedMenu | None:
    """Answer the menu of saved views; None for who cannot save any."""
    if ctx.actor.id is None or "write" not in ctx.actor.scopes:
        return None
    base = f"{one.state.path}/views"
    shown = next((view for view in views if str(view.id) == one.state.saved), None)
    changed = shown is not None and {
        name: value for name, value in _state(one.state, one.view.id).items() if value
    } != dict(shown.state)
    return SavedMenu(
        action=base,
        hidden=(
            *(
                Hidden(name=f"{CARRIED}{name}", value=value)
                for name, value in one.state.turned().parameters()
            ),
        ),
        views=tuple(
            ViewLink(
                label=view.name,
                href=href_of(view),
                note=_shared_with(ctx, view),
                current=view is shown,
            )
            for view in views
        ),
        manage_href=base,
        sharing=_sharing(ctx, one.entity, None),
        update_action=f"{base}/{shown.id}/state" if shown and changed and shown.may_edit else "",
        current=shown.name if shown else "",
        missing=_missing(ctx, one.entity, shown) if shown else "",
    )


def show(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page of an entity's views."""
    return Show(context=_context(ctx, asked))


def save(ctx: Context, asked: PageRequest) -> Reply:
    """Save the list as it stands."""
    entity, state = known_entity(ctx, asked.path["entity"]), _asked_state(asked)
    views = ctx.catalog.views(entity.id)
    shared, role = _read_sharing(asked)
    kept = _state(state, views[0].id)
    wish = ViewWish(name=asked.one("name"), state=kept, shared=shared, role=role)
    try:
        made = service.save_view(ctx, entity.id, wish)
    except NotValid as error:
        return Go(to=state.href, done="view.refused", title=_told(ctx, error), bad=True)
    _choose(ctx, asked, entity, made.key)
    return Go(to=href_of(made), done="view.saved", title=made.name)


def put_state(ctx: Context, asked: PageRequest) -> Reply:
    """Put the list as it stands into the view that is shown."""
    entity, state = known_entity(ctx, asked.path["entity"]), _asked_state(asked)
    held = saved_view(ctx, entity.id, asked.record_id)
    kept = _state(state, ctx.catalog.views(entity.id)[0].id)
    wish = ViewWish(name=held.name, state=kept, shared=held.shared, role=held.role)
    try:
        changed = service.change_view(ctx, entity.id, held.id, wish)
    except NotValid as error:
        return Go(to=state.href, done="view.refused", title=_told(ctx, error), bad=True)
    return Go(to=href_of(changed), done="view.saved", title=changed.name)


def change(ctx: Context, asked: PageRequest) -> Reply:
    """Rename a view, or share it otherwise."""
    entity = known_entity(ctx, asked.path["entity"])
    held = saved_view(ctx, entity.id, asked.record_id)
    shared, role = _read_sharing(asked)
    if "shared" not in asked.form:
        shared, role = held.shared, held.role
    wish = ViewWish(name=asked.one("name"), state=held.state, shared=shared, role=role)
    try:
        service.change_view(ctx, entity.id, held.id, wish)
    except NotValid as error:
        told = tuple(ctx.messages.tell(one, ctx.actor.language) for one in error.problems)
        return Show(context=_context(ctx, asked, told), status=422)
    return Go(to=_page(entity), done="view.saved", title=wish.name)


def remove(ctx: Context, asked: PageRequest) -> Reply:
    """Delete a view."""
    entity = known_entity(ctx, asked.path["entity"])
    service.delete_view(ctx, entity.id, asked.record_id)
    return Go(to=_page(entity), done="view.deleted")


def choose(ctx: Context, asked: PageRequest) -> Reply:
    """Pin a view or begin with it, or no longer."""
    entity = known_entity(ctx, asked.path["entity"])
    _choose(ctx, asked, entity, asked.one("view"), always=True)
    return Go(to=_page(entity), done="view.chosen")


def _choose(
    ctx: Context, asked: PageRequest, entity: EntityDef, key: str, *, always: bool = False
) -> None:
    pinned, default = asked.one("pinned") == "1", asked.one("default") == "1"
    if pinned or default or always:
        service.choose_view(ctx, entity.id, key, pinned=pinned, default=default)


def _context(ctx: Context, asked: PageRequest, problems: tuple[str, ...] = ()) -> SavedViewsContext:
    entity = known_entity(ctx, asked.path["entity"])
    say, language = ctx.messages.say, ctx.actor.language
    base, title = entity_href(entity.id), say("ui.view.page", language)
    crumbs = (Crumb(label=plural_of(ctx, entity).to(language), href=base), Crumb(label=title))
    saved = [_row(ctx, entity, one) for one in saved_views(ctx, entity.id)]
    return SavedViewsContext(
        shell=shell(ctx, asked, Place(title=title, entity=entity.id, crumbs=crumbs)),
        rows=(*saved, *_document_rows(ctx, entity)),
        choose_action=f"{base}/views/choose",
        list_href=base,
        problems=problems,
    )


def _row(ctx: Context, entity: EntityDef, one: SavedView) -> ViewRow:
    place = f"{_page(entity)}/{one.id}"
    return ViewRow(
        name=one.name,
        href=href_of(one),
        key=one.key,
        note=_shared_with(ctx, one),
        pinned=one.pinned,
        default=one.default,
        missing=_missing(ctx, entity, one),
        edit_action=place if one.may_edit else "",
        delete_action=f"{place}/delete" if one.may_edit else "",
        sharing=_sharing(ctx, entity, one),
    )


def _document_rows(ctx: Context, entity: EntityDef) -> list[ViewRow]:
    """Answer the views that the site's designers made; they are tabs anyway."""
    chosen = service.default_view(ctx, entity.id)
    return [
        ViewRow(
            name=view.label.to(ctx.actor.language),
            href=ListState(path=entity_href(entity.id), view=view.id).href,
            key=view.id,
            note=ctx.messages.say("ui.view.of_site", ctx.actor.language),
            pinned=True,
            of_site=True,
            default=view.id == chosen,
        )
        for view in ctx.catalog.views(entity.id)
        if view.id
    ]


def _shared_with(ctx: Context, one: SavedView) -> str:
    say, language = ctx.messages.say, ctx.actor.language
    catalog = ctx.snapshot.catalog
    name = one.role
    if one.shared == "role" and catalog.has("role", one.role):
        name = catalog.role(one.role).label.to(language)
    word = say(f"ui.view.shared_{one.shared or 'nobody'}", language, role=name)
    if one.mine:
        return word
    owner = titles(ctx, "user", [one.owner]).get(one.owner, f"#{one.owner}")
    return say("ui.view.by", language, who=owner, shared=word)


def _sharing(ctx: Context, entity: EntityDef, one: SavedView | None) -> tuple[Choice, ...]:
    """Answer with whom a view can be shared; empty where the actor may not share any."""
    if not may_share(ctx, entity):
        return ()
    say, language = ctx.messages.say, ctx.actor.language
    now = "" if one is None else f"{_ROLE}{one.role}" if one.shared == "role" else one.shared
    roles = [
        (f"{_ROLE}{role.id}", say("ui.view.shared_role", language, role=role.label.to(language)))
        for role in ctx.snapshot.catalog.roles()
        if not role.everyone
    ]
    general = [("", "nobody"), ("everyone", "everyone")]
    offered = [(value, say(f"ui.view.shared_{word}", language)) for value, word in general]
    return tuple(
        Choice(value=value, label=label, selected=value == now)
        for value, label in (*offered, *roles)
    )


def _missing(ctx: Context, entity: EntityDef, one: SavedView) -> str:
    if not one.missing:
        return ""
    gone = entity.retired
    language = ctx.actor.language
    names = (gone[name].label.to(language) if name in gone else name for name in one.missing)
    return ctx.messages.say("ui.view.missing", language, names=listed(names, language))


def _read_sharing(asked: PageRequest) -> tuple[str, str]:
    given = asked.one("shared")
    return ("role", given.removeprefix(_ROLE)) if given.startswith(_ROLE) else (given, "")


def _asked_state(asked: PageRequest) -> ListState:
    pairs = [(name.removeprefix(CARRIED), value) for name, value in carried(asked.form)]
    return ListState.read(entity_href(asked.path["entity"]), QueryParams(pairs))


def _told(ctx: Context, error: LooplineError) -> str:
    return " ".join(ctx.messages.tell(one, ctx.actor.language) for one in error.problems)


def _page(entity: EntityDef) -> str:
    return f"{entity_href(entity.id)}/views"


ROUTES: Final = (
    PageRoute(method="GET", path=_PATH, handler=show),
    PageRoute(method="POST", path=_PATH, handler=save),
    PageRoute(method="POST", path=f"{_PATH}/choose", handler=choose),
    PageRoute(method="POST", path=_PATH + "/{id:int}", handler=change),
    PageRoute(method="POST", path=_PATH + "/{id:int}/state", handler=put_state),
    PageRoute(method="POST", path=_PATH + "/{id:int}/delete", handler=remove),
)
