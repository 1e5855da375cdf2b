"""The targets of a conversion as its page draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.meta.entities import EntityDef
from loopline.services.conversion_plan import (
    CHOSEN,
    Intended,
)
from loopline.services.titles import titles
from loopline.web.contexts.converting import Target
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.pages.converting_parts import NEW, Part, seen_entity
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.form_inputs import Drawn, draw_sections
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.picking import candidates


def draw_target(
    ctx: Context, asked: PageRequest, part: Part, problems: Sequence[Problem]
) -> Target:
    """Answer a target: what is chosen, what is written, and what is wrong with it."""
    intended, language, say = part.intended, ctx.actor.language, ctx.messages.say
    target, entity = intended.target, intended.entity
    label = (target.label or entity.label).to(language)
    phrase = in_phrase(entity.label, language)
    place = f"targets.{target.id}."
    mine = [
        replace(p, path=p.path.removeprefix(place)) for p in problems if p.path.startswith(place)
    ]
    fields = _inputs(ctx, asked, part, mine)
    note = ""
    if seen_entity(ctx, target) is None:
        note = say("ui.convert.unseen", language)
    elif intended.record is not None:
        note = say("ui.convert.found" if fields else "ui.convert.nothing", language, entity=phrase)
    return Target(
        id=target.id,
        label=label,
        line=entity.line,
        optional=target.optional,
        chosen=part.chosen,
        use=say("ui.convert.use", language, entity=phrase),
        choices=_choices(ctx, intended, part.given),
        fields=fields,
        note=note,
        errors=tuple(ctx.messages.tell(one, language) for one in mine if one.path == CHOSEN),
    )


def _choices(ctx: Context, intended: Intended, given: object) -> tuple[Choice, ...]:
    """Answer the records that were found, and a new one; none where nothing was found."""
    chosen = given.get(CHOSEN, 0) if isinstance(given, Mapping) else 0
    found = intended.candidates
    if not found:
        return ()
    language, say = ctx.actor.language, ctx.messages.say
    called = titles(ctx, intended.entity.id, found)
    field = intended.entity.fields.get(intended.by)
    current = None if intended.record is None else intended.record.id
    items = [
        Choice(
            value=str(one),
            label=say(
                "ui.convert.match",
                language,
                title=called.get(one, f"#{one}"),
                label=field.label.to(language) if field else "",
            ),
            selected=one == current,
        )
        for one in found
    ]
    phrase = in_phrase(intended.entity.label, language)
    new = Choice(
        value=NEW, label=say("ui.convert.new", language, entity=phrase), selected=chosen is None
    )
    return (*items, new)


def _inputs(
    ctx: Context, asked: PageRequest, part: Part, problems: Sequence[Problem]
) -> tuple[FieldInput, ...]:
    """Answer the inputs of a target, named by it."""
    target, seen = part.intended.target, seen_entity(ctx, part.intended.target)
    if seen is None or not part.chosen:
        return ()
    entered = part.entered if part.entered.texts else None
    placed = [replace(one, path=f"fields.{one.path}") for one in problems if one.path != CHOSEN]
    found = _found(ctx, asked, target.id, seen)
    values = {**part.intended.values, **part.entered.values}
    drawn = Drawn(values, entered, placed, found)
    sections = draw_sections(ctx, seen, part.form, drawn)
    return tuple(
        replace(one, name=f"{target.id}.{one.name}", refreshes=False)
        for section in sections
        for one in section.fields
    )


def _found(
    ctx: Context, asked: PageRequest, target: str, entity: EntityDef
) -> Mapping[str, tuple[str, tuple[Choice, ...]]]:
    """Answer what was looked for in a picker of this target, without scripts."""
    name = asked.one("_find").removeprefix(f"{target}.")
    field = entity.fields.get(name.removesuffix(".region"))
    if field is None or not asked.one("_find").startswith(f"{target}."):
        return {}
    text = asked.one(f"{target}.{name}._find")
    items = candidates(ctx, field.to or "region", text, field.level)
    return {name: (text, tuple(Choice(value=i.value, label=i.label) for i in items))}


def told_problem(ctx: Context, parts: Sequence[Part], problem: Problem) -> FieldProblem:
    """Answer a problem in words, with the place on the page where it is mended."""
    language = ctx.actor.language
    message = ctx.messages.tell(problem, language)
    kind, _, rest = problem.path.partition(".")
    name, _, field = rest.partition(".")
    part = next((p for p in parts if kind == "targets" and p.intended.target.id == name), None)
    if part is None or not field:
        return FieldProblem(message=message)
    entity, target = part.intended.entity, part.intended.target
    definition = entity.fields.get(field)
    label = (target.label or entity.label).to(language)
    if definition is not None:
        label = f"{label} · {definition.label.to(language)}"
    return FieldProblem(message=message, label=label, href=f"#f-{name}-{field}")
