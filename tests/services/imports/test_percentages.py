"""Percentages in files: as a text with its sign, as a ratio, or below a heading with the sign."""

from decimal import Decimal

import pytest

DOCUMENTS = """
kind: entity
id: x_offer
format: 1
label: {zh: 报价, en: Offer}
title_field: name
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  off:    {type: percent, label: {zh: 折扣, en: Discount}, max: 1}
  margin: {type: percent, label: {zh: 毛利率%, en: Margin %}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.mark.parametrize(
    ("heading", "cell", "ratio"),
    [
        ("Discount", "25%", "0.25"),
        ("Discount", "0.25", "0.25"),
        ("Discount (%)", "25", "0.25"),
        ("折扣％", "0.5", "0.005"),
        ("Discount %", "25%", "0.25"),
        ("Margin %", "0.25", "0.25"),
    ],
)
def test_a_cell_is_read_as_its_heading_says(bring_in, records, heading, cell, ratio) -> None:
    bring_in("x_offer", [["Name", heading], ["a", cell]])
    values = records("x_offer")[0].values
    assert Decimal(ratio) in {values["off"], values["margin"]}


def test_a_bare_number_without_the_sign_above_is_a_ratio(bring_in, reasons) -> None:
    report = bring_in("x_offer", [["Name", "Discount"], ["a", "25"]])
    assert [one.code for one in reasons(report)] == ["number.above"]
