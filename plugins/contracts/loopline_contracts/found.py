"""Small questions about records and values, asked all over the plugin."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from loopline.sdk import Change, Context, Label, NotValid, Problem, Record, Refuse
from loopline_contracts.texts import texts

Values = Mapping[str, object] | Record
_ONE: Final = Label({"zh": "请一次选一条", "en": "Do this to one record at a time"})


def value(of: Values, name: str) -> object:
    """Answer a value of a record, or of values by name."""
    return of.value(name) if isinstance(of, Record) else of.get(name)


def number(of: Values, name: str) -> Decimal:
    """Answer an amount, 0 for a blank one."""
    found = value(of, name)
    return found if isinstance(found, Decimal) else Decimal(0)


def link(of: Values, name: str) -> int:
    """Answer the number of the record that a link names, 0 for a blank one."""
    found = value(of, name)
    return found if isinstance(found, int) else 0


def by_id(ctx: Context, entity: str, ids: Iterable[int]) -> dict[int, Record]:
    """Answer records by number, whoever acts; 0 names none."""
    return ctx.elevated("looked up").by_id(entity, set(ids))


def only(records: Sequence[Record]) -> Record:
    """Answer the one record an action is for. Raises NotValid for several."""
    if len(records) != 1:
        raise NotValid(Problem("records", "plugin.refused", {"message": _ONE}))
    return records[0]


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """Answer the values that are not blank."""
    return {name: one for name, one in values.items() if one is not None}


def refused(change: Change, key: str, field: str = "", **params: object) -> Refuse:
    """Answer a refusal in the plugin's words."""
    return Refuse(change, texts(key, **params), field)
