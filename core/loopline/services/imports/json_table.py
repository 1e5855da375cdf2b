"""JSON files as tables: an array of objects, one a row, as an export writes it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.table import Limits, Row, Table

_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")


def is_json(path: Path) -> bool:
    """Answer whether a file is an array of objects."""
    with path.open("rb") as stream:
        return _START.match(stream.read(4096)) is not None


def read_json(path: Path, name: str, limits: Limits | None = None) -> Table:
    """Answer the table in a JSON file. Raises NotValid when it is not an array of objects."""
    if path.stat().st_size > (limits or Limits()).unpacked_bytes:
        raise refusal(name, "file.bomb")
    try:
        objects = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise refusal(name, "import.json", row=error.lineno, reason=error.msg) from None
    for number, one in enumerate(objects, start=1):
        if not isinstance(one, dict):
            raise refusal(name, "import.json_object", row=number)
    headings = tuple(dict.fromkeys(key for one in objects for key in one))
    if not headings:
        raise refusal(name, "file.empty")
    return Table(
        name=name,
        kind="json",
        sheets=(),
        sheet="",
        encoding="utf-8",
        separator="",
        header_row=0,
        headings=headings,
        rows=_Objects(headings, objects),
    )


@dataclass(frozen=True, slots=True)
class _Objects(Iterable[Row]):
    headings: tuple[str, ...]
    objects: list[dict[str, object]]

    def __iter__(self) -> Iterator[Row]:
        for number, one in enumerate(self.objects, start=1):
            yield Row(number, tuple(_cell(one.get(heading)) for heading in self.headings))


def _cell(value: object) -> object:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
