"""Small questions about records and values, asked all over the plugin."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from loopline.sdk import Change, Label, NotValid, Problem, Record, Refuse
from loopline_loyalty.texts import texts

Values = Mapping[str, object] | Record
_T = TypeVar("_T")
PAGE: Final = 1000
FEW: Final = 100
"""How many records one expression names at most; those have 200 parts."""


def value(of: Values, name: str) -> object:
    """Answer a value of a record, or of values by name."""
    return of.value(name) if isinstance(of, Record) else of.get(name)


def whole(of: Values, name: str) -> int:
    """Answer a whole number or the record that a link names, 0 for a blank one."""
    found = value(of, name)
    return found if isinstance(found, int) else 0


def text(of: Values, name: str) -> str:
    """Answer a text, blank for none."""
    found = value(of, name)
    return found if isinstance(found, str) else ""


def some(of: Iterable[_T], size: int = FEW) -> Iterator[Sequence[_T]]:
    """Yield values in lots, each few enough for one expression."""
    rest = list(of)
    yield from (rest[at : at + size] for at in range(0, len(rest), size))


def only(records: Sequence[Record]) -> Record:
    """Answer the one record an action is for. Raises NotValid for several."""
    if len(records) != 1:
        one = Label({"zh": "请一次选一条", "en": "Do this to one record at a time"})
        raise NotValid(Problem("records", "plugin.refused", {"message": one}))
    return records[0]


def made_of(outcomes: Iterable[int | tuple[Problem, ...]]) -> list[int]:
    """Answer the numbers of records written in one go. Raises NotValid with all that is wrong."""
    found = list(outcomes)
    wrong = [problem for one in found if isinstance(one, tuple) for problem in one]
    if wrong:
        raise NotValid(*wrong)
    return [one for one in found if isinstance(one, int)]


def not_valid(path: str, key: str, **params: object) -> NotValid:
    """Answer an error in the plugin's words."""
    return NotValid(Problem(path, "plugin.refused", {"message": texts(key, **params)}))


def refused(change: Change, key: str, field: str = "", **params: object) -> Refuse:
    """Answer a refusal in the plugin's words."""
    return Refuse(change, texts(key, **params), field)
