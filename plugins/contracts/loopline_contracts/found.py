"""Small questions about records and values, asked all over the plugin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from loopline.sdk import Change, Context, Label, NotValid, Problem, Record, Refuse
from loopline_contracts.texts import texts

Values = Mapping[str, object] | Record
_LOT: Final = 100
"""Numbers that one expression names; it has room for some two hundred."""
_MOST: Final = 1000
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


def among(ctx: Context, entity: str, field: str, numbers: Iterable[int]) -> Iterator[Record]:
    """Yield the records whose field is one of some numbers, whoever acts; 0 is none."""
    wanted, whole = sorted(set(numbers) - {0}), ctx.elevated("looked up")
    for at in range(0, len(wanted), _LOT):
        named = ", ".join(str(one) for one in wanted[at : at + _LOT])
        yield from whole.find(entity, f"{field} in [{named}]", limit=_MOST)


def by_id(ctx: Context, entity: str, ids: Iterable[int]) -> dict[int, Record]:
    """Answer records by number, whoever acts; 0 names none."""
    return {one.id: one for one in among(ctx, entity, "id", ids)}


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
