"""The form of a record, and a new record by it."""

from loopline.access.context import Context
from loopline.errors import Forbidden, NotValid, PluginFailed, Problem
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef
from loopline.services import lines, records
from loopline.services.files.reading import FILE_TYPES
from loopline.store.rows import Record
from loopline.web.contexts.forms import FieldProblem, FormContext
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb, Hidden
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.form_inputs import Drawn, Found, draw_sections, missing_by_condition
from loopline.web.pages.form_values import Entered, initial_values, read_form
from loopline.web.pages.line_values import line_fields, with_lines
from loopline.web.pages.list_state import address, carried
from loopline.web.pages.listing import known_entity
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.picking import candidates
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.record import record_title
from loopline.web.pages.shell import Place, entity_href, shell
from loopline.web.pages.twins import has_rules, twins_of


def show_new(ctx: Context, asked: PageRequest) -> Reply:
    """Answer an empty form, filled with defaults and with what the address prescribes."""
    entity = writable(ctx, asked)
    form = ctx.catalog.form(entity.id, "new")
    values = initial_values(ctx, entity, asked.query)
    return Show(context=form_page(ctx, asked, entity, form, Drawn(values)))


def create_record(ctx: Context, asked: PageRequest) -> Reply:
    """Create what was entered, or show the form again with everything that is wrong."""
    entity = writable(ctx, asked)
    form = ctx.catalog.form(entity.id, "new")
    entered = read_form(ctx, entity, form, asked)
    again = asked_again(ctx, asked, entity, form, entered, None)
    if again is not None:
        return again
    try:
        unread = [*entered.problems, *missing_by_condition(ctx, entity, form, entered.values)]
        plain = {k: v for k, v in entered.values.items() if k not in entered.known}
        records.refuse_unread(ctx, entity.id, plain, unread)
        created = lines.create(ctx, entity.id, entered.values)
    except (NotValid, PluginFailed) as error:
        drawn = Drawn(entered.values, entered, error.problems)
        return Show(context=form_page(ctx, asked, entity, form, drawn), status=422)
    title = record_title(ctx, created)
    if asked.one("_then") == "new":
        return Go(to=_new_href(asked, entity), done="created", title=title)
    return Go(to=f"{entity_href(entity.id)}/{created.id}", done="created", title=title)


def writable(ctx: Context, asked: PageRequest) -> EntityDef:
    """Answer the entity of the path. Raises NotFound; Forbidden where the actor may not write.

    What is not written by hand has no form, whoever asks.
    """
    entity = known_entity(ctx, asked.path["entity"])
    if not entity.traits.by_hand:
        raise Forbidden(code="record.not_by_hand", entity=entity.label)
    if not ctx.rights.allows(entity, "create"):
        raise Forbidden(code="auth.forbidden", action="write", entity=entity.label)
    return entity


def asked_again(
    ctx: Context,
    asked: PageRequest,
    entity: EntityDef,
    form: FormDef,
    entered: Entered,
    record: Record | None,
) -> Reply | None:
    """Answer the form once more where nothing is to be saved: a search, or fields that follow."""
    finding, added = asked.one("_find"), asked.one("_add")
    if not (finding or added or asked.one("_refresh")):
        return None
    found = {finding: _found(ctx, asked, entity, finding)} if finding else {}
    values = {**(with_lines(ctx, entity, record) if record else {}), **entered.values}
    drawn = Drawn(values, entered, (), found, added)
    return Show(context=form_page(ctx, asked, entity, form, drawn, record))


def _found(ctx: Context, asked: PageRequest, entity: EntityDef, finding: str) -> Found:
    """Answer what was looked for in a picker, one in a line too, without scripts."""
    text, head = asked.one(f"{finding}._find"), finding.partition(".")[0]
    definition = entity.fields.get(head)
    if definition is not None and definition.type == "lines":
        name = finding.removesuffix(".region").rpartition(".")[2]
        child, _ = line_fields(ctx, definition)
        definition = child.fields.get(name)
    if definition is None:
        return text, ()
    if definition.type == "any_link":
        kind = asked.one(f"{finding}.entity")
        items = candidates(ctx, kind, text) if ctx.catalog.has("entity", kind) else []
        return text, tuple(Choice(value=f"{kind}:{i.value}", label=i.label) for i in items)
    target = definition.to or definition.many or "region"
    items = candidates(ctx, target, text, definition.level)
    return text, tuple(Choice(value=i.value, label=i.label) for i in items)


def form_page(
    ctx: Context,
    asked: PageRequest,
    entity: EntityDef,
    form: FormDef,
    drawn: Drawn,
    record: Record | None = None,
) -> FormContext:
    """Answer the page of a form; an edit keeps the version on which it was begun."""
    language, say = ctx.actor.language, ctx.messages.say
    base = entity_href(entity.id)
    if record is None:
        heading = say("ui.new_one", language, entity=in_phrase(entity.label, language))
        action, cancel = _new_href(asked, entity), base
        hidden: tuple[Hidden, ...] = ()
    else:
        heading = say("ui.edit_one", language, title=record_title(ctx, record))
        action, cancel = f"{base}/{record.id}/edit", back_to(asked, entity, record.id)
        started = asked.one("_base") or str(record.version)
        hidden = (Hidden(name="_base", value=started), *_carried(asked))
    crumbs = (Crumb(label=plural_of(ctx, entity).to(language), href=base), Crumb(label=heading))
    uploads = any(entity.fields[n].type in FILE_TYPES for n in form.fields if n in entity.fields)
    places = {f"fields.{name}": at for at, name in enumerate(form.fields)}
    problems = sorted(
        drawn.problems, key=lambda one: places.get(".".join(one.path.split(".")[:2]), -1)
    )
    return FormContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        action=action,
        cancel_href=cancel,
        sections=draw_sections(ctx, entity, form, drawn),
        hidden=hidden,
        problems=tuple(_problem(ctx, entity, one) for one in problems),
        refresh_href=action,
        another=record is None,
        twins=twins_of(ctx, entity, drawn.values, record) if drawn.entered else (),
        twins_href=action if has_rules(ctx, entity) else "",
        uploads=uploads,
    )


def _problem(ctx: Context, entity: EntityDef, problem: Problem) -> FieldProblem:
    language = ctx.actor.language
    name, *rest = problem.path.removeprefix("fields.").split(".")
    message, field = ctx.messages.tell(problem, language), entity.fields.get(name)
    if field is None:
        return FieldProblem(message=message)
    label, href = field.label.to(language), f"#f-{field.id}"
    if field.type == "lines" and len(rest) > 1:
        cell = line_fields(ctx, field)[0].fields.get(rest[1])
        label = f"{label} {int(rest[0]) + 1}"
        if cell is not None:
            label, href = f"{label}, {cell.label.to(language)}", f"{href}-{'-'.join(rest)}"
    return FieldProblem(message=message, label=label, href=href)


def back_to(asked: PageRequest, entity: EntityDef, record_id: int) -> str:
    """Answer the page of a record, with the list that it was opened from."""
    kept = [(one.name, one.value) for one in _carried(asked)]
    return address(f"{entity_href(entity.id)}/{record_id}", kept)


def _new_href(asked: PageRequest, entity: EntityDef) -> str:
    """Answer the form of a new record, with what the address prescribes (``?customer=3``)."""
    return address(f"{entity_href(entity.id)}/new", asked.query.multi_items())


def _carried(asked: PageRequest) -> tuple[Hidden, ...]:
    sent = [*carried(asked.query), *carried(asked.form)]
    return tuple(Hidden(name=name, value=text) for name, text in sent)
