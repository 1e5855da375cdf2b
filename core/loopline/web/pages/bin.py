"""The recycle bin, and moving records in and out of it."""

from loopline.access.context import Context
from loopline.errors import Conflict
from loopline.meta.entities import EntityDef
from loopline.query.lists import ListQuery, page
from loopline.services import bin as recycle_bin
from loopline.services import records
from loopline.services.titles import titles
from loopline.web.contexts.bin import BinContext, Deleted
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import Crumb
from loopline.web.contexts.tables import Empty, Pager
from loopline.web.pages.cells import when
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.list_state import ListState, address, carried
from loopline.web.pages.listing import known_entity
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.record import record_title
from loopline.web.pages.shell import Place, entity_href, shell


def show_bin(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the deleted records of an entity, those deleted last first."""
    entity = known_entity(ctx, asked.path["entity"])
    language, say = ctx.actor.language, ctx.messages.say
    base = entity_href(entity.id)
    state = ListState.read(f"{base}/bin", asked.query)
    query = ListQuery(
        entity=entity.id,
        sort=("-deleted_at",),
        cursor=state.cursor or None,
        backwards=state.back,
        count="estimate",
        deleted=True,
    )
    found = page(ctx, query)
    who = titles(ctx, "user", {one.updated_by for one in found.records if one.updated_by})
    writable = ctx.rights.allows(entity, "delete")
    rows = tuple(
        Deleted(
            title=record_title(ctx, one),
            href=f"{base}/{one.id}",
            when=when(ctx, one.deleted_at) if one.deleted_at else "",
            machine=one.deleted_at.isoformat() if one.deleted_at else "",
            who=who.get(one.updated_by or 0, say("ui.system", language)),
            restore_action=f"{base}/{one.id}/restore" if writable else "",
        )
        for one in found.records
    )
    title = say("ui.bin", language)
    crumbs = (Crumb(label=plural_of(ctx, entity).to(language), href=base), Crumb(label=title))
    total = found.count.value if found.count else len(rows)
    return Show(
        context=BinContext(
            shell=shell(ctx, asked, Place(title=title, entity=entity.id, crumbs=crumbs)),
            tabs=_tabs(ctx, entity),
            rows=rows,
            empty=Empty(
                title=say("ui.bin.empty", language), text=say("ui.bin.empty_help", language)
            ),
            pager=Pager(
                summary=say("ui.count.exact", language, n=f"{total:,}"),
                first=state.turned().href if found.previous else "",
                previous=state.turned(cursor=found.previous, back=True).href
                if found.previous
                else "",
                next=state.turned(cursor=found.next).href if found.next else "",
            ),
        )
    )


def _tabs(ctx: Context, shown: EntityDef) -> tuple[Tab, ...]:
    """Answer the bins of the menu's entities; a single one needs no tab."""
    names = dict.fromkeys((*(one.entity for one in ctx.catalog.menu.items), shown.id))
    known = [ctx.catalog.entity(name) for name in names if ctx.catalog.has("entity", name)]
    binned = [one for one in known if one.traits.recycle and ctx.rights.allows(one, "delete")]
    if len(binned) == 1:
        return ()
    return tuple(
        Tab(
            label=one.plural.to(ctx.actor.language),
            href=f"{entity_href(one.id)}/bin",
            current=one.id == shown.id,
        )
        for one in binned
    )


def delete_record(ctx: Context, asked: PageRequest) -> Reply:
    """Move a record to the bin and lead to its list, where it can be undone.

    Where others link to it, lead back to it and say which.
    """
    entity = known_entity(ctx, asked.path["entity"])
    record = records.get(ctx, entity.id, asked.record_id)
    base = entity_href(entity.id)
    try:
        recycle_bin.delete(ctx, entity.id, record.id)
    except Conflict as error:  # what was written by then is undone with the bad answer
        told = [ctx.messages.tell(one, ctx.actor.language) for one in error.problems]
        back = address(f"{base}/{record.id}", carried(asked.query))
        return Go(
            to=back,
            done="kept",
            title=ctx.messages.say("ui.semicolon", ctx.actor.language).join(told),
            bad=True,
        )
    undo = f"{base}/{record.id}/restore" if entity.traits.recycle else ""
    listed = ListState.behind(base, asked.query).href
    return Go(to=listed, done="deleted", title=record_title(ctx, record), undo=undo)


def restore_record(ctx: Context, asked: PageRequest) -> Reply:
    """Bring a record back and lead to it."""
    entity = known_entity(ctx, asked.path["entity"])
    record = recycle_bin.restore(ctx, entity.id, asked.record_id)
    to = f"{entity_href(entity.id)}/{record.id}"
    return Go(to=to, done="restored", title=record_title(ctx, record))
