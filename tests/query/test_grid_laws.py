"""Every number of a grid is what plain Python makes of the records that its own filter lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.deals import DOCUMENTS, make_deals
from kit.profiles import DEEP
from loopline.access.context import Context
from loopline.query.answering import answer
from loopline.query.document import Aggregate, Dimension, Fact, Grain, How, SemanticQuery
from loopline.query.lists import ListQuery, page
from loopline.store.rows import Record

LAWS = settings(max_examples=300 if DEEP else 100)
"""A law asks a database some thirty times."""
FACTS = {
    "line": Fact(id="line", entity="x_line", via="deal"),
    "after": Fact(id="after", entity="x_deal", via="before"),
}
BOUNDS = (Decimal(0), Decimal("2.5"), Decimal(10**6))
DIMENSIONS = (
    *(Dimension(id=f"closes_{one}", path=("closes",), grain=one) for one in Grain),
    *(Dimension(id=f"met_{one}", path=("met_at",), grain=one) for one in Grain),
    *(
        Dimension(id="_".join(path), path=path)
        for path in (
            ("stage",),
            ("hot",),
            ("name",),
            ("size",),
            ("margin",),
            ("firm",),
            ("owner",),
            ("firm", "name"),
            ("firm", "region"),
            ("before", "stage"),
        )
    ),
    Dimension(id="bands", path=("size",), bounds=BOUNDS),
    Dimension(id="amounts", path=("amount",), bounds=BOUNDS),
)
NUMBERS = ("amount", "size", "margin")
CONDITIONS = ("", 'stage == "won" || hot', "size > 1", 'firm.region == "华东"')
MEASURES = (
    Aggregate(id="n", how=How.COUNT),
    Aggregate(id="won", how=How.COUNT, where='stage == "won"'),
    Aggregate(id="named", how=How.COUNT, path=("name",)),
    Aggregate(id="names", how=How.COUNT_DISTINCT, path=("name",)),
    Aggregate(id="firms", how=How.COUNT_DISTINCT, path=("firm",), where="hot"),
    Aggregate(id="first", how=How.MIN, path=("closes",)),
    Aggregate(id="last", how=How.MAX, path=("met_at",)),
    *(
        Aggregate(id=f"{how.value}_{name}", how=how, path=(name,), where=where)
        for name in NUMBERS
        for how, where in ((How.SUM, ""), (How.AVG, "size > 1"), (How.MIN, ""), (How.MAX, "hot"))
    ),
    Aggregate(id="lines", how=How.COUNT, fact="line"),
    Aggregate(id="prices", how=How.SUM, path=("price",), fact="line", where="price > 0"),
    Aggregate(id="price", how=How.AVG, path=("price",), fact="line"),
    Aggregate(id="after", how=How.SUM, path=("size",), fact="after", where="before.size > 0"),
    Aggregate(id="kinds", how=How.COUNT_DISTINCT, path=("price",), fact="line"),
)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@st.composite
def queries(draw: st.DrawFn) -> SemanticQuery:
    dimensions = draw(st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique_by=lambda d: d.id))
    ids = [one.id for one in dimensions]
    measures = draw(
        st.lists(st.sampled_from(MEASURES), min_size=1, max_size=6, unique_by=lambda m: m.id)
    )
    levels = tuple(tuple(ids[:size]) for size in range(len(ids)))
    return SemanticQuery(
        entity="x_deal",
        facts=FACTS,
        dimensions=tuple(dimensions),
        measures=(MEASURES[0], *(one for one in measures if one.id != "n")),
        where=draw(st.sampled_from(CONDITIONS)),
        sort=tuple(draw(st.permutations([f"-{measures[0].id}", *ids]))) if measures else (),
        totals=levels,
    )


@dataclass
class Fold:
    """What the measures are over records, by plain arithmetic."""

    ctx: Context

    def listed(self, entity: str, text: str) -> list[Record]:
        return list(page(self.ctx, ListQuery(entity=entity, filter=text, limit=1000)).records)

    def values(self, measures: Sequence[Any], text: str) -> list[object]:
        records = self.listed("x_deal", text)
        return [self._one(one, self._rows(one, records)) for one in measures]

    def _rows(self, measure: Aggregate, records: Sequence[Record]) -> Sequence[Record]:
        """Answer the records that a measure looks at: those given, or the facts of them."""
        entity = FACTS[measure.fact].entity if measure.fact else "x_deal"
        holding = {one.id: one for one in self.listed(entity, measure.where)}
        if not measure.fact:
            return [one for one in records if one.id in holding]
        ids, via = {one.id for one in records}, FACTS[measure.fact].via
        return [one for one in holding.values() if one.value(via) in ids]

    def _one(self, measure: Aggregate, records: Sequence[Record]) -> object:
        if not measure.path:
            return len(records)
        values = [one.value(measure.path[0]) for one in records]
        return FOLDS[measure.how]([one for one in values if one is not None])


def _average(values: Sequence[Any]) -> Decimal | None:
    if not values:
        return None
    scale = max(2, *(-Decimal(one).as_tuple().exponent for one in values))
    exact = sum(map(Decimal, values)) / len(values)
    return exact.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _distinct(values: Sequence[Any]) -> int:
    return len({one.casefold() if isinstance(one, str) else one for one in values})


FOLDS: dict[How, Callable[[Sequence[Any]], object]] = {
    How.COUNT: len,
    How.COUNT_DISTINCT: _distinct,
    How.SUM: sum,
    How.AVG: _average,
    How.MIN: lambda values: min(values, default=None),
    How.MAX: lambda values: max(values, default=None),
}


def check(ctx: Context, query: SemanticQuery) -> None:
    """Hold some rows and totals of a query against the records that their filters list."""
    grid, fold = answer(ctx, query), Fold(ctx)
    listed = fold.listed("x_deal", query.where)
    assert sum(int(str(grid.value(row, "n"))) for row in grid.rows) == len(listed)
    rows = [*grid.rows[:4], *grid.rows[-2:], *grid.totals[:2], *grid.totals[-1:]]
    for row in rows:
        assert list(row.values) == fold.values(query.measures, row.filter), row


def test_grids_are_what_their_filters_list(platform, as_user) -> None:
    make_deals(platform, [as_user(name).id for name in ("Ada", "Bob")] + [None])

    @LAWS
    @given(queries())
    def law(query: SemanticQuery) -> None:
        with platform.read() as ctx:
            check(ctx, query)

    law()


def test_grids_hold_what_their_viewer_may_read(platform, as_user) -> None:
    rep = as_user("Ada", roles=("x_rep",))
    make_deals(platform, [rep.id, as_user("Bob").id, None])

    @LAWS
    @given(queries())
    def law(query: SemanticQuery) -> None:
        with platform.read(rep) as ctx:
            check(ctx, query)

    law()


def test_hidden_records_are_counted_where_no_filter_is(platform, as_user) -> None:
    rep = as_user("Ada", roles=("x_rep",))
    make_deals(platform, [rep.id, None])
    query = SemanticQuery(entity="x_deal", measures=MEASURES[:1])
    with platform.read() as ctx:
        everything = answer(ctx, query)
    with platform.read(rep) as ctx:
        mine = answer(ctx, query)
        narrow = answer(
            ctx, SemanticQuery(entity="x_deal", measures=MEASURES[:1], where="size > 1")
        )
    assert everything.notes.hidden_rows == 0
    assert mine.notes.hidden_rows == everything.rows[0].values[0] - mine.rows[0].values[0] > 0
    assert narrow.notes.hidden_rows is None
