"""Facts that meet records in groups: goals beside the deals that were to reach them."""

from datetime import date
from decimal import Decimal

import pytest

from kit.deal_grids import Asked, asking, listed, make, table
from kit.deals import DOCUMENTS
from loopline.errors import NotValid

GOAL = """
kind: entity
id: x_goal
format: 1
label: {zh: 目标, en: Goal}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  month: {type: date, label: {zh: 月份, en: Month}}
  firm:  {type: link, to: x_firm, label: {zh: 公司, en: Firm}}
  value: {type: money, label: {zh: 目标, en: Goal}}
---
kind: role
id: x_planner
format: 1
label: {zh: 计划员, en: Planner}
grants:
  goals: {entity: x_goal, actions: [read]}
  firms: {entity: x_firm, actions: [read]}
"""
FACTS = {"deal": {"entity": "x_deal", "by": {"month": "closes", "firm": "firm"}}}
MEASURES = {
    "goal": {"aggregate": "sum", "field": "value"},
    "won": {"aggregate": "sum", "field": "amount", "fact": "deal", "where": 'stage == "won"'},
    "sizes": {"aggregate": "count_distinct", "field": "size", "fact": "deal"},
    "rate": {"formula": "won / goal"},
}
MONTH = {"month": {"field": "month", "grain": "month"}}
FIRM = {"firm": {"field": "firm"}}


@pytest.fixture
def site_documents() -> str:
    return f"{DOCUMENTS}---{GOAL}"


@pytest.fixture
def ask(platform) -> Asked:
    a, b = make(platform, "x_firm", [{"name": "A"}, {"name": "B"}])
    january, march = date(2026, 1, 1), date(2026, 3, 1)
    goals = [(january, a, 100), (january, b, 50), (march, a, 80)]
    make(platform, "x_goal", [{"month": m, "firm": f, "value": Decimal(v)} for m, f, v in goals])
    deals = [(date(2026, 1, 9), a, 60), (date(2026, 1, 20), a, 20), (date(2026, 2, 2), b, 30)]
    rows = [{"closes": c, "firm": f, "amount": Decimal(v), "size": 1} for c, f, v in deals]
    make(platform, "x_deal", [{**one, "stage": "won"} for one in rows] + [rows[0]])
    asked = asking(platform)

    def of_goals(actor=None, facts=FACTS, **parts):
        dataset = {"entity": "x_goal", "facts": facts}
        return asked(actor, "x_goal", dataset=dataset, **{"measures": MEASURES, **parts})

    return of_goals


def test_groups_of_either_side_stand_together(ask: Asked) -> None:
    grid = ask(dimensions={**MONTH, **FIRM}, totals=[["month"], []])
    assert table(grid.rows) == [
        ("2026-01", "A", 100, 80, 1, 0.8),
        ("2026-01", "B", 50, 0, 0, 0.0),
        ("2026-02", "B", 0, 30, 1, None),
        ("2026-03", "A", 80, 0, 0, 0.0),
    ]
    months = [(150, 80, 1), (0, 30, 1), (80, 0, 0)]
    assert [row.values[:3] for row in grid.totals] == [*months, (230, 110, 1)]


def test_facts_that_no_measure_looks_at_make_no_groups(ask: Asked) -> None:
    won = {"won": {"aggregate": "count", "fact": "deal", "where": 'stage == "won" && amount > 25'}}
    grid = ask(dimensions={**MONTH, **FIRM}, measures=won)
    assert [row for row in table(grid.rows) if row[-1]] == [
        ("2026-01", "A", 1),
        ("2026-02", "B", 1),
    ]
    none = {"won": {**won["won"], "where": "amount > 1000"}, "n": {"aggregate": "count"}}
    assert [row[0] for row in table(ask(dimensions=MONTH, measures=none).rows)] == [
        "2026-01",
        "2026-03",
    ]


def test_what_a_cell_of_either_side_counts_is_listed(ask: Asked, platform) -> None:
    top = {"firm": {"n": 1, "by": "won", "others": True}}
    grid = ask(dimensions={**MONTH, **FIRM}, top=top)
    (others,) = [row for row in grid.rows if row.others and row.key["month"] == "2026-02-01"]
    entity, text = grid.filter(others, "won")
    assert (entity, len(listed(platform, text, entity))) == ("x_deal", 1)
    entity, text = grid.filter(grid.totals[0], "won")
    assert len(listed(platform, text, entity)) == 3
    entity, text = grid.filter(grid.rows[0], "goal")
    assert (entity, len(listed(platform, text, "x_goal"))) == ("", 1)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ({"month": "closes"}, "query.unmatched"),
        ({"month": "closes", "firm": "stage"}, "query.other_groups"),
        ({"month": "closes", "firm": "gone"}, "query.no_field"),
    ],
)
def test_fields_that_do_not_meet_are_refused(ask: Asked, by, code) -> None:
    with pytest.raises(NotValid) as refused:
        ask(dimensions={**MONTH, **FIRM}, facts={"deal": {"entity": "x_deal", "by": by}})
    assert {one.code for one in refused.value.problems} == {code}


def test_earlier_periods_are_not_compared(ask: Asked, platform) -> None:
    measures = {**MEASURES, "was": {"of": "goal", "compare": "previous_year"}}
    dataset = {"entity": "x_goal", "facts": FACTS}
    with pytest.raises(NotValid) as refused:
        asking(platform)(entity="x_goal", dataset=dataset, measures=measures, dimensions=MONTH)
    assert {one.code for one in refused.value.problems} == {"query.matched_compare"}


def test_each_side_keeps_to_what_the_viewer_may_read(ask: Asked, as_user) -> None:
    with pytest.raises(NotValid) as refused:
        ask(as_user("Plan", roles=("x_planner",)), dimensions=MONTH)
    assert "query.no_entity" in {one.code for one in refused.value.problems}
    rep = as_user("Both", roles=("x_planner", "x_rep"))
    assert ask(rep, dimensions=MONTH).totals[0].values[:2] == (230, 0)
