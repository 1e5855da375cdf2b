"""Columns of formulas, as an export writes them, are left out when a file comes in."""

import pytest

from services.imports.conftest import counts

DOCUMENTS = """
kind: entity
id: x_order
format: 1
label: Order
title_field: name
fields:
  name:  {type: text, label: Name}
  count: {type: integer, label: Count}
  twice: {type: formula, returns: integer, formula: "count * 2", label: Twice}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


def test_a_column_of_a_formula_is_left_out(bring_in, records) -> None:
    report = bring_in("x_order", [["Name", "Count", "Twice"], ["Bolt", "3", "7"]])
    assert counts(report)[0] == 1
    assert records("x_order")[0].values == {"name": "Bolt", "count": 3, "twice": 6}
