"""What was entered on the page of a conversion, target by target."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from starlette.datastructures import FormData

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.language import Label
from loopline.meta.conversions import ConversionDef, TargetDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef, FormField, Section
from loopline.services.conversion import changes_of
from loopline.services.conversion_plan import (
    CHOSEN,
    Intended,
    intend,
    is_wanted,
)
from loopline.services.conversion_values import depends_on, mapping_of, readable_source
from loopline.store.rows import Record
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.form_values import Entered, read_form
from loopline.web.pages.numbers import record_number

NEW: Final = "new"
_WIDE: Final = frozenset({"long_text", "rich_text", "address", "json"})
_UNCOPIED: Final = frozenset({"lines"})


@dataclass(frozen=True, slots=True)
class Part:
    """One target on the page: what it would be, the form of it, and what was entered there."""

    intended: Intended
    chosen: bool
    form: FormDef
    entered: Entered
    given: object


def read_parts(
    ctx: Context, asked: PageRequest, source: Record, conversion: ConversionDef
) -> list[Part]:
    """Answer each target with what the document gives and what was entered in its place."""
    made: dict[str, Record | None] = {}
    parts = []
    for target in conversion.targets:
        given = _asked_for(asked, target)
        chosen = is_wanted(ctx, target, source, given)
        first = intend(ctx, conversion, target, source, made, given)
        form = _form_of(ctx, conversion, first)
        sent = replace(asked, form=_stripped(asked.form, target.id))
        seen = seen_entity(ctx, target)
        entered = read_form(ctx, seen, form, sent) if seen else Entered()
        changed = _changed(ctx, first, entered) if chosen else {}
        if changed:
            given = {**(given if isinstance(given, Mapping) else {}), **changed}
        intended = intend(ctx, conversion, target, source, made, given) if changed else first
        made[target.id] = intended.record if chosen else None
        parts.append(Part(intended, chosen, form, entered, given))
    return parts


def _asked_for(asked: PageRequest, target: TargetDef) -> object:
    """Answer what was chosen for a target: left out, a record, a new one, or nothing yet."""
    sent = asked.form.getlist(f"{target.id}._use")
    if target.optional and sent and sent[-1] == "0":
        return False
    chosen = asked.one(f"{target.id}._record")
    if chosen == NEW:
        return {CHOSEN: None}
    number = record_number(chosen)
    return {CHOSEN: number} if number is not None else {} if sent else None


def seen_entity(ctx: Context, target: TargetDef) -> EntityDef | None:
    """Answer a target's entity as the actor sees it; None where they may not."""
    if not ctx.catalog.has("entity", target.entity):
        return None
    return ctx.catalog.entity(target.entity)


def _form_of(ctx: Context, conversion: ConversionDef, intended: Intended) -> FormDef:
    """Answer the form of what is written: what the actor may see, in the order of the entity."""
    target, seen = intended.target, seen_entity(ctx, intended.target)
    source = ctx.snapshot.catalog.entity(conversion.source)
    mapping = mapping_of(ctx, conversion, target.id)
    later = depends_on(ctx, conversion, target.id)
    shown = {
        name
        for name, (_, paths) in mapping.items()
        if not later[name] and readable_source(ctx, source, paths)
    }
    fields = () if seen is None else tuple(seen.fields.values())
    if intended.record is not None:
        shown &= changes_of(intended).keys()
    else:
        shown |= {f.id for f in fields if f.required and f.id not in mapping and not f.numbering}
    placed = tuple(
        FormField(field=one.id, width="full" if one.type in _WIDE else "half")
        for one in fields
        if one.id in shown and one.type not in _UNCOPIED
    )
    section = Section(id="all", label=Label({}), columns=2, show_if="", fields=placed)
    return FormDef(id="", entity=target.entity, label=Label({}), use=(), sections=(section,))


def _stripped(form: FormData, target: str) -> FormData:
    """Answer what was sent for one target, under the names of its fields."""
    prefix = f"{target}."
    pairs = ((name, value) for name, value in form.multi_items() if name.startswith(prefix))
    return FormData([(name.removeprefix(prefix), value) for name, value in pairs])


def _changed(ctx: Context, intended: Intended, entered: Entered) -> dict[str, object]:
    """Answer, in JSON form, what was entered otherwise than the document gives it."""
    one = ctx.snapshot.table(intended.entity.id)
    found: dict[str, object] = {}
    for name, value in entered.values.items():
        stored = one.fields.get(name)
        if stored is None or value == intended.values.get(name):
            continue
        found[name] = None if value is None else stored.type.to_json(stored.definition, value)
    return found


def unread(part: Part) -> list[Problem]:
    """Answer what of a target's fields could not be read."""
    if not part.chosen:
        return []
    place = f"targets.{part.intended.target.id}."
    return [
        replace(one, path=place + one.path.removeprefix("fields.")) for one in part.entered.problems
    ]
