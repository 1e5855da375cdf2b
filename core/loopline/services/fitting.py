"""Fitting: what an expression gives, in the form of the field it goes to."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from loopline.access.context import Context
from loopline.expr.moment import NOBODY
from loopline.meta.conversion_checks import Value
from loopline.store.tables import StoredField

_TEXTS: Final = frozenset({"text", "long_text"})


def fitted(ctx: Context, value: Value, held: object, stored: StoredField) -> object:
    """Answer a value in the form of the field it goes to; a link to nobody is blank.

    Raises Unreadable.
    """
    field, target = value.field, stored.definition
    if target.to and held == NOBODY:
        return None  # `me` where the system or a process acts
    if field is not None and field.type == target.type:
        return held
    if field is not None and field.options and target.type in _TEXTS:
        option = field.options.get(str(held))
        return option.label.to(ctx.actor.language) if option else str(held)
    if isinstance(held, float | Decimal):
        step = Decimal(1).scaleb(-target.scale)
        rounded = Decimal(str(held)).quantize(step, ROUND_HALF_UP)
        return stored.type.from_json(target, int(rounded) if target.scale == 0 else str(rounded))
    if isinstance(held, bool | int | str):
        return stored.type.from_json(target, held)
    if field is not None:
        return stored.type.from_json(target, ctx.snapshot.types[field.type].to_json(field, held))
    return held
