"""Cells that name several records: parted, found, created, left blank, refused, awaited."""

import pytest

from loopline.services.imports.several import parts_of

DOCUMENTS = """
kind: entity
id: x_guest
format: 1
label: {zh: 来宾, en: Guest}
title_field: name
fields:
  name:  {type: text, label: {zh: 姓名, en: Name}}
  phone: {type: phone, label: {zh: 手机, en: Phone}}
  peers: {type: links, to: x_guest, label: {zh: 同行, en: Peers}}
---
kind: entity
id: x_event
format: 1
label: {zh: 活动, en: Event}
title_field: name
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  guests: {type: links, to: x_guest, label: {zh: 来宾, en: Guests}}
"""
MAPPING = "format: 1\nentity: x_event\ncolumns:\n  Guests: {{field: guests, {rule}}}\n"


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def known(make_record) -> dict[str, int]:
    phones = {"Ann": "+8613812345678", "Bob": "+8613912345678", "Cid": "+8613712345678"}
    return {n: make_record("x_guest", name=n, phone=p).id for n, p in phones.items()}


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Ann; bob；Cid、Dan", ("Ann", "bob", "Cid", "Dan")),
        ("Acme, Inc.;Acme, Inc.", ("Acme, Inc.",)),
        ("#1, #2 #3", ("#1", "#2", "#3")),
        (" ; ", ()),
    ],
)
def test_a_cell_is_parted(cell: str, parts: tuple[str, ...]) -> None:
    assert parts_of(cell) == parts


@pytest.mark.parametrize("cell", ["Ann; bob", "Ann；BOB", "Ann、Bob；Ann", "Bob\nAnn"])
def test_several_are_found_by_name(bring_in, known, records, cell: str) -> None:
    bring_in("x_event", [["Name", "Guests"], ["Fair", cell]])
    assert records("x_event")[0].values["guests"] == (known["Ann"], known["Bob"])


def test_several_are_found_by_a_field_the_heading_names(bring_in, known, records) -> None:
    bring_in("x_event", [["Name", "Guests/Phone"], ["Fair", "139 1234 5678；13712345678"]])
    assert records("x_event")[0].values["guests"] == (known["Bob"], known["Cid"])


def test_numbers_stand_beside_names(bring_in, known, records) -> None:
    bring_in("x_event", [["Name", "Guests"], ["Fair", f"#{known['Cid']}; Ann"]])
    assert records("x_event")[0].values["guests"] == (known["Ann"], known["Cid"])


def test_none_and_many_are_refused_by_name(bring_in, known, make_record, reasons) -> None:
    make_record("x_guest", name="Bob")
    report = bring_in("x_event", [["Name", "Guests"], ["Fair", "Ann; Bob; Eve"]])
    told = sorted((one.column, one.code) for one in reasons(report))
    assert told == [("Guests", "link.many"), ("Guests", "link.none")]


def test_what_nobody_knows_may_be_left_out_or_made(bring_in, known, records) -> None:
    table = [["Name", "Guests"], ["Fair", "Ann; Eve"]]
    bring_in("x_event", table, mapping=MAPPING.format(rule="on_none: blank"))
    assert records("x_event")[0].values["guests"] == (known["Ann"],)
    table = [["Name", "Guests"], ["Ball", "Ann; Eve"]]
    bring_in("x_event", table, mapping=MAPPING.format(rule="on_none: create"))
    assert [one.values["name"] for one in records("x_guest")][-1] == "Eve"
    assert len(records("x_event")[1].values["guests"]) == 2


def test_many_may_mean_the_first(bring_in, known, make_record, records) -> None:
    make_record("x_guest", name="Bob")
    mapping = MAPPING.format(rule="on_many: first")
    bring_in("x_event", [["Name", "Guests"], ["Fair", "Bob"]], mapping=mapping)
    assert records("x_event")[0].values["guests"] == (known["Bob"],)


def test_a_value_rule_holds_for_each_part(bring_in, known, records) -> None:
    mapping = MAPPING.format(rule="values: {Annie: Ann}")
    bring_in("x_event", [["Name", "Guests"], ["Fair", "Annie; Bob"]], mapping=mapping)
    assert records("x_event")[0].values["guests"] == (known["Ann"], known["Bob"])


def test_a_row_may_name_later_rows_of_the_file(bring_in, records) -> None:
    bring_in("x_guest", [["Name", "Peers"], ["a", "b; c"], ["b", ""], ["c", "b"]])
    found = {one.values["name"]: one for one in records("x_guest")}
    assert found["a"].values["peers"] == tuple(sorted((found["b"].id, found["c"].id)))
