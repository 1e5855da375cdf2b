"""The inputs of a form: each field with its control, help, options and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.check import references
from loopline.expr.parse import parse
from loopline.fields.address import Address
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef, FormField
from loopline.services.expressions import predicate, values_of
from loopline.web.contexts.forms import FormSection
from loopline.web.contexts.inputs import Choice, FieldInput, LineInput
from loopline.web.pages.called import Called, called_in
from loopline.web.pages.form_values import NOT_FOR_STRANGERS, Entered, input_texts
from loopline.web.pages.line_inputs import Line, line_errors, lines_of_form
from loopline.web.pages.line_values import line_fields
from loopline.web.pages.option_inputs import file_choices, grouped, kinds_of, options_of

_SEVERAL: Final = frozenset({"multi", "tags", "links", "file", "files", "lines"})
_WIDE: Final = frozenset({"lines", "rich"})
Found = tuple[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the inputs are drawn from: values, texts as entered, problems, picker searches.

    ``added`` is the field of lines that gets one line more.
    """

    values: Mapping[str, object]
    entered: Entered | None = None
    problems: Sequence[Problem] = ()
    found: Mapping[str, Found] = ()  # type: ignore[assignment]
    added: str = ""


def draw_sections(
    ctx: Context, entity: EntityDef, form: FormDef, drawn: Drawn
) -> tuple[FormSection, ...]:
    """Answer the sections of a form whose conditions hold, each with its inputs."""
    language = ctx.actor.language
    watched = _watched(form)
    called = _called(ctx, entity, form, drawn.values)
    sections = []
    for section in form.sections:
        if not holds(ctx, entity, section.show_if, drawn.values):
            continue
        inputs = tuple(
            _input(ctx, one, definition, drawn, called, watched)
            for one in section.fields
            if (definition := entity.fields.get(one.field)) is not None
            and (ctx.actor.id is not None or definition.type not in NOT_FOR_STRANGERS)
            and not _only_told(one, definition)
            and holds(ctx, entity, one.show_if, drawn.values)
        )
        if inputs:
            label = section.label.to(language) if len(form.sections) > 1 else ""
            columns = min(section.columns, 2)
            sections.append(FormSection(label=label, columns=columns, fields=inputs))
    return tuple(sections)


def _only_told(one: FormField, definition: FieldDef) -> bool:
    """Answer whether a field has no control: lines that others write stand on the record's page."""
    return definition.type == "lines" and (one.read_only or definition.read_only)


def missing_by_condition(
    ctx: Context, entity: EntityDef, form: FormDef, values: Mapping[str, object]
) -> list[Problem]:
    """Answer the fields that the form requires under a condition that holds, and that are blank."""
    return [
        Problem(f"fields.{one.field}", "field.required", {"label": entity.fields[one.field].label})
        for section in form.sections
        for one in section.fields
        if one.field in entity.fields
        and one.required_if
        and values.get(one.field) is None
        and holds(ctx, entity, one.required_if, values)
        and holds(ctx, entity, one.show_if, values)
    ]


def holds(ctx: Context, entity: EntityDef, text: str, values: Mapping[str, object]) -> bool:
    """Answer whether a condition of a form holds for values of its fields; an absent one does."""
    if not text:
        return True
    test, _ = predicate(ctx.snapshot, entity.id, text)
    return test(values_of(values, {}), ctx.moment)


def _watched(form: FormDef) -> frozenset[str]:
    """Answer the fields that conditions of the form look at."""
    texts = [
        text
        for section in form.sections
        for text in (
            section.show_if,
            *(
                t
                for one in section.fields
                for t in (one.show_if, one.required_if, one.read_only_if)
            ),
        )
        if text
    ]
    return frozenset(path[0] for text in texts for path in references(parse(text)))


def _called(ctx: Context, entity: EntityDef, form: FormDef, values: Mapping[str, object]) -> Called:
    """Answer what the records, regions and files that stand in the form are called."""
    fields = (entity.fields[name] for name in form.fields if name in entity.fields)
    return called_in(ctx, ((one, values.get(one.id)) for one in fields))


def _input(
    ctx: Context,
    one: FormField,
    definition: FieldDef,
    drawn: Drawn,
    called: Called,
    watched: frozenset[str],
) -> FieldInput:
    name, language = definition.id, ctx.actor.language
    widget = ctx.snapshot.types[definition.type].widget(definition)
    value = drawn.values.get(name)
    texts = _texts(ctx, definition, value, drawn.entered)
    found = dict(drawn.found).get(name) or dict(drawn.found).get(f"{name}.region")
    fixed, required = _state(ctx, one, definition, drawn.values)
    options = options_of(ctx, definition, value, texts, called)
    if found:
        known = {option.value for option in options}
        options = (*options, *(choice for choice in found[1] if choice.value not in known))
    drawn_input = FieldInput(
        name=name,
        label=definition.label.to(language),
        widget=widget.name,  # type: ignore[arg-type]
        input_type=widget.input_type,
        value=texts[-1] if texts and widget.name not in _SEVERAL else "",
        options=options,
        attributes=tuple(widget.attributes.items()),
        required=required and not definition.numbering,
        read_only=fixed,
        full=one.width == "full" or widget.name in _WIDE,
        unit=_unit(ctx, definition),
        help=_help(ctx, one, definition),
        errors=_errors(ctx, name, drawn.problems),
        source=_source(definition),
        find=found[0] if found else "",
        street=_street(name, value, drawn.entered),
        refreshes=name in watched,
        groups=grouped(ctx, definition, options),
        kinds=kinds_of(ctx, definition, texts, drawn.entered),
        files=file_choices(ctx, definition, value, called),
    )
    return _with_lines(ctx, definition, drawn, drawn_input)


def _state(
    ctx: Context, one: FormField, definition: FieldDef, values: Mapping[str, object]
) -> tuple[bool, bool]:
    """Whether a field is only shown, and whether it must be filled."""
    fixed = one.read_only or definition.read_only
    required = definition.required
    if one.read_only_if or one.required_if:
        entity = ctx.catalog.entity(definition.entity)
        fixed = fixed or bool(one.read_only_if and holds(ctx, entity, one.read_only_if, values))
        required = required or bool(one.required_if and holds(ctx, entity, one.required_if, values))
    return fixed, required


def _with_lines(ctx: Context, definition: FieldDef, drawn: Drawn, shown: FieldInput) -> FieldInput:
    """Answer the input of a field of lines with a line of inputs for each."""
    if definition.type != "lines":
        return shown
    child, fields = line_fields(ctx, definition)
    entered = drawn.entered.lines.get(definition.id) if drawn.entered else None
    lines = lines_of_form(
        ctx,
        fields,
        entered,
        drawn.values.get(definition.id),
        more=drawn.added == definition.id,
        blanks=not drawn.problems,
    )
    called = called_in(ctx, ((one, row.values.get(one.id)) for row in lines for one in fields))
    label = child.label.to(ctx.actor.language)
    rows = []
    for place, line in enumerate(lines):
        part = Drawn(
            line.values,
            line.entered,
            line_errors(definition.id, place, drawn.problems),
            _of_line(drawn.found, f"{definition.id}.{line.place}."),
        )
        key = f"{definition.id}.{place if drawn.problems else line.place}"
        cells = tuple(
            _named(_input(ctx, FormField(field=one.id), one, part, called, frozenset()), key)
            for one in fields
        )
        rows.append(_row(ctx, line, key, f"{label} {place + 1}", cells, part.problems))
    heads = tuple(one.label.to(ctx.actor.language) for one in fields)
    return replace(shown, lines=tuple(rows), columns=heads)


def _row(
    ctx: Context,
    line: Line,
    key: str,
    label: str,
    cells: tuple[FieldInput, ...],
    problems: Sequence[Problem],
) -> LineInput:
    asked = {f"fields.{one.name.removeprefix(key + '.')}" for one in cells}
    errors = tuple(
        ctx.messages.tell(one, ctx.actor.language) for one in problems if one.path not in asked
    )
    number = str(line.id or "")
    return LineInput(key=key, id=number, label=label, cells=cells, errors=errors)


def _named(one: FieldInput, key: str) -> FieldInput:
    return replace(one, name=f"{key}.{one.name}", full=False)


def _of_line(found: Mapping[str, Found], prefix: str) -> Mapping[str, Found]:
    return {k.removeprefix(prefix): v for k, v in dict(found).items() if k.startswith(prefix)}


def _texts(ctx: Context, definition: FieldDef, value: object, entered: Entered | None) -> list[str]:
    """Answer what was entered, else the value: what a person typed comes back as they typed it."""
    if entered is not None and definition.id in entered.texts:
        return [one for one in entered.texts[definition.id] if one]
    return input_texts(ctx, definition, value)


def _street(name: str, value: object, entered: Entered | None) -> str:
    if entered is not None and f"{name}.street" in entered.texts:
        return entered.text(f"{name}.street")
    return value.street if isinstance(value, Address) else ""


def _unit(ctx: Context, definition: FieldDef) -> str:
    if definition.type == "money":
        return ctx.locale.currency
    return definition.unit.to(ctx.actor.language)


def _help(ctx: Context, one: FormField, definition: FieldDef) -> str:
    """Answer what stands below a field: how to write it, where nothing else is said."""
    told = (one.help or definition.help).to(ctx.actor.language)
    if not told and definition.type == "duration":
        return ctx.messages.say("ui.duration.help", ctx.actor.language)
    return told


def _source(definition: FieldDef) -> str:
    if definition.to or definition.type == "links":
        return f"/pick/{definition.to or definition.many}"
    if definition.type in {"region", "address"}:
        level = f"?level={definition.level}" if definition.level else ""
        return f"/pick/region{level}"
    return ""


def _errors(ctx: Context, name: str, problems: Sequence[Problem]) -> tuple[str, ...]:
    path = f"fields.{name}"
    return tuple(ctx.messages.tell(one, ctx.actor.language) for one in problems if one.path == path)
