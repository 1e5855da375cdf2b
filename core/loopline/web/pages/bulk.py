"""Bulk acts on pages: the list's bar, the form of what an act asks for, and its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import LooplineError, NotValid, Problem
from loopline.hooks.declarations import Action
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef, FormField, Section
from loopline.query.lists import count
from loopline.services.actions import (
    KERNEL,
    KernelAction,
    Offered,
    actions_of,
    find_action,
    right_of,
)
from loopline.services.bulk import Act, BulkRequest, find_run, start
from loopline.services.titles import titles
from loopline.web.contexts.bulk import BulkBar, BulkContext, BulkRefusal, BulkRunContext
from loopline.web.contexts.forms import FieldProblem, FormSection
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb, Hidden
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.form_inputs import Drawn, draw_sections
from loopline.web.pages.form_values import Entered, read_form
from loopline.web.pages.list_state import CARRIED, address, carried
from loopline.web.pages.listing import Listing, asked_listing, list_query
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.setting_inputs import read_settings, setting_inputs
from loopline.web.pages.shell import Place, entity_href, shell

_SHOWN: Final = 50
_QUICK: Final = 3
"""How many actions have a button of their own in the bar."""
_ONE_BY_ONE: Final = frozenset({"lines", "file", "files", "image"})
"""Field types that are filled in for one record at a time."""
_SET: Final = "update:"
_DO: Final = "action:"
_DELETE: Final = "delete"


@dataclass(frozen=True, slots=True)
class _Wish:
    """What to do with which records: those named, or all of the list."""

    one: Listing
    ids: tuple[int, ...] | None
    act: str


def bulk_bar(ctx: Context, one: Listing, total: str) -> BulkBar | None:
    """Answer the bar of a list; None where nothing can be done to its records."""
    acts = tuple(_acts(ctx, one.entity))
    if not acts:
        return None
    say, language = ctx.messages.say, ctx.actor.language
    quick = tuple(act for act in acts if act.value.startswith(_DO))[:_QUICK]
    return BulkBar(
        action=f"{one.state.path}/bulk",
        quick=quick,
        acts=tuple(act for act in acts if act not in quick),
        all_label=say("ui.bulk.all", language, count=total),
        hidden=tuple(
            Hidden(name=f"{CARRIED}{name}", value=value)
            for name, value in one.state.turned().parameters()
        ),
    )


def ask(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the form of what the chosen act asks for."""
    wish = _asked(ctx, asked)
    if not wish.act or wish.ids == ():
        key = "ui.bulk.none" if wish.ids == () else "ui.bulk.no_act"
        told = ctx.messages.say(key, ctx.actor.language)
        return Go(to=wish.one.state.href, done="act.refused", title=told, bad=True)
    return Show(context=_form(ctx, asked, wish, Entered(), ()))


def do(ctx: Context, asked: PageRequest) -> Reply:
    """Do it, and lead to what was done; what cannot be read is told in the form."""
    wish, entered = _asked(ctx, asked), Entered()
    try:
        request, entered = _request(ctx, asked, wish)
        if entered.problems:
            raise NotValid(*entered.problems)
        run = start(ctx, request)
    except NotValid as error:
        form = _form(ctx, asked, wish, entered, error.problems)
        return Show(context=form, status=422)
    state = wish.one.state
    return Go(to=address(f"{state.path}/bulk/{run.id}", state.turned().parameters()))


def show_run(ctx: Context, asked: PageRequest) -> Reply:
    """Answer how far a run is."""
    run, say, language = find_run(ctx, asked.record_id), ctx.messages.say, ctx.actor.language
    entity = ctx.catalog.entity(run.entity)
    base, running = entity_href(run.entity), run.state == "running"
    named = titles(ctx, run.entity, {record for record, _ in run.reasons[:_SHOWN]})
    title = say("ui.bulk.result", language)
    crumbs = (Crumb(label=plural_of(ctx, entity).to(language), href=base), Crumb(label=title))
    key = "ui.bulk.running" if running else "ui.bulk.done"
    return Show(
        context=BulkRunContext(
            shell=shell(ctx, asked, Place(title=title, entity=run.entity, crumbs=crumbs)),
            here=asked.here,
            running=running,
            summary=say(key, language, done=run.done, total=run.total),
            refused=say("ui.bulk.refused", language, refused=run.refused) if run.refused else "",
            refusals=tuple(
                BulkRefusal(
                    title=named.get(record, f"#{record}"), href=f"{base}/{record}", reason=reason
                )
                for record, reason in run.reasons[:_SHOWN]
            ),
            list_href=address(base, asked.query.multi_items()),
        )
    )


def _acts(ctx: Context, entity: EntityDef) -> Sequence[Choice]:
    """Answer what can be done to records of an entity, as far as it can be told beforehand."""
    say, language, rights = ctx.messages.say, ctx.actor.language, ctx.rights
    found = []
    if rights.allows(entity, "update") and entity.traits.changed_by_hand:
        found += [
            Choice(
                value=f"{_SET}{field.id}",
                label=say("ui.bulk.set", language, label=in_phrase(field.label, language)),
            )
            for field in entity.fields.values()
            if not (field.read_only or field.hidden or field.numbering or field.unique == "yes")
            and field.type not in _ONE_BY_ONE
        ]
    found += [
        Choice(value=f"{_DO}{one.action.id}", label=one.action.label.to(language))
        for one in _for_many(ctx, entity)
        if rights.allows(entity, right_of(one.action))
    ]
    if rights.allows(entity, "delete") and entity.traits.changed_by_hand:
        found.append(Choice(value=_DELETE, label=say("ui.bulk.delete", language)))
    return found


def _for_many(ctx: Context, entity: EntityDef) -> Sequence[Offered]:
    """Answer the actions that many records can take at once, those of plugins first."""
    found = [
        one
        for one in actions_of(ctx, entity.id)
        if not (isinstance(one.action, KernelAction) and one.action.alone)
    ]
    return sorted(found, key=lambda one: one.plugin == KERNEL)


def _asked(ctx: Context, asked: PageRequest) -> _Wish:
    pairs = [(name.removeprefix(CARRIED), value) for name, value in carried(asked.form)]
    one = asked_listing(ctx, replace(asked, query=QueryParams(pairs)))
    ids = None
    if asked.one("_scope") != "all":
        texts = [text for text in asked.form.getlist("id") if isinstance(text, str)]
        ids = tuple(int(text) for text in texts if text.isascii() and text.isdigit())
    return _Wish(one, ids, asked.one("_act") or asked.one("_other"))


def _request(ctx: Context, asked: PageRequest, wish: _Wish) -> tuple[BulkRequest, Entered]:
    one, act, entered = wish.one, wish.act, Entered()
    query = list_query(ctx, one)
    settings: dict[str, object] = {}
    kind, _, name = act.partition(":")
    if act.startswith(_SET):
        form = _form_of(one.entity, name)
        entered = read_form(ctx, one.entity, form, asked)
        types, fields = ctx.snapshot.types, one.entity.fields
        settings = {
            field: None
            if value is None
            else types[fields[field].type].to_json(fields[field], value)
            for field, value in entered.values.items()
        }
    elif act.startswith(_DO):
        typed = {k: v for k, v in asked.form.multi_items() if isinstance(v, str)}
        settings = read_settings(find_action(ctx, one.entity.id, name).action.settings, typed)
    request = BulkRequest(
        entity=one.entity.id,
        act=cast("Act", kind),
        action=name if act.startswith(_DO) else "",
        settings=settings,
        ids=wish.ids,
        filter=query.filter,
        q=query.q,
    )
    return request, entered


def _form(
    ctx: Context,
    asked: PageRequest,
    wish: _Wish,
    entered: Entered,
    problems: Sequence[Problem],
) -> BulkContext:
    say, language = ctx.messages.say, ctx.actor.language
    one, ids, act = wish.one, wish.ids, wish.act
    entity, total = one.entity, len(ids) if ids is not None else _count(ctx, one)
    plural = in_phrase(plural_of(ctx, entity), language)
    label = next((found.label for found in _acts(ctx, entity) if found.value == act), act)
    heading = say("ui.bulk.title", language, act=label, count=total, entity=plural)
    sections, rest = _sections(ctx, entity, act, entered, problems)
    crumbs = (
        Crumb(label=plural_of(ctx, entity).to(language), href=one.state.href),
        Crumb(label=heading),
    )
    return BulkContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        act_label=label,
        action=f"{one.state.path}/bulk/do",
        cancel_href=one.state.href,
        hidden=tuple(_carried(wish)),
        sections=sections,
        problems=rest,
    )


def _sections(
    ctx: Context, entity: EntityDef, act: str, entered: Entered, problems: Sequence[Problem]
) -> tuple[tuple[FormSection, ...], tuple[FieldProblem, ...]]:
    tell, language = ctx.messages.tell, ctx.actor.language
    name = act.partition(":")[2]
    if act.startswith(_SET) and name in entity.fields:
        drawn = Drawn(entered.values, entered if entered.texts else None, problems)
        rest = [one for one in problems if one.path != f"fields.{name}"]
        found = tuple(FieldProblem(message=tell(one, language)) for one in rest)
        return draw_sections(ctx, entity, _form_of(entity, name), drawn), found
    action = _action(ctx, entity, act)
    if action is not None and action.settings.get("properties"):
        fields, left = setting_inputs(ctx, action.settings, {}, problems)
        return (FormSection(label="", columns=1, fields=fields),), left
    return (), tuple(FieldProblem(message=tell(one, language)) for one in problems)


def _action(ctx: Context, entity: EntityDef, act: str) -> Action | None:
    if not act.startswith(_DO):
        return None
    try:
        return find_action(ctx, entity.id, act.removeprefix(_DO)).action
    except LooplineError:
        return None


def _form_of(entity: EntityDef, name: str) -> FormDef:
    """Answer a form of one field."""
    shown = (FormField(field=name, width="full"),) if name in entity.fields else ()
    section = Section(id="one", label=entity.label, columns=1, show_if="", fields=shown)
    return FormDef(id="", entity=entity.id, label=entity.label, use=("bulk",), sections=(section,))


def _carried(wish: _Wish) -> Sequence[Hidden]:
    scope = "all" if wish.ids is None else "picked"
    found = [Hidden(name="_act", value=wish.act), Hidden(name="_scope", value=scope)]
    found += [Hidden(name="id", value=str(one)) for one in wish.ids or ()]
    listed = wish.one.state.turned().parameters()
    found += [Hidden(name=f"{CARRIED}{name}", value=value) for name, value in listed]
    return found


def _count(ctx: Context, one: Listing) -> int:
    return count(ctx, replace(list_query(ctx, one), cursor=None, count="exact")).value
