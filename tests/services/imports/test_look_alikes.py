"""Imports count the rows that look like records that are there, or like rows before them."""

from loopline.bootstrap import Platform
from loopline.testing import publish_documents

RULE = """
kind: duplicate_rule
id: x_phone
format: 1
label: {zh: 同一电话, en: Same phone}
entity: x_thing
match: {phone: {}}
on_match: %s
"""
ROWS = [["Name", "Phone"], ["b", "13812341234"], ["c", "13812340000"], ["d", "138-1234-0000"]]


def test_rows_that_look_like_others_are_counted(platform: Platform, make_record, bring_in) -> None:
    publish_documents(platform, RULE % "warn")
    make_record("x_thing", name="a", phone="+8613812341234")
    report = bring_in("x_thing", ROWS)
    assert (report.created, report.failed, report.look_alikes) == (3, 0, 2)


def test_rows_that_a_rule_refuses_are_named(
    platform: Platform, make_record, bring_in, reasons
) -> None:
    publish_documents(platform, RULE % "block")
    make_record("x_thing", name="a", phone="+8613812341234")
    report = bring_in("x_thing", ROWS)
    assert (report.created, report.failed, report.look_alikes) == (1, 2, 0)
    assert reasons(report)[0].message.startswith("电话与物品“a”相同")
