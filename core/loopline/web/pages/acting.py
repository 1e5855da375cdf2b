"""Actions on a record's page: their buttons, the form for what they ask, and doing them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from loopline.access.context import Context
from loopline.errors import LooplineError, NotValid, Problem
from loopline.hooks.declarations import Action, Result
from loopline.language import Label
from loopline.services import records
from loopline.services.actions import find_action, offered_for, run_action
from loopline.services.people import USER
from loopline.services.titles import titles
from loopline.store.rows import Record
from loopline.web.contexts.forms import FormContext, FormSection
from loopline.web.contexts.records import Offer
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.listing import known_entity
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.setting_inputs import read_settings, setting_inputs
from loopline.web.pages.shell import Place, entity_href, shell


def offers(ctx: Context, record: Record) -> tuple[Offer, ...]:
    """Answer the buttons of what the actor may do to a record; of a person also their access."""
    language = ctx.actor.language
    own = record.entity == USER and (ctx.actor.administrator or record.id == ctx.actor.id)
    label = ctx.messages.say("ui.person.access", language)
    access = (Offer(label=label, address=f"/people/{record.id}", asks=True),) if own else ()
    return access + tuple(
        Offer(
            label=one.action.label.to(language),
            address=_address(record.entity, record.id, one.action.id),
            asks=bool(one.action.settings.get("properties")),
            tone=one.action.tone,
        )
        for one in offered_for(ctx, record)
    )


def show_action(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the form of what an action asks for."""
    entity = known_entity(ctx, asked.path["entity"])
    found = find_action(ctx, entity.id, asked.path["action"])
    record = records.get(ctx, entity.id, asked.record_id)
    return Show(context=_form(ctx, asked, record, found.action, {}, ()))


def act(ctx: Context, asked: PageRequest) -> Reply:
    """Do an action, and lead to what it leads to; what is refused is told where it was asked."""
    entity = known_entity(ctx, asked.path["entity"])
    record = records.get(ctx, entity.id, asked.record_id)
    found = find_action(ctx, entity.id, asked.path["action"])
    typed = {name: value for name, value in asked.form.multi_items() if isinstance(value, str)}
    try:
        settings = read_settings(found.action.settings, typed)
        done = run_action(ctx, entity.id, [record.id], found.action.id, settings)
    except LooplineError as error:
        if error.status not in {409, 422}:
            raise
        problems = error.problems or (Problem("action", error.key, error.params),)
        if isinstance(error, NotValid) and found.action.settings.get("properties"):
            form = _form(ctx, asked, record, found.action, typed, problems)
            return Show(context=form, status=422)
        told = "; ".join(ctx.messages.tell(one, ctx.actor.language) for one in problems)
        return Go(to=_page(record.entity, record.id), done="act.refused", title=told, bad=True)
    return _lead(ctx, found.action, record, done)


def _lead(ctx: Context, action: Action, record: Record, done: Result) -> Go:
    language = ctx.actor.language
    message = done.message.to(language) if isinstance(done.message, Label) else done.message
    to = _page(*done.record) if done.record else _page(record.entity, record.id)
    return Go(to=to, done="act.done", title=message or action.label.to(language))


def _form(
    ctx: Context,
    asked: PageRequest,
    record: Record,
    action: Action,
    typed: Mapping[str, Any],
    problems: tuple[Problem, ...],
) -> FormContext:
    language = ctx.actor.language
    label, base = action.label.to(language), entity_href(record.entity)
    title = titles(ctx, record.entity, [record.id]).get(record.id, f"#{record.id}")
    entity = ctx.catalog.entity(record.entity)
    crumbs = (
        Crumb(label=plural_of(ctx, entity).to(language), href=base),
        Crumb(label=title, href=f"{base}/{record.id}"),
        Crumb(label=label),
    )
    fields, rest = setting_inputs(ctx, action.settings, typed, problems)
    return FormContext(
        shell=shell(ctx, asked, Place(title=label, entity=record.entity, crumbs=crumbs)),
        heading=f"{label} · {title}",
        action=_address(record.entity, record.id, action.id),
        cancel_href=f"{base}/{record.id}",
        sections=(FormSection(label="", columns=1, fields=fields),) if fields else (),
        submit=label,
        stars=any(one.required for one in fields),
        problems=rest,
    )


def _address(entity: str, record_id: int, action: str) -> str:
    return f"{_page(entity, record_id)}/actions/{quote(action)}"


def _page(entity: str, record_id: int) -> str:
    return f"{entity_href(entity)}/{record_id}"
