"""The form pages: a new record, an edit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from loopline.access.context import Context
from loopline.access.rights import may_write
from loopline.errors import Conflict, Forbidden, NotValid, Problem
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef
from loopline.services import records
from loopline.services.editing import update, values_at
from loopline.services.naming import Names
from loopline.services.titles import titles
from loopline.store.rows import Record
from loopline.web.contexts.forms import Clash, FieldProblem, FormContext
from loopline.web.contexts.forms import Conflict as ConflictNotice
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb, Hidden
from loopline.web.pages.cells import text_of, when
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.form_inputs import Drawn, draw_sections, missing_by_condition
from loopline.web.pages.form_values import Entered, initial_values, read_form
from loopline.web.pages.list_state import address
from loopline.web.pages.lists import known_entity
from loopline.web.pages.picking import candidates
from loopline.web.pages.record import record_title
from loopline.web.pages.shell import Place, entity_href, shell

_CARRIED: Final = "list."
_SIDES: Final = ("base", "theirs", "yours")


def show_new(ctx: Context, asked: PageRequest) -> Reply:
    """Answer an empty form, filled with defaults and with what the address prescribes."""
    entity = _writable(ctx, asked)
    form = ctx.catalog.form(entity.id, "new")
    values = initial_values(ctx, entity, asked.query)
    return Show(context=_page(ctx, asked, entity, form, Drawn(values)))


def create_record(ctx: Context, asked: PageRequest) -> Reply:
    """Create what was entered, or show the form again with everything that is wrong."""
    entity = _writable(ctx, asked)
    form = ctx.catalog.form(entity.id, "new")
    entered = read_form(ctx, entity, form, asked)
    again = _asked_again(ctx, asked, entity, form, entered, None)
    if again is not None:
        return again
    try:
        unread = [*entered.problems, *missing_by_condition(ctx, entity, form, entered.values)]
        records.refuse_unread(ctx, entity.id, entered.values, unread)
        created = records.create(ctx, entity.id, entered.values)
    except NotValid as error:
        drawn = Drawn(entered.values, entered, error.problems)
        return Show(context=_page(ctx, asked, entity, form, drawn), status=422)
    title = record_title(ctx, created)
    if asked.one("_then") == "new":
        return Go(to=f"{entity_href(entity.id)}/new", done="created", title=title)
    return Go(to=f"{entity_href(entity.id)}/{created.id}", done="created", title=title)


def show_edit(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the form of a record."""
    entity = _writable(ctx, asked)
    record = records.get(ctx, entity.id, int(asked.path["id"]))
    form = ctx.catalog.form(entity.id, "edit")
    return Show(context=_page(ctx, asked, entity, form, Drawn(record.values), record))


def update_record(ctx: Context, asked: PageRequest) -> Reply:
    """Write what was changed; the same field changed by two people is for the second to settle."""
    entity = _writable(ctx, asked)
    record = records.get(ctx, entity.id, int(asked.path["id"]))
    form = ctx.catalog.form(entity.id, "edit")
    entered = read_form(ctx, entity, form, asked)
    again = _asked_again(ctx, asked, entity, form, entered, record)
    if again is not None:
        return again
    base = asked.one("_base")
    whole = {**record.values, **entered.values}
    try:
        missing = missing_by_condition(ctx, entity, form, whole)
        if entered.problems or missing:
            raise NotValid(*entered.problems, *missing)
        changes = _changes(ctx, asked, record, entered)
        version = int(base) if base.isdigit() else None
        changed = update(ctx, entity.id, record.id, changes, base=version)
    except NotValid as error:
        drawn = Drawn(whole, entered, error.problems)
        return Show(context=_page(ctx, asked, entity, form, drawn, record), status=422)
    except Conflict as error:
        context = _page(ctx, asked, entity, form, Drawn(whole, entered), record)
        notice = _conflict(ctx, entity, record, error.problems)
        origin = Hidden(name="_origin", value=base)
        hidden = (*context.hidden, origin)
        return Show(context=replace(context, conflict=notice, hidden=hidden), status=409)
    title = record_title(ctx, changed)
    return Go(to=_back(asked, entity, record.id), done="saved", title=title)


def _changes(
    ctx: Context, asked: PageRequest, record: Record, entered: Entered
) -> Mapping[str, object]:
    """Answer what to write: where a conflict was settled, the value that was chosen."""
    changes = dict(entered.values)
    origin = asked.one("_origin")
    before = values_at(ctx, record.entity, record.id, int(origin)) if origin.isdigit() else {}
    for name in list(changes):
        match asked.one(f"_keep.{name}"):
            case "theirs":
                changes[name] = record.values.get(name)
            case "original":
                changes[name] = before.get(name, record.values.get(name))
    return changes


def _writable(ctx: Context, asked: PageRequest) -> EntityDef:
    entity = known_entity(ctx, asked.path["entity"])
    if not may_write(ctx.actor, entity):
        raise Forbidden(code="auth.forbidden", action="write", entity=entity.label)
    return entity


def _asked_again(
    ctx: Context,
    asked: PageRequest,
    entity: EntityDef,
    form: FormDef,
    entered: Entered,
    record: Record | None,
) -> Reply | None:
    """Answer the form once more where nothing is to be saved: a search, or fields that follow."""
    finding = asked.one("_find")
    if not finding and not asked.one("_refresh"):
        return None
    found: dict[str, tuple[str, tuple[Choice, ...]]] = {}
    if finding:
        definition = entity.fields.get(finding.removesuffix(".region"))
        text = asked.one(f"{finding}._find")
        target = definition.to if definition and definition.to else "region"
        items = candidates(ctx, target, text)
        found[finding] = (text, tuple(Choice(value=i.value, label=i.label) for i in items))
    values = {**(record.values if record else {}), **entered.values}
    drawn = Drawn(values, entered, (), found)
    return Show(context=_page(ctx, asked, entity, form, drawn, record))


def _page(
    ctx: Context,
    asked: PageRequest,
    entity: EntityDef,
    form: FormDef,
    drawn: Drawn,
    record: Record | None = None,
) -> FormContext:
    language, say = ctx.actor.language, ctx.messages.say
    base = entity_href(entity.id)
    if record is None:
        heading = say("ui.new_one", language, entity=entity.label)
        action, cancel = f"{base}/new", base
        hidden: tuple[Hidden, ...] = ()
    else:
        heading = say("ui.edit_one", language, title=record_title(ctx, record))
        action, cancel = f"{base}/{record.id}/edit", _back(asked, entity, record.id)
        hidden = (Hidden(name="_base", value=str(record.version)), *_carried(asked))
    crumbs = (Crumb(label=entity.plural.to(language), href=base), Crumb(label=heading))
    return FormContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        action=action,
        cancel_href=cancel,
        sections=draw_sections(ctx, entity, form, drawn),
        hidden=hidden,
        problems=tuple(_problem(ctx, entity, one) for one in drawn.problems),
        refresh_href=action,
        another=record is None,
    )


def _problem(ctx: Context, entity: EntityDef, problem: Problem) -> FieldProblem:
    language = ctx.actor.language
    field = entity.fields.get(problem.path.removeprefix("fields."))
    return FieldProblem(
        message=ctx.messages.tell(problem, language),
        label=field.label.to(language) if field else "",
        href=f"#f-{field.id}" if field else "",
    )


def _conflict(
    ctx: Context, entity: EntityDef, record: Record, problems: Sequence[Problem]
) -> ConflictNotice:
    clashes = []
    for problem in problems:
        name = problem.path.removeprefix("fields.")
        shown = {side: _shown(ctx, entity, name, problem.params[side]) for side in _SIDES}
        clashes.append(
            Clash(
                name=name,
                label=entity.fields[name].label.to(ctx.actor.language),
                original=shown["base"],
                theirs=shown["theirs"],
                mine=shown["yours"],
            )
        )
    who = (
        titles(ctx, "user", {record.updated_by}).get(record.updated_by)
        if record.updated_by
        else None
    )
    say, language = ctx.messages.say, ctx.actor.language
    told = say(
        "ui.conflict.who",
        language,
        who=who or say("ui.system", language),
        when=when(ctx, record.updated_at),
    )
    return ConflictNotice(who=told, clashes=tuple(clashes))


def _shown(ctx: Context, entity: EntityDef, name: str, raw: object) -> str:
    definition = entity.fields[name]
    if raw is None:
        return ""
    value = ctx.snapshot.types[definition.type].from_json(definition, raw)
    names = Names()
    if definition.to and isinstance(value, int):
        called = titles(ctx, definition.to, {value})
        names = Names(titles={(definition.to, key): title for key, title in called.items()})
    return text_of(ctx, definition, value, names)


def _carried(asked: PageRequest) -> tuple[Hidden, ...]:
    """Answer the state of the list one came from, as the form carries it along."""
    sent = [*asked.query.multi_items()]
    sent += [(name, text) for name, text in asked.form.multi_items() if isinstance(text, str)]
    return tuple(Hidden(name=name, value=text) for name, text in sent if name.startswith(_CARRIED))


def _back(asked: PageRequest, entity: EntityDef, record_id: int) -> str:
    carried = [(one.name, one.value) for one in _carried(asked)]
    return address(f"{entity_href(entity.id)}/{record_id}", carried)
