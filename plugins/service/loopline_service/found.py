"""Small questions about records and values, asked all over the plugin."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from loopline.sdk import Context, NotFound, NotValid, Problem, Record
from loopline_service.texts import texts

Values = Mapping[str, object] | Record
TICKET: Final = "ticket"
OPEN: Final = '!(status in ["solved", "closed"])'
ENDED: Final = frozenset({"solved", "closed"})
WAITING: Final = frozenset({"waiting_customer", "waiting_third"})
HISTORIC: Final = frozenset({"import", "seed", "cli"})
"""Doors through which the past comes in: it is taken as it was."""
CAUSE: Final = "service"
"""The key under which the plugin's own writes say what they are."""
_PAGE: Final = 1000


def value(of: Values, name: str) -> object:
    """Answer a value of a record, or of values by name."""
    return of.value(name) if isinstance(of, Record) else of.get(name)


def link(of: Values, name: str) -> int:
    """Answer the number of the record that a link names, 0 for a blank one."""
    found = value(of, name)
    return found if isinstance(found, int) else 0


def text(of: Values, name: str) -> str:
    """Answer a text or a code, blank for none."""
    found = value(of, name)
    return found if isinstance(found, str) else ""


def moment(of: Values, name: str) -> datetime | None:
    """Answer a moment, None for none."""
    found = value(of, name)
    return found if isinstance(found, datetime) else None


def known(ctx: Context, entity: str, number: int) -> Record | None:
    """Answer a record; None where there is none, or none that may be read."""
    try:
        return ctx.get(entity, number) if number else None
    except NotFound:
        return None


def only(records: Sequence[Record]) -> Record:
    """Answer the one record an action is for. Raises NotValid for several."""
    if len(records) != 1:
        raise refusal("only_one", "records")
    return records[0]


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """Answer the values that are not blank."""
    return {name: one for name, one in values.items() if one is not None and one != ""}


def refusal(key: str, path: str, **params: object) -> NotValid:
    """Answer the error that refuses an act in the plugin's words."""
    message = {"plugin": "service", "message": texts(key, **params)}
    return NotValid(Problem(path, "plugin.refused", message))
