"""An example of a filter expression, made of the fields that the list really has."""

from typing import Final

from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef

_NUMBERS: Final = {"money": "100000", "integer": "10", "decimal": "10", "percent": "0.1"}
_CODES: Final = 2
_DAYS: Final = "created_at >= today() - 30"


def example(entity: EntityDef) -> str:
    """Answer an expression on the entity's first choice, its first number, and the creation day."""
    own = [one for one in entity.fields.values() if not one.hidden]
    parts = [_choice(one) for one in own if one.type == "choice" and one.options][:1]
    parts += [f"{one.id} > {_NUMBERS[one.type]}" for one in own if one.type in _NUMBERS][:1]
    return " && ".join([*parts, _DAYS])


def _choice(field: FieldDef) -> str:
    codes = [f'"{one.code}"' for one in field.options.values() if not one.retired][:_CODES]
    return f"{field.id} in [{', '.join(codes)}]"
