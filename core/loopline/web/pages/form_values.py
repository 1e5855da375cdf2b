"""From what a form sent to values: every field read by its type, problems kept by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.datastructures import FormData

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.address import Address
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.meta.screens import FormDef
from loopline.web.pages.line_values import (
    Body,
    is_blank,
    known_ids,
    line_body,
    line_fields,
    line_id,
    sent_lines,
)
from loopline.web.pages.numbers import record_number

_CODES: Final = frozenset({"multi", "tags"})
_NUMBERS: Final = frozenset({"links", "files"})
NOT_FOR_STRANGERS: Final = frozenset({"lines", "file", "files", "image", "links", "any_link"})
"""Field types that nobody unknown fills in: they would name records or send files."""
_FILES: Final = frozenset({"file", "files"})


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
    lines: dict[str, list["EnteredLine"]] = field(default_factory=dict)
    known: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Answer the last text sent under a name: a switch sends ``false`` before ``true``."""
        return self.texts[name][-1] if self.texts.get(name) else ""

    def forget(self, name: str) -> None:
        """Forget what was entered into a field."""
        self.values.pop(name, None)
        self.lines.pop(name, None)
        for control in (name, f"{name}.region", f"{name}.street"):
            self.texts.pop(control, None)


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """A line as it was entered; ``place`` is where it stood on the page."""

    place: str
    id: int | None
    entered: Entered
    blank: bool


def read_form(ctx: Context, entity: EntityDef, form: FormDef, asked: Posted) -> Entered:
    """Read the fields of a form that were sent; fields that were not are left alone."""
    entered = Entered()
    for name, value in asked.form.multi_items():
        if isinstance(value, str):
            entered.texts.setdefault(name, []).append(value)
    fields = [entity.fields[name] for name in form.fields if name in entity.fields]
    _read_fields(ctx, [one for one in fields if not one.read_only], entered)
    return entered


def _read_fields(ctx: Context, fields: Iterable[FieldDef], entered: Entered) -> None:
    for definition in fields:
        name, widget = definition.id, ctx.snapshot.types[definition.type].widget(definition).name
        if ctx.actor.id is None and definition.type in NOT_FOR_STRANGERS:
            continue
        if widget in _FILES:
            _drop_removed(name, entered, several=widget == "files")
        if definition.type == "lines":
            _read_lines(ctx, definition, entered)
            continue
        try:
            sent, read = _read(ctx, definition, entered)
        except Unreadable as error:
            entered.problems.append(error.at(f"fields.{name}"))
        else:
            if sent:
                entered.values[name] = read


def _drop_removed(name: str, entered: Entered, *, several: bool) -> None:
    """Leave the files whose tick to remove them was not set; of one file, the last uploaded."""
    if name in entered.texts:
        removed = set(entered.texts.pop(f"{name}._remove", ()))
        kept = [one for one in entered.texts[name] if one and one not in removed]
        entered.texts[name] = kept if several else kept[-1:]


def _read_lines(ctx: Context, definition: FieldDef, entered: Entered) -> None:
    """Read the lines of a field: their bodies are its value, their problems lie at their place."""
    name = definition.id
    sent = sent_lines(name, entered.texts)
    if sent is None:
        return
    _, fields = line_fields(ctx, definition)
    bodies: list[Body] = []
    rows = entered.lines[name] = []
    for place, texts in sent:
        one, number = Entered(texts=texts), line_id(texts)
        _read_fields(ctx, fields, one)
        blank = number is None and not one.problems and is_blank(fields, one.values)
        rows.append(EnteredLine(place, number, one, blank))
        if blank:
            continue
        entered.problems += [
            Problem(_in_line(name, len(bodies), problem.path), problem.code, problem.params)
            for problem in one.problems
        ]
        bodies.append(line_body(ctx, fields, number, one.values))
    entered.values[name] = bodies
    entered.known[name] = known_ids(name, entered.texts)


def _in_line(name: str, place: int, path: str) -> str:
    return f"fields.{name}.{place}.{path.removeprefix('fields.')}"


def keep_edited(
    ctx: Context, entity: EntityDef, entered: Entered, before: Mapping[str, object]
) -> None:
    """Forget the fields that stand as they did when editing began.

    A form sends all its fields: without this, who saves last would undo what others changed. A
    field is unchanged by its text too, as a control may hold less than the value (a time without
    its seconds).
    """
    for name in list(entered.values):
        definition, value, old = entity.fields[name], entered.values[name], before.get(name)
        texts = [one for one in entered.texts.get(name, []) if one]
        shown = texts if _holds_several(ctx, definition) else texts[-1:]
        same_text = name in entered.texts and shown == input_texts(ctx, definition, old)
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
    if _holds_several(ctx, definition):
        chosen = [one for one in entered.texts[name] if one]
        if kind.widget(definition).name in _NUMBERS:
            return True, kind.from_json(definition, [_number(one) for one in chosen])
        return True, kind.from_json(definition, chosen)
    text = entered.text(name).strip()
    if definition.to:
        return True, _link(text)
    if kind.widget(definition).name == "file":
        return True, kind.from_json(definition, _link(text))
    return True, kind.typed(definition, text, ctx.locale)


def _holds_several(ctx: Context, definition: FieldDef) -> bool:
    """Whether the control of a field sends a text for each member."""
    return ctx.snapshot.types[definition.type].widget(definition).name in _CODES | _NUMBERS


def _number(text: str) -> int:
    number = record_number(text)
    if number is None:
        raise Unreadable("link.invalid", text=text[:40])
    return number


def _link(text: str) -> int | None:
    return _number(text) if text else None


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
    if isinstance(value, tuple) and _holds_several(ctx, definition):
        return [str(one) for one in value]
    if isinstance(value, Address):
        return [value.street]
    if definition.to or kind.widget(definition).name == "file":
        return [str(value)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [kind.input_text(definition, value, ctx.locale)]
