"""The cells of a report over HTTP: heads, totals from the query, drills, and the rights in them."""

import pytest

CROSS = "/reports/x_cross"


@pytest.fixture
def shown(api, deals):
    return api(CROSS).json()


def texts(shown, row: int) -> list[str]:
    return [one["text"] for one in shown["cells"] if one["row"] == row]


def test_heads_are_merged_and_rows_stand_by_the_measure_they_are_sorted_by(shown) -> None:
    assert (shown["heads"], shown["stubs"]) == (2, 2)
    head = [(one["text"], one.get("columns", 1)) for one in shown["cells"] if one["row"] == 0]
    assert head[2:] == [("2025-12", 3), ("2026-01", 3), ("Total", 3)]
    stubs = [one for one in shown["cells"] if one["part"] == "stub"]
    assert [one["text"] for one in stubs if one["column"] == 0] == ["Bo", "Ann", "Total"]
    assert stubs[0]["rows"] == 3


def test_totals_are_those_of_the_query(shown) -> None:
    last = shown["height"] - 1
    values = {
        one["column"]: one["value"]
        for one in shown["cells"]
        if one["row"] == last and one["part"] == "value"
    }
    # one customer in both months: two cells of 1 and a total of 1
    assert values == {
        2: 2,
        3: "100.00",
        4: 1,
        5: 3,
        6: "390.10",
        7: 1,
        8: 5,
        9: "490.10",
        10: 1,
    }


def test_every_cell_leads_to_the_records_that_it_counts(shown, api) -> None:
    counts = [one for one in shown["cells"] if one.get("measure") == "n" and "drill" in one]
    for one in counts[-6:]:
        found = api("/records/opportunity", filter=one["drill"]["filter"], count="exact").json()
        assert len(found["items"]) == one["value"]


def test_a_parameter_limits_the_records_and_a_style_marks_low_values(api, deals) -> None:
    shown = api(CROSS, stage="won").json()
    low = [one["text"] for one in shown["cells"] if one.get("style") == "danger"]
    assert "30.00" in low
    assert {"Lost"}.isdisjoint(one["text"] for one in shown["cells"])
    own = api(CROSS, **{"period.from": "2026-01-04", "period.to": "2026-01-04"}).json()
    assert own["params"]["period"] == {"from": "2026-01-04", "to": "2026-01-05"}
    assert texts(own, own["height"] - 1)[-3:] == ["2", "290.00", "1"]


def test_values_that_cannot_be_read_are_refused_by_name(api) -> None:
    refused = api(CROSS, stage="x")
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["path"] == "params.stage"


def test_a_chart_has_the_numbers_of_the_cells(shown) -> None:
    chart = shown["chart"]
    assert chart["names"] == ["2025-12", "2026-01"]
    assert [one["name"] for one in chart["series"]] == ["Won", "Lost"]
    assert chart["series"][0]["values"] == [30.0, 350.1]


def test_whoever_may_not_read_the_records_is_not_told_of_the_report(api, as_user) -> None:
    nobody = as_user("Nobody", roles=())
    assert api(CROSS, nobody).status_code == 404
    assert api("/reports", nobody).json()["items"] == []


def test_a_report_can_be_sent_along_and_is_checked_as_a_document(api, deals) -> None:
    report = {
        "dataset": {"entity": "opportunity"},
        "dimensions": {"stage": {"field": "stage"}},
        "measures": {"n": {"aggregate": "count"}},
    }
    shown = api("/reports/run", body={"report": report}).json()
    assert [one["value"] for one in shown["cells"] if one["part"] == "value"] == [3, 2, 5]
    wrong = {**report, "pivot": {"rows": ["colour"]}}
    refused = api("/reports/run", body={"report": wrong})
    assert (refused.status_code, refused.json()["problems"][0]["path"]) == (
        422,
        "report.pivot.rows",
    )
    missing = {**report, "dimensions": {"x": {"field": "no_such"}}}
    found = api("/reports/run", body={"report": missing}).json()["problems"][0]
    assert (found["path"], found["code"]) == ("dimensions.x.field", "query.no_field")


def test_a_report_is_refused_beyond_the_cells_and_groups_that_it_allows(api, deals) -> None:
    report = {
        "dataset": {"entity": "opportunity"},
        "dimensions": {"name": {"field": "name"}},
        "measures": {"n": {"aggregate": "count"}},
    }
    for limit in ("cells", "groups"):
        refused = api("/reports/run", body={"report": {**report, "limit": {limit: 2}}})
        assert refused.status_code == 422
        assert refused.json()["problems"][0]["path"] == f"limit.{limit}"
