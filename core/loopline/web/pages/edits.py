"""Editing a record by its form: only what was changed is written, and never over another's edit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotValid, PluginFailed, Problem
from loopline.meta.entities import EntityDef
from loopline.services import records
from loopline.services.approvals.saving import live_of, voided_since
from loopline.services.editing import refuse_unread_change, values_at
from loopline.services.lines import update
from loopline.services.naming import Names
from loopline.services.titles import titles
from loopline.store.rows import Record
from loopline.web.contexts.forms import Clash
from loopline.web.contexts.forms import Conflict as ConflictNotice
from loopline.web.contexts.shell import Hidden
from loopline.web.pages.called import called_in
from loopline.web.pages.cells import text_of, when
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.form_inputs import Drawn, missing_by_condition
from loopline.web.pages.form_values import Entered, keep_edited, read_form
from loopline.web.pages.forms import asked_again, back_to, form_page, writable
from loopline.web.pages.line_values import Body, keep_others, with_lines
from loopline.web.pages.numbers import record_number
from loopline.web.pages.record import record_title

_SIDES: Final = ("base", "theirs", "yours")
Values = Mapping[str, object]


def show_edit(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the form of a record."""
    entity = _changeable(ctx, asked)
    record = records.get(ctx, entity.id, asked.record_id)
    form = ctx.catalog.form(entity.id, "edit")
    drawn = Drawn(with_lines(ctx, entity, record))
    return Show(context=form_page(ctx, asked, entity, form, drawn, record))


def update_record(ctx: Context, asked: PageRequest) -> Reply:
    """Write what was changed; the same field changed by two people is for the second to settle."""
    entity = _changeable(ctx, asked)
    record = records.get(ctx, entity.id, asked.record_id)
    form = ctx.catalog.form(entity.id, "edit")
    entered = read_form(ctx, entity, form, asked)
    again = asked_again(ctx, asked, entity, form, entered, record)
    if again is not None:
        return again
    base, live = record_number(asked.one("_base")), live_of(ctx, entity.id, record.id)
    held = with_lines(ctx, entity, record)
    before = {**held, **_values_at(ctx, record, base)}
    keep_edited(ctx, entity, entered, before)
    _keep_other_lines(entered, held)
    _settle(ctx, asked, record, entered)
    whole = {**held, **entered.values}
    try:
        missing = missing_by_condition(ctx, entity, form, whole)
        plain = {k: v for k, v in entered.values.items() if k not in entered.known}
        refuse_unread_change(ctx, record, plain, [*entered.problems, *missing])
        changed = update(ctx, entity.id, record.id, entered.values, base=base)
    except (NotValid, PluginFailed) as error:
        drawn = Drawn({**before, **entered.values}, entered, error.problems)
        return Show(context=form_page(ctx, asked, entity, form, drawn, record), status=422)
    except Conflict as error:
        context = form_page(ctx, asked, entity, form, Drawn(whole, entered), record)
        notice = _conflict(ctx, entity, record, error.problems)
        hidden = (
            *(one for one in context.hidden if one.name != "_base"),
            Hidden(name="_base", value=str(record.version)),
            Hidden(name="_origin", value=str(base)),
        )
        return Show(context=replace(context, conflict=notice, hidden=hidden), status=409)
    title = record_title(ctx, changed)
    to, voided = back_to(asked, entity, record.id), voided_since(ctx, live)
    if not voided:
        return Go(to=to, done="saved", title=title)
    told = ctx.messages.say("approval.saved", ctx.actor.language, title=title, voided=voided)
    return Go(to=to, done="approval", title=told)


def _keep_other_lines(entered: Entered, held: Values) -> None:
    """Keep the lines that another added since this form was opened."""
    for name, known in entered.known.items():
        if name in entered.values:
            bodies = cast("Sequence[Body]", entered.values[name])
            entered.values[name] = keep_others(bodies, known, cast("Sequence[Body]", held[name]))


def _changeable(ctx: Context, asked: PageRequest) -> EntityDef:
    entity = writable(ctx, asked)
    if entity.traits.append_only:
        raise Forbidden(code="record.append_only", entity=entity.label)
    return entity


def _values_at(ctx: Context, record: Record, version: int | None) -> Values:
    """Answer what a record held at a version; what it holds now where none is named."""
    if version is None:
        return record.values
    return {**record.values, **values_at(ctx, record.entity, record.id, version)}


def _settle(ctx: Context, asked: PageRequest, record: Record, entered: Entered) -> None:
    """Put in place of what was entered the value that was chosen for a field in conflict."""
    origin = _values_at(ctx, record, record_number(asked.one("_origin")))
    for name in list(entered.values):
        match asked.one(f"_keep.{name}"):
            case "theirs":
                entered.forget(name)
            case "original":
                entered.forget(name)
                entered.values[name] = origin.get(name)


def _conflict(
    ctx: Context, entity: EntityDef, record: Record, problems: Sequence[Problem]
) -> ConflictNotice:
    language, say = ctx.actor.language, ctx.messages.say
    clashes = []
    for problem in problems:
        name = problem.path.removeprefix("fields.")
        original, theirs, mine = (_shown(ctx, entity, name, problem.params[s]) for s in _SIDES)
        label = entity.fields[name].label.to(language)
        clashes.append(Clash(name=name, label=label, original=original, theirs=theirs, mine=mine))
    by = record.updated_by
    who = titles(ctx, "user", {by}).get(by) if by else None
    told = say(
        "ui.conflict.who",
        language,
        who=who or say("ui.system", language),
        when=when(ctx, record.updated_at),
    )
    return ConflictNotice(who=told, clashes=tuple(clashes))


def _shown(ctx: Context, entity: EntityDef, name: str, raw: object) -> str:
    """Answer the value of a field as people read it, from its JSON form."""
    definition = entity.fields[name]
    if raw is None:
        return ""
    value = ctx.snapshot.types[definition.type].from_json(definition, raw)
    called = called_in(ctx, [(definition, value)])
    names = Names(titles=called.titles, regions=called.regions, files=called.files)
    return text_of(ctx, definition, value, names)
