"""From what a form sent to values: every field read by its type, problems kept by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from starlette.datastructures import FormData

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.address import Address
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.numbers import record_number


class Posted(Protocol):
    """What was posted."""

    @property
    def form(self) -> FormData:
        """The names and values of its fields."""


@dataclass(slots=True)
class Entered:
    """What was entered: texts as sent, values as read, and what could not be read."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Answer the last text sent under a name: a switch sends ``false`` before ``true``."""
        return self.texts[name][-1] if self.texts.get(name) else ""

    def forget(self, name: str) -> None:
        """Forget what was entered into a field."""
        self.values.pop(name, None)
        for control in (name, f"{name}.region", f"{name}.street"):
            self.texts.pop(control, None)


def read_form(ctx: Context, entity: EntityDef, form: FormDef, asked: Posted) -> Entered:
    """Read the fields of a form that were sent; fields that were not are left alone."""
    entered = Entered()
    for name, value in asked.form.multi_items():
        if isinstance(value, str):
            entered.texts.setdefault(name, []).append(value)
    for name in form.fields:
        definition = entity.fields.get(name)
        if definition is None or definition.read_only:
            continue
        try:
            sent, read = _read(ctx, definition, entered)
        except Unreadable as error:
            entered.problems.append(error.at(f"fields.{name}"))
        else:
            if sent:
                entered.values[name] = read
    return entered


def keep_edited(
    ctx: Context, entity: EntityDef, entered: Entered, before: Mapping[str, object]
) -> None:
    """Forget the fields that stand as they did when editing began.

    A form sends all its fields: without this, who saves last would undo what others changed. A
    field is unchanged by its text too, as a control may hold less than the value (a time without
    its seconds).
    """
    for name in list(entered.values):
        value, old = entered.values[name], before.get(name)
        texts = [one for one in entered.texts.get(name, []) if one][-1:]
        same_text = name in entered.texts and texts == input_texts(ctx, entity.fields[name], old)
        if value == old or same_text:
            entered.forget(name)


def _read(ctx: Context, definition: FieldDef, entered: Entered) -> tuple[bool, object]:
    """Answer whether the field was sent, and its value. Raises Unreadable."""
    name, kind = definition.id, ctx.snapshot.types[definition.type]
    if definition.type == "address":
        if f"{name}.street" not in entered.texts:
            return False, None
        body = {"region": entered.text(f"{name}.region"), "street": entered.text(f"{name}.street")}
        return True, kind.from_json(definition, body)
    if name not in entered.texts:
        return False, None
    if kind.widget(definition).name == "multi":
        return True, kind.from_json(definition, [one for one in entered.texts[name] if one])
    text = entered.text(name).strip()
    if definition.to:
        return True, _link(text)
    return True, kind.parse(definition, text, ctx.locale)


def _link(text: str) -> int | None:
    if not text:
        return None
    number = record_number(text)
    if number is None:
        raise Unreadable("link.invalid", text=text[:40])
    return number


def initial_values(ctx: Context, entity: EntityDef, given: Mapping[str, str]) -> dict[str, object]:
    """Answer the values of an empty form: defaults, and what the address prescribes."""
    values: dict[str, object] = {}
    for name, definition in entity.fields.items():
        kind = ctx.snapshot.types[definition.type]
        default = definition.default
        if default is not None:
            plain = list(default) if isinstance(default, tuple) else default
            values[name] = kind.from_json(definition, plain)
        if name in given:
            try:
                text = given[name]
                values[name] = (
                    _link(text) if definition.to else kind.parse(definition, text, ctx.locale)
                )
            except Unreadable:
                continue  # an address that cannot be read prescribes nothing
    if entity.traits.owned:
        values.setdefault("owner", ctx.actor.id)
    return values


def input_texts(ctx: Context, definition: FieldDef, value: object) -> list[str]:
    """Answer what the controls of a field hold for a value."""
    if value is None:
        return []
    kind = ctx.snapshot.types[definition.type]
    if isinstance(value, tuple) and kind.widget(definition).name == "multi":
        return [str(one) for one in value]
    if isinstance(value, Address):
        return [value.street]
    if definition.to:
        return [str(value)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [kind.input_text(definition, value, ctx.locale)]
