"""What goes wrong with grouped numbers elsewhere: one test a trap, by its number in the design."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.deal_grids import COUNT, Asked, asking, listed, make, table
from kit.deals import DOCUMENTS, make_deals
from loopline.errors import NotValid
from loopline.query import answering, rollup
from loopline.query.answering import answer
from loopline.query.lists import ListQuery, page
from loopline.query.reading import read_query
from loopline.services import bin as recycle_bin
from loopline.services.editing import update
from loopline.store.time_limit import time_limit

PIPELINE = """
kind: pipeline
id: x_deals
format: 1
entity: x_deal
field: stage
label: {zh: 商机, en: Deals}
stages: {talk: {}, won: {closes: won}, lost: {closes: lost}}
"""
PURSE = """
kind: entity
id: x_purse
format: 1
label: {zh: 钱, en: Purse}
title_field: name
fields:
  name:     {type: text, label: {zh: 名称, en: Name}}
  amount:   {type: money, label: {zh: 金额, en: Amount}}
  currency: {type: text, label: {zh: 币种, en: Currency}}
"""
SUM = {"a": {"aggregate": "sum", "field": "amount"}}
FOREVER = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


@pytest.fixture
def site_documents() -> str:
    return f"{DOCUMENTS}---{PIPELINE}---{PURSE}"


@pytest.fixture
def ask(platform) -> Asked:
    return asking(platform)


def refused(ask: Asked, **parts: object) -> set[tuple[str, str]]:
    with pytest.raises(NotValid) as found:
        ask(**parts)
    return {(one.path, one.code) for one in found.value.problems}


def deals(platform, *rows: dict[str, object]) -> list[int]:
    return make(platform, "x_deal", rows)


def test_trap_01_no_path_to_many_changes_what_records_add_up_to(ask: Asked, platform) -> None:
    firm = make(platform, "x_firm", [{"name": "A", "credit": Decimal(5)}])[0]
    ids = deals(platform, *({"amount": Decimal(10), "firm": firm, "marks": ("red", "blue")},) * 2)
    make(platform, "x_line", [{"deal": ids[0], "price": Decimal(1)}] * 3)
    lines = {"lines": {"aggregate": "sum", "field": "line.price", "fact": "line"}}
    grid = ask(measures={**COUNT, **SUM, **lines}, dimensions={"mark": {"field": "marks"}})
    assert [row.values for row in (*grid.rows, *grid.totals)] == [(2, 20, 3)] * 3
    credit = {"c": {"aggregate": "sum", "field": "firm.credit"}}
    assert refused(ask, measures=credit) == {("measures.c.field", "query.fan_out")}


def test_trap_02_what_does_not_add_up_is_asked_again_for_totals(ask: Asked, platform) -> None:
    sizes = [("talk", 1), ("talk", 1), ("won", 1), ("won", 4)]
    deals(platform, *({"stage": stage, "size": size} for stage, size in sizes))
    hows = ("count_distinct", "avg", "median")
    measures = {how: {"aggregate": how, "field": "size"} for how in hows}
    measures |= {"won": {"aggregate": "count", "where": 'stage == "won"'}, **COUNT}
    measures |= {"rate": {"formula": "won / n"}}
    grid = ask(measures=measures, dimensions={"stage": {"field": "stage"}})
    assert [row.values[:3] for row in grid.rows] == [
        (2, Decimal("2.50"), Decimal("2.50")),
        (1, Decimal("1.00"), Decimal("1.00")),
    ]
    assert grid.totals[0].values == (2, Decimal("1.75"), Decimal("1.00"), 2, 4, 0.5)


def test_trap_03_filters_and_groups_keep_one_calendar(ask: Asked, platform, as_user) -> None:
    moment = datetime(2025, 12, 31, 17, tzinfo=UTC)  # the new year has begun in Shanghai
    deals(platform, {"met_at": moment, "closes": date(2025, 12, 31)})
    dimensions = {name: {"field": name, "grain": "month"} for name in ("met_at", "closes")}
    here = replace(as_user("Ada", administrator=True), zone="Asia/Shanghai")
    there = replace(here, zone="Europe/London")
    parts = {"dimensions": dimensions, "where": "in_range(met_at, param.p)"}
    year = {"params": {"p": {"from": "2026-01-01", "to": "2027-01-01"}}}
    assert table(ask(here, **parts, **year).rows) == [("2026-01", "2025-12", 1)]
    assert ask(there, **parts, **year).rows == ()
    assert table(ask(there, dimensions=dimensions).rows) == [("2025-12", "2025-12", 1)]


def test_trap_04_years_of_the_site_and_the_29th_of_february(ask: Asked, platform) -> None:
    ends = [date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28)]
    deals(platform, *({"closes": day} for day in ends))
    fiscal = {"q": {"field": "closes", "grain": "quarter", "calendar": "fiscal"}}
    assert [row.labels["q"] for row in ask(dimensions=fiscal).rows] == [
        "FY23Q1",
        "FY24Q1",
        "FY25Q1",
    ]
    billing = {"m": {"field": "closes", "grain": "month", "calendar": "billing"}}
    labels = [row.labels["m"] for row in ask(dimensions=billing).rows]
    assert labels == ["2023-03", "2024-03", "2025-03"]
    measures = {**COUNT, "was": {"of": "n", "compare": "previous_year"}}
    found = {}
    for year, last in ((2024, "29"), (2025, "28")):
        params = {"p": {"from": f"{year}-02-01", "to": f"{year}-03-01"}}
        day = {"day": {"field": "closes", "fill": "zero"}}
        grid = ask(
            measures=measures, dimensions=day, params=params, where="in_range(closes, param.p)"
        )
        found[year] = (
            grid.rows[-1].labels["day"][-2:],
            grid.rows[-1].values,
            grid.totals[0].values,
        )
        assert found[year][0] == last
    assert found[2024][1:] == ((1, 1), (2, 1))
    assert found[2025][1:] == ((1, 1), (1, 2))


def test_trap_05_currencies_are_not_mixed(ask: Asked, platform) -> None:
    rows = [{"amount": Decimal(1), "currency": code} for code in ("USD", None)]
    make(platform, "x_purse", rows)
    assert refused(ask, entity="x_purse", measures=SUM) == {("measures.a", "query.currency")}
    rule = {"a": {**SUM["a"], "currency": {"to": "site"}}}
    codes = {code for _, code in refused(ask, entity="x_purse", measures=rule)}
    assert codes == {"query.no_rates"}


def test_trap_06_periods_without_records_are_there_but_not_the_future(ask: Asked, platform) -> None:
    deals(platform, {"closes": date(2026, 1, 2), "size": 3}, {"closes": date(2026, 2, 2)})
    parts = {"params": {"p": "this_quarter"}, "where": "in_range(closes, param.p)"}
    measures = {**COUNT, "avg": {"aggregate": "avg", "field": "size"}}
    day = {"week": {"field": "closes", "grain": "week", "fill": "zero"}}
    grid = ask(measures=measures, dimensions=day, **parts)
    assert table(grid.rows) == [
        ("2026-W01", 1, Decimal("3.00")),
        ("2026-W02", 0, None),
        ("2026-W06", 1, None),
    ]


def test_trap_07_blanks_are_a_group_and_weigh_nothing(ask: Asked, platform) -> None:
    deals(platform, {"name": "a", "size": 4}, {"name": ""}, {"name": None, "size": 0})
    measures = {
        **COUNT,
        "named": {"aggregate": "count", "field": "name"},
        "avg": {"aggregate": "avg", "field": "size"},
        "none": {"formula": "n / (n - n)"},
    }
    names = {"name": {"field": "name", "blank_label": "(none)"}}
    grid = ask(measures=measures, dimensions=names)
    assert table(grid.rows) == [
        ("a", 1, 1, Decimal("4.00"), None),
        ("(none)", 2, 0, Decimal("0.00"), None),
    ]
    assert ask(where='name != "a"').rows[0].values == (2,)


def test_trap_08_what_may_not_be_read_leaks_nowhere(ask: Asked, platform, as_user) -> None:
    rep, other = as_user("Rep", roles=("x_rep",)), as_user("Other").id
    rows = [{"owner": who, "name": n} for who in (rep.id, other) for n in "abc"]
    deals(platform, *rows)
    for name in ("secret", "veiled"):
        places = {
            "where": {"where": f"{name} > 1"},
            "dimensions.d.field": {"dimensions": {"d": {"field": name}}},
            "measures.m.field": {"measures": {"m": {"aggregate": "max", "field": name}}},
            "measures.m.where": {"measures": {"m": {**COUNT["n"], "where": f"is_blank({name})"}}},
        }
        for at, parts in places.items():
            assert {path for path, _ in refused(ask, actor=rep, **parts)} == {at}
        assert ("sort", "query.unknown_name") in refused(ask, actor=rep, sort=name)
    top = {"name": {"n": 1, "by": "n", "others": True}}
    grid = ask(rep, dimensions={"name": {"field": "name"}}, top=top)
    assert table(grid.rows) == [("a", 1), ("（其他）", 2)]
    assert (grid.totals[0].values, grid.notes.hidden_rows) == ((3,), 3)
    facts = {"stages": {"history": "secret"}}
    asked = {"dataset": {"entity": "x_deal", "facts": facts}, "measures": COUNT}
    with platform.read(rep) as ctx, pytest.raises(NotValid):
        answer(ctx, read_query(asked))


def test_trap_09_money_is_exact(ask: Asked, platform) -> None:
    deals(platform, *({"amount": Decimal("0.10"), "name": str(at)} for at in range(30)))
    deals(platform, {"amount": Decimal("9999999999999999.99")})
    grid = ask(measures=SUM, dimensions={"blank": {"field": "name"}}, limit=1)
    assert grid.totals[0].values == (Decimal("10000000000000002.99"),)


def test_trap_10_a_funnel_counts_who_ever_reached_a_stage(platform, clock, as_user) -> None:
    one, two = as_user("One").id, as_user("Two").id
    ids = deals(platform, *({"stage": "talk", "owner": one},) * 3)
    clock.move(timedelta(days=2))
    for deal, stages in zip(ids, (("won",), ("won", "lost"), ()), strict=True):
        for stage in stages:
            with platform.write(via="page") as ctx:
                update(ctx, "x_deal", deal, {"stage": stage})
                update(ctx, "x_deal", deal, {"owner": two})
    reached = {"aggregate": "count_distinct", "field": "stages.record", "fact": "stages"}
    measures = {s: {**reached, "where": f'to == "{s}"'} for s in ("talk", "won", "lost")}
    measures["stay"] = {
        "aggregate": "avg",
        "field": "stages.days",
        "fact": "stages",
        "where": 'from == "talk" && in_range(at, param.p)',
    }
    measures["then"] = {**reached, "where": f"owner == {one}"}
    asked = {
        "dataset": {"entity": "x_deal", "facts": {"stages": {"history": "x_deals"}}},
        "measures": {**COUNT, **measures},
        "params": {"p": "today"},
    }
    with platform.read() as ctx:
        grid = answer(ctx, read_query(asked))
    assert grid.rows[0].values == (3, 3, 2, 1, Decimal("2.00"), 3)
    assert grid.filter(grid.rows[0], "won") is None


def test_trap_11_what_is_in_the_bin_counts_nowhere(ask: Asked, platform) -> None:
    ids = deals(platform, {"stage": "won"}, {"stage": "won"})
    lines = make(platform, "x_line", [{"deal": deal} for deal in (*ids, ids[0])])
    with platform.write(via="page") as ctx:
        recycle_bin.delete(ctx, "x_deal", ids[1])
        recycle_bin.delete(ctx, "x_line", lines[2])
    facts = {"line": {"entity": "x_line", "via": "deal"}, "stages": {"history": "stage"}}
    measures = {
        name: {"aggregate": "count", "fact": fact}
        for name, fact in (("n", ""), ("lines", "line"), ("stages", "stages"))
    }
    asked = {"dataset": {"entity": "x_deal", "facts": facts}, "measures": measures}
    with platform.read() as ctx:
        grid = answer(ctx, read_query(asked))
    assert grid.rows[0].values == (1, 1, 1)
    assert listed(platform, grid.filter(grid.rows[0], "lines")[1], "x_line") == {lines[0]}


def test_trap_12_groups_of_several_values_are_said_to_overlap(ask: Asked, platform) -> None:
    deals(platform, {"marks": ("red", "blue")}, {"marks": ("red",)}, {})
    grid = ask(dimensions={"mark": {"field": "marks"}})
    assert (table(grid.rows), grid.totals[0].values) == ([("红", 2), ("蓝", 1), ("", 1)], (3,))
    assert grid.columns[0].overlap
    top = {"mark": {"n": 1, "by": "n", "others": True}}
    wrong = refused(ask, dimensions={"mark": {"field": "marks"}}, top=top)
    assert wrong == {("top.mark.others", "query.others_overlap")}


def test_trap_13_the_others_come_from_the_total_not_from_the_rows(ask: Asked, platform) -> None:
    sizes = {"a": (1, 2, 3), "b": (1, 2), "c": (1,), "d": (1,)}
    deals(platform, *({"name": n, "size": s} for n, some in sizes.items() for s in some))
    measures = {**COUNT, "sizes": {"aggregate": "count_distinct", "field": "size"}}
    parts = {"dimensions": {"name": {"field": "name"}}, "measures": measures}
    top = {"name": {"n": 2, "by": "n", "others": True}}
    grid = ask(**parts, top=top, having="n != 2", limit=1)
    assert (table(grid.rows), grid.notes.left_out) == ([("a", 3, 3)], 2)
    assert grid.totals[0].values == (7, 3)
    grid = ask(**parts, top=top)
    assert table(grid.rows) == [("a", 3, 3), ("b", 2, 2), ("（其他）", 2, 1)]


def test_trap_14_groups_stand_as_people_expect(ask: Asked, platform) -> None:
    names = ("李四", "阿明", "张三")
    days = (date(2026, 10, 1), date(2026, 2, 1), date(2025, 12, 1))
    stages = ("lost", "talk", "won")
    rows = zip(names, days, stages, strict=True)
    deals(platform, *({"name": n, "closes": d, "stage": s} for n, d, s in rows), {})
    labels = {
        "name": ["阿明", "李四", "张三", ""],
        "stage": ["赢单", "沟通", "输单", ""],
        "closes": ["2025-12", "2026-02", "2026-10", ""],
    }
    for field, wanted in labels.items():
        grain = {"grain": "month"} if field == "closes" else {}
        grid = ask(dimensions={"d": {"field": field, **grain}})
        assert [row.labels["d"] for row in grid.rows] == wanted


DIMENSIONS = {
    "month": {"field": "closes", "grain": "month", "fill": "zero"},
    "billing": {"field": "met_at", "grain": "month", "calendar": "billing"},
    "fiscal": {"field": "closes", "grain": "quarter", "calendar": "fiscal"},
    "stage": {"field": "stage", "show_empty": True},
    "mark": {"field": "marks"},
    "name": {"field": "name", "order": "label"},
    "region": {"field": "firm.region"},
    "band": {"field": "size", "bucket": [0, 5]},
}
MEASURES = {
    **COUNT,
    "won": {"aggregate": "count", "where": 'stage == "won" || hot'},
    "lines": {"aggregate": "count", "fact": "line", "where": "price > 0"},
    "was": {"of": "n", "compare": "previous_year"},
}


def test_trap_15_the_rows_behind_a_cell_add_up_to_it(platform) -> None:
    make_deals(platform, [None], 60)
    asked = {
        "dataset": {"entity": "x_deal", "facts": {"line": {"entity": "x_line", "via": "deal"}}},
        "measures": MEASURES,
        "params": {"p": {"from": "2025-10-01", "to": "2026-10-01"}},
        "where": "in_range(closes, param.p)",
        "totals": "levels",
    }
    names = st.lists(st.sampled_from(list(DIMENSIONS)), max_size=3, unique=True)

    @settings(max_examples=8)
    @given(names, st.booleans(), st.booleans())
    def law(names: list[str], compared: bool, others: bool) -> None:
        top = {n: {"n": 2, "by": "n", "others": others} for n in names if n in ("name", "region")}
        query = {**asked, "dimensions": {n: DIMENSIONS[n] for n in names}, "top": top}
        if not compared:
            query["measures"] = {n: one for n, one in MEASURES.items() if n != "was"}
        with platform.read() as ctx:
            grid = answer(ctx, read_query(query))
            for row in (*grid.rows[:3], *grid.rows[-2:], *grid.totals[:2], *grid.totals[-1:]):
                for name in query["measures"]:
                    entity, text = grid.filter(row, name)
                    found = page(ctx, ListQuery(entity=entity or "x_deal", filter=text, limit=1000))
                    assert len(found.records) == grid.value(row, name), (row, name, text)

    law()


def test_trap_16_a_field_that_is_gone_is_named(ask: Asked) -> None:
    parts = {
        "dimensions": {"d": {"field": "gone"}},
        "measures": {"m": {"aggregate": "sum", "field": "firm.gone"}},
    }
    assert refused(ask, **parts) == {
        ("dimensions.d.field", "query.no_field"),
        ("measures.m.field", "query.no_field"),
    }


def test_trap_17_a_question_without_end_is_stopped(ask: Asked, platform, monkeypatch) -> None:
    with platform.write() as ctx:
        with pytest.raises(TimeoutError), time_limit(ctx.connection, 0.2):
            ctx.connection.execute(sa.text(FOREVER))
        with time_limit(ctx.connection, 5):
            assert ctx.connection.execute(sa.text("select 1")).scalar_one() == 1
    monkeypatch.setattr(answering, "time_limit", lambda *given: time_limit(given[0], 0.001))
    monkeypatch.setattr(
        answering._Answering,
        "grid",
        lambda self: self._ctx.connection.execute(sa.text(FOREVER)),
    )
    assert refused(ask) == {("where", "query.timeout")}


def test_trap_17_a_grid_without_bounds_is_refused(ask: Asked, platform, monkeypatch) -> None:
    deals(platform, {"name": "a"}, {"name": "b"})
    names = {"name": {"field": "name"}}
    with monkeypatch.context() as patch:
        patch.setattr(rollup, "MOST_GROUPS", 1)
        assert refused(ask, dimensions=names) == {("dimensions", "query.too_many_groups")}
    monkeypatch.setattr(answering, "MOST_CELLS", 2)
    assert refused(ask, dimensions=names) == {("limit", "query.too_many_cells")}
