"""Dashboards: reports and the widgets of other plugins side by side, each failing in its place."""

import pytest

from loopline.services.plugin_states import disable, enable
from loopline.testing import publish_documents
from loopline_reports import checking
from web.visitor import Visitor, add_person

BROKEN = """
---
kind: report
id: x_broken
format: 1
label: {zh: 坏, en: Broken}
dataset: {entity: opportunity}
measures: {n: {aggregate: sum, field: x_gone}}
---
kind: entity
id: opportunity
format: 1
extend: true
fields: {x_gone: {type: integer, label: {zh: 去, en: Gone}}}
---
kind: dashboard
id: x_wall
format: 1
label: {zh: 墙, en: Wall}
params:
  stage: {type: choice, default: lost, options: {won: {label: Won}, lost: {label: Lost}}}
widgets:
  cross: {report: x_cross, show: table}
  figure: {report: x_cross, show: figures, params: {stage: won}}
  broken: {report: x_broken}
  leads: {widget: leads.new}
  overdue: {widget: contracts.overdue}
"""


GONE = """
kind: entity
id: opportunity
format: 1
extend: true
fields: {x_gone: {retired: true}}
"""


@pytest.fixture
def site_documents(site_documents) -> str:
    return site_documents + BROKEN


@pytest.fixture
def visitor(platform, client, deals, monkeypatch) -> Visitor:
    monkeypatch.setattr(checking, "_broken", lambda _ctx, _event: ())  # as it once was
    publish_documents(platform, GONE)  # what a report asked for went away after it
    found = Visitor(client)
    found.sign_in(add_person(platform, "Page", administrator=True))
    return found


def test_parts_follow_the_parameters_and_one_that_fails_says_so(visitor) -> None:
    page = " ".join(visitor.get("/dashboards/x_wall").text.split())
    assert "新线索来源" in page
    assert "逾期未收" in page
    assert "measures.n.field" in page
    assert "380.10" in page  # the figure keeps its own value of the parameter
    assert "110.00" in page
    assert "490.10" not in page


def test_numbers_of_a_widget_lead_to_their_records(visitor, make_record) -> None:
    make_record("lead", name="Ann", source="web")
    page = visitor.get("/dashboards/x_wall").text
    assert 'href="/records/lead?view=lead_all&amp;filter=' in page


@pytest.mark.parametrize("name", ["boss", "my_workbench"])
def test_stock_dashboards_are_drawn_whole(visitor, name) -> None:
    page = visitor.get(f"/dashboards/{name}").text
    assert 'role="alert"' not in page
    assert f"/dashboards/{name}" in visitor.get("/dashboards").text


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["leads", "contracts"])
def test_a_plugin_takes_its_parts_along_and_brings_them_back(platform, visitor, name) -> None:
    def failing() -> list[str]:
        pages = ("/reports", "/dashboards/boss", "/dashboards/my_workbench")
        return [page for page in pages if 'role="alert"' in visitor.get(page).text]

    whole = visitor.get("/dashboards/boss").text
    with platform.write() as ctx:
        disable(ctx, platform.shelf, name)
    assert failing() == []
    fewer = visitor.get("/dashboards/boss").text
    with platform.write() as ctx:
        enable(ctx, platform.shelf, name)
    again = visitor.get("/dashboards/boss").text
    counts = [page.count("<section") for page in (whole, fewer, again)]
    assert counts == [counts[0], counts[0] - 1, counts[0]]
