"""What a grid shows besides the groups that records make: empty ones, earlier ones, the rest."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kit.deal_grids import COUNT, Asked, asking, listed, make, table
from kit.deals import DOCUMENTS
from loopline.errors import NotValid
from loopline.query import naming
from loopline.query.periods import Period

PLACES = """
kind: entity
id: x_place
format: 1
label: {zh: 地点, en: Place}
title_field: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  area: {type: region, label: {zh: 地区, en: Area}}
"""
MONTHS = {"month": {"field": "closes", "grain": "month", "fill": "zero"}}
AMOUNT = {"a": {"aggregate": "sum", "field": "amount"}}


@pytest.fixture
def site_documents() -> str:
    return f"{DOCUMENTS}---{PLACES}"


@pytest.fixture
def ask(platform) -> Asked:
    days = [date(2024, 12, 5), date(2025, 1, 5), date(2025, 1, 6), date(2025, 10, 7), None]
    amounts = [100, 7, 20, 300, 1]
    marks = [("red",), ("red", "blue"), None, ("blue",), None]
    stages = ["won", "won", "talk", "lost", None]
    rows = [
        {"closes": day, "amount": Decimal(amount), "marks": mark, "stage": stage, "size": at}
        for at, (day, amount, mark, stage) in enumerate(
            zip(days, amounts, marks, stages, strict=True)
        )
    ]
    rows += [{"closes": date(2026, 1, day), "amount": Decimal(10)} for day in (1, 5, 6)]
    make(platform, "x_deal", rows)
    return asking(platform)


def during(text: str, field: str = "closes") -> dict[str, object]:
    return {"params": {"p": text}, "where": f"in_range({field}, param.p)"}


def days(start: str, end: str, field: str = "closes") -> dict[str, object]:
    params = {"p": {"from": start, "to": end}}
    return {"params": params, "where": f"in_range({field}, param.p)"}


def test_months_without_records_show_zero_but_none_to_come(ask: Asked) -> None:
    measures = {"n": {"aggregate": "count"}, "avg": {"aggregate": "avg", "field": "amount"}}
    grid = ask(dimensions=MONTHS, measures=measures, **days("2025-11-01", "2026-07-01"))
    assert table(grid.rows) == [
        ("2025-11", 0, None),
        ("2025-12", 0, None),
        ("2026-01", 3, Decimal("10.00")),
    ]
    assert grid.rows[0].filter.endswith('closes >= "2025-11-01" && closes < "2025-12-01"')


def test_blank_months_and_options_without_records(ask: Asked) -> None:
    month = {"month": {"field": "closes", "grain": "month", "fill": "blank"}}
    stage = {"stage": {"field": "stage", "show_empty": True, "blank_label": "None yet"}}
    grid = ask(dimensions={**month, **stage}, **days("2025-12-01", "2026-01-03"))
    assert table(grid.rows) == [
        *(("2025-12", name, None) for name in ("赢单", "沟通", "输单", "搁置")),
        ("2025-12", "None yet", None),
        *(("2026-01", name, None) for name in ("赢单", "沟通", "输单", "搁置")),
        ("2026-01", "None yet", 1),
    ]


def test_the_band_below_the_first_bound_may_have_a_name(ask: Asked) -> None:
    band = {"field": "size", "bucket": [3], "below_label": {"zh": "小", "en": "small"}}
    count = {"n": {"aggregate": "count"}}
    grid = ask(dimensions={"band": band}, measures=count, where="!is_blank(size)")
    assert [row.labels["band"] for row in grid.rows] == ["小", "≥ 3"]
    assert grid.rows[0].filter.endswith("size < 3")


def test_records_with_several_values_count_once_for_each_and_once_in_total(
    ask: Asked, platform
) -> None:
    median = {"m": {"aggregate": "median", "field": "amount"}}
    measures = {"n": {"aggregate": "count"}, **AMOUNT, **median}
    dimensions = {"mark": {"field": "marks"}, "stage": {"field": "stage"}}
    grid = ask(dimensions=dimensions, measures=measures, where="size <= 4", totals="levels")
    by_mark = [row for row in grid.totals if row.level == 1]
    assert table(by_mark) == [
        ("红", 2, Decimal(107), Decimal("53.50")),
        ("蓝", 2, Decimal(307), Decimal("153.50")),
        ("", 2, Decimal(21), Decimal("10.50")),
    ]
    assert grid.totals[-1].values == (5, Decimal(428), Decimal("20.00"))
    assert [one.overlap for one in grid.columns[:2]] == [True, False]
    assert [len(listed(platform, row.filter)) for row in grid.rows] == [
        row.values[0] for row in grid.rows
    ]


def test_a_year_is_compared_with_the_same_days_of_the_year_before(ask: Asked, platform) -> None:
    measures = {
        **AMOUNT,
        "was": {"of": "a", "compare": "previous_year"},
        "more": {"of": "a", "compare": "previous_year", "show": "difference"},
        "rate": {"of": "a", "compare": "previous_year", "show": "ratio"},
        "whole": {"of": "a", "compare": "previous_year", "until": "end"},
    }
    grid = ask(dimensions=MONTHS, measures=measures, **during("this_year"))
    assert table(grid.rows) == [
        ("2026-01", Decimal(30), Decimal(7), Decimal(23), pytest.approx(23 / 7), Decimal(27)),
        ("2026-10", Decimal(0), Decimal(0), Decimal(0), None, Decimal(300)),
    ]
    assert grid.totals[0].values[1:3] == (Decimal(7), Decimal(23))
    assert grid.notes.compared["was"] == Period(date(2025, 1, 1), date(2025, 1, 6))
    assert len(listed(platform, grid.rows[0].filters["was"])) == 1


def test_a_measure_may_be_compared_by_a_period_of_its_own(ask: Asked, platform) -> None:
    own = {**AMOUNT["a"], "where": "in_range(closes, param.p)"}
    measures = {"a": own, "was": {"of": "a", "compare": "previous_year"}}
    grid = ask(measures=measures, params={"p": "this_year"})
    assert grid.rows[0].values == (Decimal(30), Decimal(7))
    assert len(listed(platform, grid.filter(grid.rows[0], "was")[1])) == 1


def test_a_period_of_months_is_compared_with_as_many_months(ask: Asked) -> None:
    measures = {**AMOUNT, "was": {"of": "a", "compare": "previous_period"}}
    grid = ask(dimensions=MONTHS, measures=measures, **days("2025-10-01", "2026-01-01"))
    assert grid.notes.compared["was"] == Period(date(2025, 7, 1), date(2025, 10, 1))
    assert grid.totals[0].values == (Decimal(300), Decimal(0))


def test_what_cannot_be_compared_is_said(ask: Asked) -> None:
    measures = {**AMOUNT, "was": {"of": "a", "compare": "previous_period"}}
    asked = (
        {},
        {"params": {"p": {"from": "2025-01-01"}}, "where": "in_range(closes, param.p)"},
        days("2025-01-01", "2025-01-08"),
    )
    codes = []
    for parts in asked:
        with pytest.raises(NotValid) as refused:
            ask(dimensions=MONTHS, measures=measures, **parts)
        codes += [one.code for one in refused.value.problems]
    assert codes == ["query.no_period", "query.open_period", "query.compare_grain"]


def test_parts_of_rows_columns_and_levels_and_running_totals(ask: Asked) -> None:
    names = ("percent_of_row", "percent_of_column", "percent_of_parent_row", "running")
    measures = {**AMOUNT, **{name: {"of": "a", "show": name} for name in names}}
    dimensions = {
        "stage": {"field": "stage", "pos": 1},
        "year": {"field": "closes", "grain": "year", "pos": 2},
    }
    grid = ask(
        dimensions=dimensions,
        measures=measures,
        columns=["year"],
        where='stage in ["won", "talk"]',
        totals="levels",
    )
    assert table(grid.rows) == [
        ("赢单", "2024", 100, pytest.approx(100 / 107), 1.0, 1.0, 100),
        (
            "赢单",
            "2025",
            7,
            pytest.approx(7 / 107),
            pytest.approx(7 / 27),
            *[pytest.approx(7 / 27)],
            107,
        ),
        ("沟通", "2025", 20, 1.0, pytest.approx(20 / 27), pytest.approx(20 / 27), 20),
    ]


def test_all_but_the_first_groups_are_one(ask: Asked, platform) -> None:
    measures = {**AMOUNT, "names": {"aggregate": "count_distinct", "field": "stage"}}
    top = {"size": {"n": 2, "by": "a", "others": True}}
    grid = ask(dimensions={"size": {"field": "size"}}, measures=measures, top=top, sort="-a")
    assert table(grid.rows) == [("3", 300, 1), ("0", 100, 1), ("（其他）", 58, 2)]
    assert grid.rows[2].others == ("size",)
    assert len(listed(platform, grid.rows[2].filter)) == 6
    assert grid.totals[0].values == (458, 3)
    del top["size"]["others"]
    grid = ask(dimensions={"size": {"field": "size"}}, measures=measures, top=top)
    assert (table(grid.rows), grid.totals[0].values) == (
        [("0", 100, 1), ("3", 300, 1)],
        (458, 3),
    )


def test_days_of_moments_are_those_of_the_viewer(ask: Asked, platform) -> None:
    moments = [datetime(2026, 1, 31, hour, tzinfo=UTC) for hour in (15, 16)]  # 23:00 and 00:00
    make(platform, "x_deal", [{"met_at": moment} for moment in moments])
    grid = ask(dimensions={}, **days("2026-01-31", "2026-02-01", "met_at"))
    assert grid.rows[0].values == (1,)


def test_groups_in_another_order(ask: Asked) -> None:
    stages = {"stage": {"field": "stage", "order": "label"}}
    grid = ask(dimensions=stages, where="!is_blank(stage)")
    assert [row.labels["stage"] for row in grid.rows] == ["沟通", "输单", "赢单"]


def test_regions_are_gathered_and_called_by_their_names(ask: Asked, platform, monkeypatch) -> None:
    names = {"33": "浙江", "3301": "杭州"}  # the table of regions is not the kernel's
    monkeypatch.setattr(naming, "region_names", lambda ctx, codes: names)
    codes = ("330106", "3301", "3302", "33", "32")
    ids = make(platform, "x_place", [{"area": code} for code in codes])
    found = {}
    for level in ("province", "city"):
        area = {"area": {"field": "area", "level": level}}
        grid = ask(entity="x_place", dimensions=area)
        found[level] = table(grid.rows)
        assert [len(listed(platform, row.filter, "x_place")) for row in grid.rows] == [
            row.values[0] for row in grid.rows
        ]
    assert len(ids) == sum(count for _, count in found["city"])
    assert found == {
        "province": [("32", 1), ("浙江", 4)],
        "city": [("32", 1), ("浙江", 1), ("杭州", 2), ("3302", 1)],
    }
    with pytest.raises(NotValid) as refused:
        ask(dimensions={"d": {"field": "stage", "level": "city"}})
    assert [one.code for one in refused.value.problems] == ["query.not_a_region"]


def test_groups_and_measures_of_what_an_expression_makes(ask: Asked, platform) -> None:
    measures = {
        "n": {"aggregate": "count"},
        "weighed": {"aggregate": "sum", "value": "amount * size * param.factor"},
        "days": {"aggregate": "max", "value": "days_between(closes, today())"},
    }
    ages = {"age": {"value": "today() - closes", "bucket": [0, 31, 366]}}
    grid = ask(dimensions=ages, measures=measures, params={"factor": 0.5}, where="size < 9")
    assert table(grid.rows) == [
        ("31–365", 3, Decimal("473.500"), 365),
        ("≥ 366", 1, Decimal("0.000"), 396),
        ("", 1, Decimal("2.000"), None),
    ]
    assert [len(listed(platform, row.filter)) for row in grid.rows] == [3, 1, 1]
    with pytest.raises(NotValid) as refused:
        ask(
            dimensions={"d": {"value": "amount / size"}},
            measures={"m": {"aggregate": "sum", "value": "wibble"}},
        )
    assert {one.code for one in refused.value.problems} == {
        "query.value_kind",
        "expr.unknown_field",
    }


def test_quantiles_hold_as_many_records_each_and_never_part_equals(ask: Asked, platform) -> None:
    make(platform, "x_deal", [{"size": n, "name": "q"} for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)])
    make(platform, "x_deal", [{"size": n, "name": "e"} for n in (1, 1, 1, 1, 1, 2, None)])
    fifths = {"size": {"field": "size", "bucket": {"quantiles": 5}}}
    grid = ask(dimensions=fifths, measures=COUNT, where='name == "q"')
    assert table(grid.rows) == [("< 3", 2), ("3–4", 2), ("5–6", 2), ("7–8", 2), ("≥ 9", 2)]
    assert len(listed(platform, grid.rows[1].filter)) == 2
    grid = ask(dimensions=fifths, measures=COUNT, where='name == "e"')
    assert table(grid.rows) == [("< 2", 5), ("≥ 2", 1), ("", 1)]
    money = {"amount": {"field": "amount", "bucket": {"quantiles": 3}}}
    grid = ask(dimensions=money)
    assert sum(row.values[0] for row in grid.rows) == grid.totals[0].values[0]
