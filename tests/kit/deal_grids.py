"""Asks about deals: a few of them by hand, so that a test can say each number."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loopline.access.context import Actor
from loopline.bootstrap import Platform
from loopline.query.answering import answer
from loopline.query.grid import ResultGrid, Row
from loopline.query.lists import ListQuery, page
from loopline.query.reading import read_query
from loopline.services.records import create_many

COUNT = {"n": {"aggregate": "count"}}
FACTS = {"line": {"entity": "x_line", "via": "deal"}}
Asked = Callable[..., ResultGrid]


def make(platform: Platform, entity: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Make records; answer their ids."""
    with platform.write(via="cli") as ctx:
        return [int(str(one)) for one in create_many(ctx, entity, list(rows))]


def asking(platform: Platform) -> Asked:
    """Answer what answers a query about deals."""

    def asked(actor: Actor | None = None, entity: str = "x_deal", **parts: Any) -> ResultGrid:
        dataset = {"entity": entity, **({"facts": FACTS} if entity == "x_deal" else {})}
        query = read_query({"dataset": dataset, "measures": COUNT, **parts})
        with platform.read(*([actor] if actor else [])) as ctx:
            return answer(ctx, query)

    return asked


def table(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """Answer labels and values of rows."""
    return [(*row.labels.values(), *row.values) for row in rows]


def listed(platform: Platform, text: str, entity: str = "x_deal") -> set[int]:
    """Answer the ids of the records that a filter lists."""
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity=entity, filter=text, limit=1000)).records
        return {one.id for one in found}
