"""A percentage in a form and in a filter: with its sign or without."""

from decimal import Decimal

import pytest

DOCUMENTS = """
kind: entity
id: x_offer
format: 1
label: {zh: 报价, en: Offer}
title_field: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  off:  {type: percent, label: {zh: 折扣, en: Off}, max: 1}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.mark.parametrize("typed", ["25", "25%", "25 ％"])
def test_what_is_typed_is_the_percentage(ada, api, typed) -> None:
    assert ada.send("/records/x_offer/new", name="a", off=typed).status_code == 303
    assert Decimal(api("GET", "/records/x_offer/1")["off"]) == Decimal("0.25")
    assert 'value="25%"' in ada.get("/records/x_offer/1/edit").text


def test_what_is_above_the_bound_is_told_as_it_was_typed(ada) -> None:
    answer = ada.send("/records/x_offer/new", name="a", off="250")
    assert answer.status_code == 422
    assert "100%" in answer.text


def test_a_filter_takes_it_too(ada, make_record) -> None:
    make_record("x_offer", name="little", off=Decimal("0.05"))
    make_record("x_offer", name="much", off=Decimal("0.25"))
    page = ada.get("/records/x_offer?c=off:ge:10").text
    assert ("much" in page, "little" in page, " 10%" in page) == (True, False, True)
