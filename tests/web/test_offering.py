"""What is not written by hand: read like all else, and nowhere is a form for it offered."""

import pytest

NOTES = """
kind: entity
id: x_jar
format: 1
label: {zh: 罐子, en: Jar}
title_field: name
fields: {name: {type: text, label: Name}}
---
kind: entity
id: x_slip
format: 1
label: {zh: 纸条, en: Slip}
title_field: name
traits: {by_hand: false}
fields:
  name: {type: text, label: Name}
  jar:  {type: link, to: x_jar, label: Jar}
---
kind: entity
id: x_label
format: 1
label: {zh: 标签, en: Label}
title_field: name
fields:
  name: {type: text, label: Name}
  on:   {type: link, to: x_jar, label: "On"}
  from: {type: link, to: x_jar, label: From, read_only: true}
"""


@pytest.fixture
def site_documents() -> str:
    return NOTES


@pytest.fixture
def slip(make_record) -> int:
    jar = make_record("x_jar", name="Jam")
    return make_record("x_slip", name="Plum", jar=jar.id).id


@pytest.mark.parametrize("page", ["x_jar/1", "x_jar/1?tab=related", "x_slip", "x_slip/1"])
def test_pages_offer_no_form_for_it(page, slip, ada) -> None:
    shown = ada.get(f"/records/{page}")
    assert shown.status_code == 200
    assert not {"/records/x_slip/new", f"/x_slip/{slip}/edit", f"/x_slip/{slip}/delete"} & {
        part.partition("?")[0] for part in shown.text.replace('href="', '"').split('"')
    }


@pytest.mark.parametrize("page", ["new", "1/edit"])
def test_there_is_no_form(page, slip, ada) -> None:
    assert ada.get(f"/records/x_slip/{page}").status_code == 403


def test_what_is_written_by_hand_is_offered(slip, ada) -> None:
    assert "/records/x_jar/new" in ada.get("/records/x_jar").text
    assert "/records/x_jar/1/edit" in ada.get("/records/x_jar/1").text


def test_a_link_that_people_do_not_write_is_no_way_to_make_one(slip, ada) -> None:
    shown = ada.get("/records/x_jar/1").text
    assert "/records/x_label/new?on=1" in shown
    assert "/records/x_label/new?from=1" not in shown
