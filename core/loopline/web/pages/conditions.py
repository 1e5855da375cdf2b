"""Conditions of a list: from ``field:operator:value`` to expressions and to words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loopline.access.context import Context
from loopline.expr.literals import quoted
from loopline.expr.types import ExprType
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.titles import titles
from loopline.web.pages.numbers import record_number

_BLANKS: Final = ("blank", "filled")
_OPERATORS: Final[Mapping[ExprType, tuple[str, ...]]] = {
    ExprType.TEXT: ("contains", "eq", "ne", *_BLANKS),
    ExprType.LONG_TEXT: ("contains", *_BLANKS),
    ExprType.CODE: ("eq", "ne", *_BLANKS),
    ExprType.NUMBER: ("ge", "le", "eq", "ne", "gt", "lt", *_BLANKS),
    ExprType.BOOLEAN: ("eq",),
    ExprType.DATE: ("ge", "le", "eq", *_BLANKS),
    ExprType.DATETIME: ("ge", "le", "eq", *_BLANKS),
    ExprType.LINK: ("eq", "ne", *_BLANKS),
    ExprType.SET: ("contains", *_BLANKS),
    ExprType.OPAQUE: _BLANKS,
}
_SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_WORDS: Final = {"le": "before", "ge": "after"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a field, an operator and the value as the URL holds it."""

    field: FieldDef
    operator: str
    value: str

    @property
    def text(self) -> str:
        """Answer how the URL writes it."""
        return f"{self.field.id}:{self.operator}:{self.value}"


def read_condition(ctx: Context, entity: EntityDef, text: str) -> Condition | None:
    """Answer the condition a URL holds; None where it means nothing to this entity any more."""
    name, _, rest = text.partition(":")
    operator, _, value = rest.partition(":")
    field = entity.field(name)
    if field is None or operator not in operators(ctx, field):
        return None
    if operator in _BLANKS:
        return Condition(field, operator, "")
    return Condition(field, operator, value) if value else None


def operators(ctx: Context, field: FieldDef) -> tuple[str, ...]:
    """Answer the operators that a field can be filtered by, the commonest first."""
    return _OPERATORS[ctx.snapshot.types[field.type].expr_type]


def operator_key(ctx: Context, field: FieldDef, operator: str) -> str:
    """Answer the message key of an operator; for days, at least means from … on."""
    timed = ctx.snapshot.types[field.type].expr_type in {ExprType.DATE, ExprType.DATETIME}
    return f"ui.op.{_WORDS.get(operator, operator) if timed else operator}"


def expression(ctx: Context, one: Condition) -> str:
    """Answer a condition as an expression. Raises Unreadable where the value cannot be read."""
    name = one.field.id
    if one.operator in _BLANKS:
        return f"is_blank({name})" if one.operator == "blank" else f"!is_blank({name})"
    kind = ctx.snapshot.types[one.field.type].expr_type
    literal = _literal(ctx, one, kind)
    if one.operator == "contains":
        return f"{literal} in {name}" if kind is ExprType.SET else f"contains({name}, {literal})"
    return f"{name} {_SIGNS[one.operator]} {literal}"


def _literal(ctx: Context, one: Condition, kind: ExprType) -> str:
    if one.value == "me" and kind is ExprType.LINK:
        return "me"
    if kind is ExprType.LINK:
        if record_number(one.value) is None:
            raise Unreadable("link.needs_lookup")
        return one.value
    if kind is ExprType.BOOLEAN:
        return "true" if one.value == "true" else "false"
    if kind is ExprType.NUMBER:
        value = ctx.snapshot.types[one.field.type].typed(one.field, one.value, ctx.locale)
        return f"{Decimal(str(value)):f}"
    if kind in {ExprType.DATE, ExprType.DATETIME}:
        value = ctx.snapshot.types["date"].parse(one.field, one.value, ctx.locale)
        return quoted(str(value))
    return quoted(one.value)


def words(ctx: Context, conditions: Sequence[Condition]) -> list[str]:
    """Answer what stands after the field's label on each chip."""
    wanted: dict[str, set[int]] = {}
    for one in conditions:
        number = record_number(one.value)
        if one.field.to and number is not None:
            wanted.setdefault(one.field.to, set()).add(number)
    called = {entity: titles(ctx, entity, ids) for entity, ids in wanted.items()}
    return [_words(ctx, one, called) for one in conditions]


def _words(ctx: Context, one: Condition, called: Mapping[str, Mapping[int, str]]) -> str:
    language, say = ctx.actor.language, ctx.messages.say
    operator = say(operator_key(ctx, one.field, one.operator), language)
    value = one.value
    number = record_number(value)
    if one.field.to and number is not None:
        value = called[one.field.to].get(number, f"#{value}")
    elif one.value == "me":
        value = ctx.actor.name
    elif one.field.options:
        option = one.field.options.get(value)
        value = option.label.to(language) if option else value
    elif one.field.type == "percent":
        value = _percentage(ctx, one)
    elif one.field.type == "boolean":
        return say("ui.yes" if value == "true" else "ui.no", language)
    return f"{operator} {value}".strip()


def _percentage(ctx: Context, one: Condition) -> str:
    """Answer a percentage with its sign, however it was typed."""
    kind = ctx.snapshot.types[one.field.type]
    try:
        value = kind.typed(one.field, one.value, ctx.locale)
    except Unreadable:
        return one.value
    return kind.format(one.field, value, ctx.locale) if value is not None else one.value
