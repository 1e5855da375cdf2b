"""The stock reports: each answers, and the records behind every cell add up to it."""

import pytest
from click.testing import CliRunner

from kit.report_folding import folded
from kit.report_records import make_company
from loopline.cli.main import main
from loopline.sdk import Context, NotValid
from loopline.services.plugin_context import plugin_context
from loopline.testing import publish_documents
from loopline_reports.kinds import REPORT
from loopline_reports.running import report_named, run

BAD = """
kind: report
id: x_bad
format: 1
label: {zh: 坏, en: Bad}
dataset: {entity: lead}
measures: {n: {aggregate: count}}
pivot: {rows: [colour]}
"""
PACK = "{id: x_asks, title: {zh: 问, en: Asks}, version: '1', layer: site}"
ASKING_IN_VAIN = """
kind: report
id: x_vain
format: 1
label: {zh: 空, en: Vain}
dataset: {entity: lead}
params: {since: {type: date, label: {zh: 自, en: Since}}}
dimensions: {colour: {field: colour}}
measures: {n: {aggregate: count}}
where: "next_follow_up >= param.since"
"""
ASKED = """
kind: entity
id: lead
extend: true
fields: {x_hue: {type: text, label: {zh: 色, en: Hue}}}
---
kind: report
id: x_asked
format: 1
label: {zh: 问, en: Asked}
dataset: {entity: lead}
dimensions: {hue: {field: x_hue}}
measures: {n: {aggregate: count}}
"""
RETIRED = """
kind: entity
id: lead
extend: true
fields: {x_hue: {type: text, label: {zh: 色, en: Hue}, retired: true}}
"""
PITCH = """
kind: entity
id: opportunity
extend: true
fields:
  stage: {options: {pitch: {label: {zh: 演示, en: Pitch}}}}
---
kind: pipeline
id: opportunity_default
extend: true
stages:
  pitch: {pos: 1, probability: 30}
  solution: {pos: 2}
  negotiation: {pos: 3}
  won: {pos: 4}
  lost: {pos: 5}
"""
FEWEST_CELLS = 600
HISTORY = {"sales_funnel"}
"""Reports over the history of stages, which is no list of records."""


@pytest.fixture
def company(platform, clock, administrator, people) -> None:
    make_company(platform, clock, (administrator.id, people[1].id))


def names(ctx: Context) -> list[str]:
    return [one.id for one in ctx.documents(REPORT)]


@pytest.mark.timeout(120)
def test_the_records_behind_every_cell_and_total_add_up_to_it(
    platform, company, administrator
) -> None:
    """Trap 15 for all stock reports: what a drill lists, folded, is the cell."""
    with platform.read(administrator) as opened:
        ctx = plugin_context(opened, "reports")
        ran = [run(ctx, report_named(ctx, name), {}) for name in names(ctx)]
        folds = [fold for one in ran for fold in folded(ctx, one)]
    assert [one for one in folds if one.shown != one.folded] == []
    assert len(folds) > FEWEST_CELLS
    assert {one.how for one in folds} == {"count", "count_distinct", "sum", "avg", "formula"}
    told = {one.report for one in folds if one.shown}
    assert {one.report.id for one in ran} - told == HISTORY


def test_the_funnel_counts_what_came_as_far_wherever_it_is_now(api, deals) -> None:
    shown = api("/reports/sales_funnel", period="last_90_days").json()
    values = {one["measure"]: one["value"] for one in shown["cells"] if one["part"] == "value"}
    assert (values["talk"], values["won"]) == (5, 3)
    assert (values["to_won"], "lost" in values) == (1.0, False)
    heads = [one["text"] for one in shown["cells"] if one["part"] == "head"]
    assert heads[0::5] == ["First talk", "First talk to Need confirmed"]
    assert shown["chart"]["names"][-1] == "Won"


def test_a_funnel_follows_its_pipeline(platform, api, deals) -> None:
    publish_documents(platform, PITCH)
    shown = api("/reports/sales_funnel", period="last_90_days").json()
    values = {one["measure"]: one["value"] for one in shown["cells"] if one["part"] == "value"}
    assert list(values)[-5:-3] == ["to_confirmed", "to_pitch"]
    assert (values["pitch"], values["to_solution"]) == (3, 1.0)


def test_targets_stand_beside_what_was_won_and_what_is_open(api, company) -> None:
    shown = api("/reports/target_attainment", period="this_quarter").json()
    last = [one for one in shown["cells"] if one["part"] == "value" and one.get("total")][-5:]
    values = {one["measure"]: one["value"] for one in last}
    assert values["target"] == "100000.00"
    assert values["won"] == "2000.15"
    assert values["rate"] == pytest.approx(0.0200015)
    assert shown["chart"]["series"][1]["values"] == [2000.15, 0]


def test_definitions_that_name_what_is_not_there_are_not_published(platform) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, BAD)
    assert refused.value.problems[0].path == "report/x_bad pivot.rows"


def test_questions_about_fields_that_are_not_there_are_not_published(platform) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, ASKING_IN_VAIN)
    told = {one.path: one.code for one in refused.value.problems}
    assert told == {"report/x_vain dimensions.colour.field": "query.no_field"}


def test_a_field_that_a_report_asks_for_is_not_retired(platform) -> None:
    publish_documents(platform, ASKED)
    with pytest.raises(NotValid) as error:
        publish_documents(platform, RETIRED)
    told = {one.path: one.code for one in error.value.problems}
    assert told == {"report/x_asked dimensions.hue.field": "query.no_field"}


def test_a_plan_tells_what_publishing_would_refuse_with_the_name_that_was_meant(
    site, platform, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("LOOPLINE_LANGUAGE", "en")
    (tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "vain.yaml").write_text(ASKING_IN_VAIN.replace("colour", "ownr"), encoding="utf-8")
    planned = CliRunner().invoke(main, ["metadata", "plan", str(tmp_path), "--site", str(site)])
    told = "report/x_vain dimensions.ownr.field: There is no field ownr. Did you mean owner?"
    assert (planned.exit_code, planned.stderr.strip()) == (1, f"error: {told}")
