"""The page that converts a record: what will be made or found, its values to look over."""

from collections.abc import Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import Conflict, NotValid, PluginFailed, Problem
from loopline.meta.conversions import ConversionDef
from loopline.services import permits
from loopline.services.actions import run_action
from loopline.services.conversion import CONVERT, standing
from loopline.services.conversion_plan import (
    find_conversion,
)
from loopline.services.titles import titles
from loopline.store.conversions import Conversion
from loopline.store.rows import Record
from loopline.web.contexts.converting import ConvertContext
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb, NavItem
from loopline.web.pages import acting
from loopline.web.pages.converting_parts import Part, read_parts, unread
from loopline.web.pages.converting_targets import draw_target, told_problem
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.listing import known_entity
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell


def show_convert(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page of a conversion; of what it became, where it was done before."""
    source = _source(ctx, asked)
    if source is None:
        return acting.show_action(ctx, asked)
    done = standing(ctx, source)
    if done:
        return Show(context=_became(ctx, asked, source, done))
    conversion = find_conversion(ctx, source, asked.query.get("document", ""))
    return Show(
        context=_page(ctx, asked, source, conversion, read_parts(ctx, asked, source, conversion))
    )


def convert(ctx: Context, asked: PageRequest) -> Reply:
    """Convert as entered, or show the page again with everything that is wrong."""
    source = _source(ctx, asked)
    if source is None:
        return acting.act(ctx, asked)
    done = standing(ctx, source)
    if done:
        return Show(context=_became(ctx, asked, source, done), status=Conflict.status)
    conversion = find_conversion(ctx, source, asked.one("_document"))
    parts = read_parts(ctx, asked, source, conversion)
    if asked.one("_refresh") or asked.one("_find"):
        return Show(context=_page(ctx, asked, source, conversion, parts))
    wrong = [problem for part in parts for problem in unread(part)]
    if wrong:
        return Show(context=_page(ctx, asked, source, conversion, parts, wrong), status=422)
    settings = {
        "document": conversion.id,
        "targets": {p.intended.target.id: p.given for p in parts if p.given is not None},
    }
    try:
        result = run_action(ctx, source.entity, [source.id], CONVERT, settings)
    except (NotValid, PluginFailed) as error:
        context = _page(ctx, asked, source, conversion, parts, error.problems)
        return Show(context=context, status=422)
    entity, number = result.record or (source.entity, source.id)
    if not ctx.catalog.has("entity", entity):
        entity, number = source.entity, source.id
    return Go(to=f"{entity_href(entity)}/{number}", done="act.done", title=str(result.message))


def _source(ctx: Context, asked: PageRequest) -> Record | None:
    """Answer the whole record to convert; None where its entity has no conversions."""
    entity = known_entity(ctx, asked.path["entity"])
    if entity.id not in ctx.snapshot.catalog.conversions:
        return None
    one = ctx.snapshot.table(entity.id)
    whole = permits.readable(ctx, one, asked.record_id)
    permits.require(ctx, one, CONVERT, whole)
    return whole


def _page(
    ctx: Context,
    asked: PageRequest,
    source: Record,
    conversion: ConversionDef,
    parts: Sequence[Part],
    problems: Sequence[Problem] = (),
) -> ConvertContext:
    language = ctx.actor.language
    known = ctx.snapshot.catalog.conversions[source.entity]
    return replace(
        _frame(ctx, asked, source),
        documents=tuple(
            Choice(value=one.id, label=one.label.to(language), selected=one is conversion)
            for one in known
        )
        if len(known) > 1
        else (),
        targets=tuple(draw_target(ctx, asked, part, problems) for part in parts),
        problems=tuple(told_problem(ctx, parts, one) for one in problems),
    )


def _frame(ctx: Context, asked: PageRequest, source: Record) -> ConvertContext:
    language, base = ctx.actor.language, entity_href(source.entity)
    entity = ctx.catalog.entity(source.entity)
    called = titles(ctx, source.entity, [source.id]).get(source.id, f"#{source.id}")
    heading = ctx.messages.say("ui.convert.heading", language, title=called)
    page = f"{base}/{source.id}"
    crumbs = (
        Crumb(label=plural_of(ctx, entity).to(language), href=base),
        Crumb(label=called, href=page),
        Crumb(label=ctx.messages.say("ui.convert.do", language)),
    )
    return ConvertContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        action=f"{page}/actions/{CONVERT}",
        cancel_href=page,
    )


def _became(
    ctx: Context, asked: PageRequest, source: Record, done: Sequence[Conversion]
) -> ConvertContext:
    """Answer the page that says what a record became."""
    links = []
    for one in (made for conversion in done for made in conversion.became.values()):
        seen = ctx.catalog.has("entity", one.entity)
        label = ctx.catalog.entity(one.entity).label.to(ctx.actor.language) if seen else ""
        title = titles(ctx, one.entity, [one.id]).get(one.id, f"#{one.id}")
        href = f"{entity_href(one.entity)}/{one.id}" if seen else entity_href(source.entity)
        links.append(NavItem(label=f"{label} {title}".strip(), href=href))
    return replace(_frame(ctx, asked, source), became=tuple(links))
