"""The list page of an entity."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from loopline.access.context import Context
from loopline.errors import LooplineError, NotValid
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.boards import board_field
from loopline.meta.entities import EntityDef
from loopline.meta.screens import BOARD, LIST, ViewDef
from loopline.query.lists import EXACT_UP_TO, Page, page
from loopline.services.naming import Names, names_for
from loopline.services.saved_views import SavedView, saved_views
from loopline.web.contexts.lists import Chip, ListContext, Switch, Tab
from loopline.web.contexts.shell import Crumb
from loopline.web.contexts.tables import Column, Empty, Pager, Row, Table
from loopline.web.pages.board import show_board
from loopline.web.pages.bulk import bulk_bar
from loopline.web.pages.cards import card_places
from loopline.web.pages.cells import short_cell
from loopline.web.pages.conditions import read_condition, words
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.list_forms import (
    column_form,
    expression_form,
    filter_form,
    search_form,
    sort_choices,
    sort_directions,
    sort_label,
    sortable,
)
from loopline.web.pages.list_state import CARRIED, ListState, address
from loopline.web.pages.listing import Listing, asked_listing, list_query
from loopline.web.pages.offering import offers_new
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.saved_views import leads_on, pinned_tabs, saved_menu
from loopline.web.pages.shell import Place, entity_href, heading_of, shell

_NOTHING: Final = Page(records=(), next=None, previous=None, count=None)
_DRAWN: Final = {LIST: "table", BOARD: "kanban"}
"""The symbol of each way to draw a list."""


def show_list(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the list, or lead to it as its forms ask: one more condition, other columns."""
    one = asked_listing(ctx, asked)
    elsewhere = leads_on(ctx, one.entity, asked.query)
    if elsewhere:
        return Go(to=elsewhere)
    if any(name.startswith("at.") for name in asked.query):
        return Go(to=one.state.turned().href)
    added = _added(ctx, asked, one)
    if added is not None:
        return Go(to=added)
    if one.view.type == BOARD and board_field(one.view, ctx.catalog) in one.entity.fields:
        return show_board(ctx, one, partial(_without_rows, ctx, asked, one))
    try:
        return Show(context=_context(ctx, asked, one, page(ctx, list_query(ctx, one))))
    except (LooplineError, Unreadable) as error:
        state = one.state
        if not (state.filter or one.conditions or state.cursor or state.sort):
            raise
        return Show(context=_refused(ctx, asked, one, error), status=422)


def _without_rows(
    ctx: Context, asked: PageRequest, one: Listing, error: Exception | None
) -> ListContext:
    return (
        _context(ctx, asked, one, _NOTHING) if error is None else _refused(ctx, asked, one, error)
    )


def _added(ctx: Context, asked: PageRequest, one: Listing) -> str | None:
    """Answer the list's URL with the condition of the filter form, if it sent a whole one."""
    name, operator = asked.query.get("on", ""), asked.query.get("op", "")
    if not operator or "pick" in asked.query:
        return None
    value = asked.query.get("value", "").strip()
    condition = read_condition(ctx, one.entity, f"{name}:{operator}:{value}")
    if condition is None:
        return None
    conditions = dict.fromkeys([*one.state.conditions, condition.text])
    return one.state.turned(conditions=tuple(conditions)).href


def _told(ctx: Context, error: Exception) -> str:
    language, tell = ctx.actor.language, ctx.messages.tell
    if isinstance(error, Unreadable):
        return tell(error.at("value"), language)
    if isinstance(error, LooplineError):
        return " ".join(tell(each, language) for each in error.problems) or tell(error, language)
    return str(error)


def _refused(ctx: Context, asked: PageRequest, one: Listing, error: Exception) -> ListContext:
    """Answer the list without rows, saying what of its conditions cannot be understood."""
    context = _context(ctx, asked, one, _NOTHING)
    told, language, say = _told(ctx, error), ctx.actor.language, ctx.messages.say
    in_text = isinstance(error, NotValid) and one.state.filter != ""
    form = expression_form(ctx, one.entity, one.state, told) if in_text else context.expression
    empty = Empty(
        title=say("ui.list.unclear", language),
        text=told,
        href=ListState(path=one.state.path, view=one.state.view).href,
        action=say("ui.list.clear", language),
    )
    table = replace(context.table, empty=empty)
    return replace(context, expression=form, table=table)


def _context(ctx: Context, asked: PageRequest, one: Listing, found: Page) -> ListContext:
    entity, state = one.entity, one.state
    language, say = ctx.actor.language, ctx.messages.say
    names = names_for(ctx, found.records, one.columns)
    views = saved_views(ctx, entity.id)
    creates = offers_new(ctx, entity)
    deletes = ctx.rights.allows(entity, "delete")
    title = plural_of(ctx, entity).to(language)
    view = _view_label(ctx, entity, one.view)
    base = entity_href(entity.id)
    heading = heading_of(ctx, entity.id, one.view.id)
    way = [*([heading] if heading else ()), Crumb(label=title, href=base), Crumb(label=view)]
    if view in {"", title}:
        way = [*([heading] if heading and view else ()), Crumb(label=title)]
    new_one = say("ui.new_one", language, entity=in_phrase(entity.label, language))
    export = state.turned(cursor="").href.replace(base, f"{base}/export", 1)
    return ListContext(
        shell=shell(
            ctx, asked, Place(title=title, entity=entity.id, view=one.view.id, crumbs=tuple(way))
        ),
        tabs=_tabs(ctx, one, views),
        switches=_switches(ctx, one),
        saved=saved_menu(ctx, one, views),
        search=search_form(ctx, one.entity, state),
        chips=_chips(ctx, one),
        clear_href=state.turned(conditions=(), filter="", q="").href,
        filter=filter_form(ctx, entity, state, asked.query),
        expression=expression_form(ctx, entity, state),
        columns=column_form(ctx, entity, state, one.columns),
        sorts=sort_choices(ctx, one.columns, state, one.sort),
        directions=sort_directions(ctx, entity, state, one.sort),
        sort_label=sort_label(ctx, entity, one.sort),
        table=_table(ctx, one, found, names),
        bulk=bulk_bar(ctx, one, _total(ctx, found)) if found.records else None,
        pager=_pager(ctx, one, found),
        new_href=f"{base}/new" if creates else "",
        new_label=entity.label.to(language),
        new_one=new_one,
        export_href=export,
        import_href=f"{base}/import" if creates else "",
        bin_href=f"{base}/bin" if deletes and entity.traits.recycle else "",
    )


def _total(ctx: Context, found: Page) -> str:
    """Answer how many there are, as far as it is known."""
    if found.count is None:
        return ""
    return f"{found.count.value:,}" + ("" if found.count.exact else "+")


def _view_label(ctx: Context, entity: EntityDef, view: ViewDef) -> str:
    """Answer what a view is called: one that nobody designed is called as its records are."""
    label = plural_of(ctx, entity) if view.label == entity.plural else view.label
    return label.to(ctx.actor.language)


def _tabs(ctx: Context, one: Listing, views: Sequence[SavedView]) -> tuple[Tab, ...]:
    """Answer the views of the site's designers, then the saved ones that are pinned or shown."""
    saved = pinned_tabs(one, views)
    shown = any(tab.current for tab in saved)
    documents = tuple(
        Tab(
            label=_view_label(ctx, one.entity, view),
            href=ListState(path=one.state.path, view=view.id).href,
            current=view.id == one.view.id and not shown,
        )
        for view in ctx.catalog.views(one.entity.id)
    )
    return (*documents, *saved)


def _switches(ctx: Context, one: Listing) -> tuple[Switch, ...]:
    """Answer the ways to draw these records, where there is more than one."""
    views = ctx.catalog.views(one.entity.id)
    first = {kind: next((v for v in views if v.type == kind), None) for kind in reversed(_DRAWN)}
    ways = [view for view in first.values() if view is not None]
    say, language = ctx.messages.say, ctx.actor.language
    return tuple(
        Switch(
            label=say(f"ui.drawn.{view.type}", language),
            icon=_DRAWN[view.type],
            href=one.state.turned(view=view.id, columns=(), sort="", saved="").href,
            current=view.type == one.view.type,
        )
        for view in ways
        if len(ways) > 1
    )


def _chips(ctx: Context, one: Listing) -> tuple[Chip, ...]:
    state, language, say = one.state, ctx.actor.language, ctx.messages.say
    chips = []
    for condition, text in zip(one.conditions, words(ctx, one.conditions), strict=True):
        rest = tuple(each for each in state.conditions if each != condition.text)
        label = condition.field.label.to(language)
        chips.append(Chip(label=label, value=text, remove_href=state.turned(conditions=rest).href))
    if state.filter:
        label = say("ui.filter.text", language)
        chips.append(
            Chip(label=label, value=state.filter, remove_href=state.turned(filter="").href)
        )
    return tuple(chips)


def _table(ctx: Context, one: Listing, found: Page, names: Names) -> Table:
    language, say = ctx.actor.language, ctx.messages.say
    title = in_phrase(plural_of(ctx, one.entity), language)
    places = card_places(one.columns)
    sorted_by: Mapping[str, str] = {key.lstrip("-"): key for key in one.sort[:1]}
    back = one.state.turned().parameters()
    rows = tuple(
        Row(
            id=record.id,
            href=_record_href(one, record.id, back),
            cells=tuple(
                short_cell(ctx, field, record, names, one.entity.line) for field in one.columns
            ),
        )
        for record in found.records
    )
    return Table(
        label=say("ui.list.label", language, entity=title),
        columns=tuple(_column(ctx, one, f, places.get(f.id), sorted_by) for f in one.columns),
        rows=rows,
        empty=_empty(ctx, one),
        selects=True,
    )


def _record_href(one: Listing, record_id: int, back: Sequence[tuple[str, str]]) -> str:
    """Answer a record's page, carrying the list along so that next and previous keep its filter."""
    carried = [(f"{CARRIED}{name}", value) for name, value in back]
    return address(f"{one.state.path}/{record_id}", carried)


def _column(
    ctx: Context, one: Listing, field: FieldDef, place: int | None, sorted_by: Mapping[str, str]
) -> Column:
    key = sorted_by.get(field.id, "")
    turned = f"-{field.id}" if key == field.id else field.id
    return Column(
        id=field.id,
        label=field.label.to(ctx.actor.language),
        numeric=ctx.snapshot.types[field.type].numeric,
        sort_href=one.state.turned(sort=turned).href if sortable(field) else "",
        sorted="" if not key else "descending" if key.startswith("-") else "ascending",
        place=place,
    )


def _empty(ctx: Context, one: Listing) -> Empty:
    language, say = ctx.actor.language, ctx.messages.say
    title, state = in_phrase(plural_of(ctx, one.entity), language), one.state
    if state.q or state.filter or state.conditions:
        return Empty(
            title=say("ui.list.nothing", language, entity=title),
            text=say("ui.list.nothing_help", language),
            href=state.turned(conditions=(), filter="", q="").href,
            action=say("ui.list.clear", language),
        )
    if one.view.filter:
        whole = _unfiltered(ctx, one)
        return Empty(
            title=say("ui.list.view_empty", language, view=one.view.label),
            text=say("ui.list.view_empty_help", language, entity=title),
            href=whole,
            action=say("ui.all", language) if whole else "",
        )
    creates = offers_new(ctx, one.entity)
    return Empty(
        title=say("ui.list.empty", language, entity=title),
        text=say("ui.list.empty_help", language) if creates else "",
        href=f"{state.path}/new" if creates else "",
        action=say("ui.new_one", language, entity=in_phrase(one.entity.label, language)),
        also_href=f"{state.path}/import" if creates else "",
        also=say("import_page.menu", language) if creates else "",
    )


def _unfiltered(ctx: Context, one: Listing) -> str:
    """Answer the list by the first view that leaves nothing out, if there is one."""
    found = ctx.catalog.views(one.entity.id)
    views = (view for view in found if not view.filter and view.type == LIST)
    return next((ListState(path=one.state.path, view=view.id).href for view in views), "")


def _pager(ctx: Context, one: Listing, found: Page) -> Pager:
    language, say, state = ctx.actor.language, ctx.messages.say, one.state
    count = found.count
    if count is None:
        summary = say("ui.count.page", language, n=len(found.records))
    else:
        key = "ui.count.exact" if count.exact else "ui.count.about"
        shown = f"{count.value:,}" if count.exact else f"{EXACT_UP_TO:,}+"
        summary = say(key, language, n=shown)
    more = count is not None and not count.exact
    return Pager(
        summary=summary,
        exact_href=replace(state, exact=True).href if more else "",
        first=state.turned().href if found.previous else "",
        previous=state.turned(cursor=found.previous, back=True).href if found.previous else "",
        next=state.turned(cursor=found.next).href if found.next else "",
    )
