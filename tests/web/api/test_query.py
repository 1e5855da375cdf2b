"""Grouped numbers over HTTP."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

COUNTED = {"dataset": {"entity": "x_thing"}, "measures": {"n": {"aggregate": "count"}}}


@pytest.fixture
def things(call) -> None:
    rows = [{"name": f"T{n}", "price": f"{n}.50", "kind_of": "big"} for n in range(3)]
    call("POST", "/records/x_thing", json=[*rows, {"name": "T9", "price": "1"}])


def test_a_grid(call, things) -> None:
    dimensions = {"by": {"field": "kind_of"}, "made": {"field": "created_at", "grain": "month"}}
    measures = {
        "n": {"aggregate": "count", "label": {"en": "How many"}},
        "price": {"aggregate": "sum", "field": "price"},
        "share": {"of": "n", "show": "percent_of_total", "format": "percent1"},
        "last": {"aggregate": "max", "field": "created_at"},
    }
    body = {**COUNTED, "dimensions": dimensions, "measures": measures}
    found = call("POST", "/query", json=body).json()
    assert found["columns"][0] == {
        "id": "by",
        "label": "Kind",
        "kind": "choice",
        "role": "dimension",
    }
    assert [one["kind"] for one in found["columns"]][1:] == [
        *("month", "integer", "decimal", "ratio", "datetime")
    ]
    row = found["rows"][0]
    assert row["key"] == {"by": "big", "made": "2026-01-01"}
    assert row["labels"] == {"by": "Big", "made": "2026-01"}
    assert row["values"] == [3, "4.50", 0.75, "2026-01-05T01:00:00Z"]
    assert found["totals"][0]["values"][:3] == [4, "5.50", 1.0]
    assert found["notes"] == {
        "hidden_rows": 0,
        "left_out": 0,
        "rates": [],
        "unconverted": {},
        "compared": {},
        "as_of": "2026-01-05T01:00:00Z",
    }


def test_what_a_grid_says_besides(call, things) -> None:
    was = {"of": "n", "compare": "previous_period"}
    found = call(
        *("POST", "/query"),
        json={
            **COUNTED,
            "params": {"p": "this_month"},
            "where": "in_range(created_at, param.p)",
            "dimensions": {"name": {"field": "name"}, "mark": {"field": "marks"}},
            "measures": {**COUNTED["measures"], "was": was},
            "top": {"name": {"n": 1, "by": "n", "others": True}},
        },
    ).json()
    assert [one.get("overlap") for one in found["columns"]] == [None, True, None, None]
    assert (found["rows"][1]["others"], found["rows"][1]["values"]) == (["name"], [3, 0])
    assert '"2025-12-01"' in found["rows"][0]["filters"]["was"]
    assert found["notes"]["compared"] == {"was": {"from": "2025-12-01", "to": "2025-12-06"}}


def test_the_filter_of_a_row_lists_its_records(call, things) -> None:
    body = {
        **COUNTED,
        "dimensions": {"price": {"field": "price"}},
        "where": "price > 1 || price == 0.5",
    }
    rows = call("POST", "/query", json=body).json()["rows"]
    listed = [call("GET", "/records/x_thing", params={"filter": row["filter"]}) for row in rows]
    assert [len(one.json()["items"]) for one in listed] == [1, 1, 1]


def test_what_is_refused(call) -> None:
    wrong = call("POST", "/query", json={**COUNTED, "where": "wibble == 1"})
    assert (wrong.status_code, wrong.json()["problems"][0]["path"]) == (422, "where")
    assert call("POST", "/query", json=[]).status_code == 400
    unknown = {**COUNTED, "dataset": {"entity": "wibble"}}
    assert call("POST", "/query", json=unknown).status_code == 404
    assert call("GET", "/query").status_code == 405


def test_a_reading_token_is_enough(ask, token, things) -> None:
    answer = ask(token("read"), "POST", "/query", json=COUNTED)
    assert (answer.status_code, answer.json()["rows"][0]["values"]) == (200, [4])


WORDS = st.sampled_from(
    ("x_thing", "name", "count", "price", "created_at", "parent.name", "marks", "note", "n", "n/n")
)
SOME = (
    WORDS
    | st.text(max_size=8)
    | st.sampled_from(("sum", "avg", "min", "month", "week", "count_distinct", "part", "levels"))
    | st.none()
    | st.integers(-(2**70), 2**70)
    | st.booleans()
    | st.lists(st.integers() | WORDS, max_size=3)
)
PARTS = st.dictionaries(
    st.sampled_from(("field", "grain", "bucket", "aggregate", "formula", "of", "show", "fact"))
    | st.sampled_from(("where", "label", "pos", "format", "entity", "via")),
    SOME,
    max_size=3,
)
NAMED = st.dictionaries(st.sampled_from(("n", "a", "b", "")) | st.text(max_size=3), PARTS | SOME)


@given(
    body=st.fixed_dictionaries(
        {"dataset": st.fixed_dictionaries({"entity": WORDS | st.just("x_thing")})},
        optional={
            "dimensions": NAMED,
            "measures": NAMED,
            **dict.fromkeys(("where", "having", "sort", "limit", "totals", "wibble"), SOME),
        },
    )
)
@settings(max_examples=60)
def test_nothing_that_is_asked_makes_it_fail(call, body) -> None:
    assert call("POST", "/query", content=json.dumps(body)).status_code < 500


def test_every_field_groups_or_refuses(call, things) -> None:
    names = ["name", "code", "mail", "phone", "count", "price", "day", "note", "active", "kind_of"]
    names += ["marks", "parent", "id", "row_version", "created_by", "created_at", "parent.parent"]
    said = {}
    for name in names:
        for how in ("count_distinct", "sum", "avg", "min"):
            measures = {"m": {"aggregate": how, "field": name}}
            body = {**COUNTED, "measures": measures, "dimensions": {"d": {"field": name}}}
            said[name, how] = call("POST", "/query", json=body).status_code
    assert set(said.values()) == {200, 422}
    assert {name for (name, how), status in said.items() if status == 200} == {*names} - {
        "note",
        "marks",
    }
