"""The inputs of a form: each field with its control, help, options and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.check import references
from loopline.expr.parse import parse
from loopline.fields.address import Address
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef, FormField
from loopline.services.expressions import predicate, values_of
from loopline.services.naming import region_names
from loopline.services.titles import titles
from loopline.web.contexts.forms import FormSection
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.pages.form_values import Entered, input_texts
from loopline.web.pages.numbers import record_number


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the inputs are drawn from: values, texts as entered, problems, picker searches."""

    values: Mapping[str, object]
    entered: Entered | None = None
    problems: Sequence[Problem] = ()
    found: Mapping[str, tuple[str, tuple[Choice, ...]]] = ()  # type: ignore[assignment]


def draw_sections(
    ctx: Context, entity: EntityDef, form: FormDef, drawn: Drawn
) -> tuple[FormSection, ...]:
    """Answer the sections of a form whose conditions hold, each with its inputs."""
    language = ctx.actor.language
    watched = _watched(form)
    called = _called(ctx, entity, form, drawn.values)
    sections = []
    for section in form.sections:
        if not _holds(ctx, entity, section.show_if, drawn.values):
            continue
        inputs = tuple(
            _input(ctx, one, definition, drawn, called, watched)
            for one in section.fields
            if (definition := entity.fields.get(one.field)) is not None
            and _holds(ctx, entity, one.show_if, drawn.values)
        )
        if inputs:
            label = section.label.to(language) if len(form.sections) > 1 else ""
            columns = min(section.columns, 2)
            sections.append(FormSection(label=label, columns=columns, fields=inputs))
    return tuple(sections)


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
        and _holds(ctx, entity, one.required_if, values)
        and _holds(ctx, entity, one.show_if, values)
    ]


def _holds(ctx: Context, entity: EntityDef, text: str, values: Mapping[str, object]) -> bool:
    """Whether a condition holds for the values of the form; an absent one does."""
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


def _called(
    ctx: Context, entity: EntityDef, form: FormDef, values: Mapping[str, object]
) -> Mapping[tuple[str, object], str]:
    """Answer what the records and regions that stand in the form are called."""
    called: dict[tuple[str, object], str] = {}
    for name in form.fields:
        definition, value = entity.fields.get(name), values.get(name)
        if definition is None or value is None:
            continue
        if definition.to and isinstance(value, int):
            for record_id, title in titles(ctx, definition.to, {value}).items():
                called[definition.to, record_id] = title
        elif definition.type in {"region", "address"}:
            code = value.region if isinstance(value, Address) else str(value)
            for known, title in region_names(ctx, {code} - {""}).items():
                called["region", known] = title
    return called


def _input(
    ctx: Context,
    one: FormField,
    definition: FieldDef,
    drawn: Drawn,
    called: Mapping[tuple[str, object], str],
    watched: frozenset[str],
) -> FieldInput:
    name, language, kind = definition.id, ctx.actor.language, ctx.snapshot.types[definition.type]
    widget = kind.widget(definition)
    value = drawn.values.get(name)
    texts = _texts(ctx, definition, value, drawn.entered)
    found = dict(drawn.found).get(name) or dict(drawn.found).get(f"{name}.region")
    entity = ctx.catalog.entity(definition.entity)
    fixed = one.read_only or definition.read_only
    if one.read_only_if and _holds(ctx, entity, one.read_only_if, drawn.values):
        fixed = True
    required = definition.required or bool(
        one.required_if and _holds(ctx, entity, one.required_if, drawn.values)
    )
    options = _options(ctx, definition, value, texts, called)
    return FieldInput(
        name=name,
        label=definition.label.to(language),
        widget=widget.name,  # type: ignore[arg-type]
        input_type=widget.input_type,
        value=texts[-1] if texts and widget.name != "multi" else "",
        options=(*options, *(c for c in found[1] if c.value not in {o.value for o in options}))
        if found
        else options,
        attributes=tuple(widget.attributes.items()),
        required=required and not definition.numbering,
        read_only=fixed,
        full=one.width == "full",
        unit=_unit(ctx, definition),
        help=(one.help or definition.help).to(language),
        errors=_errors(ctx, name, drawn.problems),
        source=_source(definition),
        find=found[0] if found else "",
        street=_street(name, value, drawn.entered),
        refreshes=name in watched,
    )


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


def _source(definition: FieldDef) -> str:
    if definition.to:
        return f"/pick/{definition.to}"
    if definition.type in {"region", "address"}:
        level = f"?level={definition.level}" if definition.level else ""
        return f"/pick/region{level}"
    return ""


def _options(
    ctx: Context,
    definition: FieldDef,
    value: object,
    texts: Iterable[str],
    called: Mapping[tuple[str, object], str],
) -> tuple[Choice, ...]:
    """Answer what can be chosen; a retired option only where it is the value."""
    language, chosen = ctx.actor.language, set(texts)
    if definition.options:
        return tuple(
            Choice(value=one.code, label=one.label.to(language), selected=one.code in chosen)
            for one in definition.options.values()
            if not (one.retired or one.hidden) or one.code in chosen
        )
    if definition.to:
        return tuple(
            Choice(value=text, label=called.get((definition.to, int(text)), text), selected=True)
            for text in chosen
            if record_number(text) is not None
        )
    if definition.type in {"region", "address"}:
        code = value.region if isinstance(value, Address) else str(value or "")
        label = called.get(("region", code), code)
        return (Choice(value=code, label=label, selected=True),) if code else ()
    if definition.type == "rating":
        most = int(definition.max or 5)
        return tuple(Choice(value=str(n), label=str(n)) for n in range(1, most + 1))
    return ()


def _errors(ctx: Context, name: str, problems: Sequence[Problem]) -> tuple[str, ...]:
    path = f"fields.{name}"
    return tuple(ctx.messages.tell(one, ctx.actor.language) for one in problems if one.path == path)
