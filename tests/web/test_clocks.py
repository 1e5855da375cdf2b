"""The card beside a record: the clocks that run on it, and how their ends were computed."""

from datetime import timedelta

import pytest

from kit.kernel_site import DOCUMENTS
from web.visitor import Visitor

CLOCK = """
---
kind: clock
id: x_answer
format: 1
label: {zh: 首次答复, en: First answer}
entity: x_thing
start_when: "kind_of == 'big'"
due: PT4H
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + CLOCK


def test_a_running_clock_stands_beside_its_record(ada: Visitor, make_record, clock) -> None:
    thing = make_record("x_thing", name="Valve", kind_of="big").id
    page = ada.get(f"/records/x_thing/{thing}").text
    assert 'datetime="2026-01-05T05:00:00+00:00"' in page
    assert "首次答复" in page
    assert "时间如何算出" in page
    clock.move(timedelta(hours=5))
    ada.sign_in("ada@example.com")
    assert "已超时" in ada.get(f"/records/x_thing/{thing}").text


def test_without_clocks_there_is_no_card(ada: Visitor, make_record) -> None:
    thing = make_record("x_thing", name="Valve", kind_of="small").id
    assert "时限" not in ada.get(f"/records/x_thing/{thing}").text
