"""Region names as people write them, for columns that hold 杭州 or 浙江省/杭州市 and no codes."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from loopline.access.context import Context
from loopline.expr.fold import fold
from loopline.fields.base import Unreadable
from loopline.query.lists import MOST_ROWS, ListQuery, page
from loopline.services.imports.cells import Reader
from loopline.store.rows import Record

_REGION: Final = "region"
_NEEDED: Final = frozenset({"code", "name"})
_BETWEEN: Final = re.compile(r"[\s/\\,，、;；>|·.-]+")
_ENDING: Final = re.compile(
    r"(?<=..)(?:特别行政区|[^省市]{1,4}族自治[区州县]|维吾尔自治区|自治[区州县旗]|省|市|地区|盟|区|县|旗)$"
)


def reading_names(ctx: Context, read: Reader) -> Reader:
    """Answer a reader of region cells that also knows names; ``read`` knows codes alone.

    Without a table of regions in the site it is ``read`` itself.
    """
    if not ctx.catalog.has("entity", _REGION):
        return read
    codes = _codes(ctx) if ctx.catalog.entity(_REGION).fields.keys() >= _NEEDED else {}

    def by_name(cell: object) -> object:
        try:
            return read(cell)
        except Unreadable:
            code = codes.get(_squeezed(str(cell)))
            if code is None:
                raise
            return code

    return by_name


def _codes(ctx: Context) -> Mapping[str, str]:
    """Answer the code behind each way to write a region; what two of one level share is left out.

    A province goes before a city of its name, a city before a district.
    """
    names = {str(one.values["code"]): one for one in _regions(ctx)}
    found: dict[str, str] = {}
    shared: set[str] = set()
    for code in sorted(names, key=lambda code: (len(code), code)):
        for written in _ways(code, names):
            known = found.setdefault(written, code)
            if known != code and len(known) == len(code):
                shared.add(written)
    return {written: code for written, code in found.items() if written not in shared}


def _ways(code: str, names: Mapping[str, Record]) -> Iterator[str]:
    """Yield 浙江省杭州市, 浙江杭州, 杭州市, 杭州 and the like for a code."""
    chain = [names[part] for part in (code[:2], code[:4], code[:6]) if part in names]
    steps = list(dict.fromkeys(str(one.values["name"]) for one in chain[: len(code) // 2]))
    for first in range(len(steps)):
        for way in product(*(dict.fromkeys((step, _short(step))) for step in steps[first:])):
            yield _squeezed("".join(way))
    if len(steps) > 2:  # 北京市朝阳区, 江苏昆山: the city in between is often left out
        for way in product(
            *(dict.fromkeys((step, _short(step))) for step in (steps[0], steps[-1]))
        ):
            yield _squeezed("".join(way))
    for other in ("full_name", "name_en"):
        if names[code].values.get(other):
            yield _squeezed(str(names[code].values[other]))


def _short(name: str) -> str:
    return _ENDING.sub("", name)


def _squeezed(text: str) -> str:
    return _BETWEEN.sub("", fold(text))


def _regions(ctx: Context) -> Iterator[Record]:
    cursor: str | None = None
    while True:
        query = ListQuery(entity=_REGION, sort=("id",), limit=MOST_ROWS, cursor=cursor)
        found = page(ctx, query)
        yield from found.records
        cursor = found.next
        if cursor is None:
            return
