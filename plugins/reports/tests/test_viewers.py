"""Whoever looks sees their own numbers, and is told what is kept from them."""

import json

import pytest
from click.testing import CliRunner

from loopline.access.context import SYSTEM, Actor
from loopline.cli.main import main
from loopline.language import Messages
from loopline.services.query_checks import query_problems

CROSS = "/reports/x_cross"
ROLES = """
---
kind: role
id: x_own
format: 1
label: {zh: 本人, en: Own}
grants:
  deals: {entity: opportunity, actions: [read], scope: own}
  customers: {entity: customer, actions: [read]}
  users: {entity: user, actions: [read]}
---
kind: entity
id: opportunity
extend: true
fields:
  amount: {group: money}
---
kind: role
id: x_no_money
format: 1
label: {zh: 不看金额, en: No money}
grants:
  deals: {entity: opportunity, actions: [read], fields: {money: none}}
  users: {entity: user, actions: [read]}
---
kind: report
id: x_won
format: 1
label: {zh: 赢单, en: Won}
dataset: {entity: opportunity}
dimensions: {stage: {field: stage}}
measures: {n: {aggregate: count}}
where: 'stage == "won"'
pivot: {rows: [stage]}
"""


@pytest.fixture
def site_documents(site_documents) -> str:
    return site_documents + ROLES


def test_each_sees_what_they_may_read_and_how_much_they_may_not(api, deals, as_user) -> None:
    shown = api(CROSS, as_user("Own", roles=("x_own",))).json()
    assert [one for one in shown["cells"] if one.get("value") not in {None, 0, "0.00"}] == []
    assert any(note.startswith("5 records") for note in shown["notes"])


def test_a_filtered_report_does_not_tell_records_that_may_not_match(api, deals, as_user) -> None:
    notes = api("/reports/x_won", as_user("Own", roles=("x_own",))).json()["notes"]
    assert "only records that you may see are counted; others may match" in notes
    assert not any("records that you may not see" in note for note in notes)


def test_a_field_that_the_viewer_may_not_read_is_an_error_with_its_place(
    api, deals, as_user
) -> None:
    refused = api(CROSS, as_user("Poor", roles=("x_no_money",)))
    assert refused.status_code == 422
    found = {(one["path"], one["code"]) for one in refused.json()["problems"]}
    assert ("measures.amount.field", "query.no_field") in found


def test_reports_run_from_the_command_line_as_somebody(site, deals, people, monkeypatch) -> None:
    monkeypatch.setenv("LOOPLINE_SITE", str(site))
    asked = ["report", "run", "x_cross", "--param", "stage=won", "--as", "ann@example.com"]
    done = CliRunner().invoke(main, asked)
    shown = json.loads(done.stdout)
    assert [one["value"] for one in shown["cells"] if one["part"] == "value"][-3] == 3
    assert CliRunner().invoke(main, [*asked, "--format", "pdf"]).stdout_bytes[:4] == b"%PDF"
    refused = CliRunner().invoke(main, ["report", "run", "x_cross", "--param", "stage=x"])
    assert (refused.exit_code, "params.stage" in refused.stderr) == (1, True)


def test_a_name_that_leads_nowhere_is_called_unread_only_to_people(platform, as_user) -> None:
    facts = {"f": {"entity": "opportunitee", "via": "x"}}
    count = {"n": {"aggregate": "count"}}
    asked = {"dataset": {"entity": "opportunity", "facts": facts}, "measures": count}

    def told(actor: Actor) -> list[str]:
        with platform.read(actor) as ctx:
            return [Messages().tell(one, "en") for one in query_problems(ctx, asked)]

    near = "Did you mean opportunity?"
    assert f"There is no entity opportunitee. {near}" in told(SYSTEM)
    read = f"There is no entity opportunitee, or you may not read it. {near}"
    assert read in told(as_user("Own", roles=("x_own",)))
