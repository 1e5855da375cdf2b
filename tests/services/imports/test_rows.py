"""Rows become records: created, found again by a key, or refused as a whole."""

from datetime import date
from decimal import Decimal

import pytest

from loopline.errors import NotValid

HEAD = ["Name", "E-mail", "Count", "Price", "Day"]


def counts(report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.skipped, report.failed


def test_each_row_becomes_a_record(bring_in, records) -> None:
    report = bring_in("x_thing", [HEAD, ["Bolt", "a@b.cn", "3", "1.50", "2026/3/4"]])
    assert counts(report) == (1, 0, 0, 0)
    values = records("x_thing")[0].values
    assert (values["name"], values["mail"], values["count"]) == ("Bolt", "a@b.cn", 3)
    assert (values["price"], values["day"]) == (Decimal("1.50"), date(2026, 3, 4))


def test_a_blank_cell_leaves_a_new_field_to_its_default(bring_in, records) -> None:
    bring_in("x_thing", [["Name", "Active"], ["Bolt", ""]])
    assert records("x_thing")[0].values["active"] is True


def test_a_row_with_any_problem_is_left_out_as_a_whole(bring_in, records, reasons) -> None:
    report = bring_in(
        "x_thing", [HEAD, ["Bolt", "not mail", "many", "", ""], ["Nut", "", "1", "", ""]]
    )
    assert counts(report) == (1, 0, 0, 1)
    assert [one.values["name"] for one in records("x_thing")] == ["Nut"]
    told = [(one.row, one.column, one.code) for one in reasons(report)]
    assert told == [(2, "E-mail", "email.invalid"), (2, "Count", "number.unreadable")]


def test_rules_and_required_fields_name_their_column(bring_in, reasons) -> None:
    table = [["Name", "Count", "Kind"], ["", "1", "big"], ["Bolt", "2000", "small"]]
    found = [(one.row, one.column, one.code) for one in reasons(bring_in("x_thing", table))]
    assert found == [(2, "Name", "field.required"), (3, "Count", "record.rule")]


def test_a_key_finds_records_and_a_row_without_difference_is_skipped(bring_in, records) -> None:
    bring_in("x_thing", [HEAD[:3], ["Bolt", "a@b.cn", "3"], ["Nut", "c@d.cn", "4"]])
    again = [HEAD[:3], ["Bolt", "A@B.cn", "5"], ["Nut", "c@d.cn", "4"], ["Gear", "", ""]]
    report = bring_in("x_thing", again, key="mail")
    assert counts(report) == (1, 1, 1, 0)
    assert [one.values["count"] for one in records("x_thing")] == [5, 4, None]


def test_the_same_key_twice_in_a_file_is_one_record(bring_in, records) -> None:
    table = [["Name", "E-mail"], ["Bolt", "a@b.cn"], ["Bolt 2", "a@b.cn"]]
    assert counts(bring_in("x_thing", table, key="mail")) == (1, 1, 0, 0)
    assert [one.values["name"] for one in records("x_thing")] == ["Bolt 2"]


@pytest.mark.parametrize(
    ("on_match", "wanted", "left"),
    [
        ("skip", (0, 0, 1, 0), ("Bolt", None)),
        ("update", (0, 1, 0, 0), ("Screw", 7)),
        ("fill", (0, 1, 0, 0), ("Bolt", 7)),
        ("error", (0, 0, 0, 1), ("Bolt", None)),
    ],
)
def test_what_happens_to_a_found_record(bring_in, records, on_match, wanted, left) -> None:
    bring_in("x_thing", [["Name", "E-mail"], ["Bolt", "a@b.cn"]])
    table = [["Name", "E-mail", "Count"], ["Screw", "a@b.cn", "7"]]
    assert counts(bring_in("x_thing", table, key="mail", on_match=on_match)) == wanted
    values = records("x_thing")[0].values
    assert (values["name"], values["count"]) == left


def test_a_blank_cell_clears_a_field_of_a_found_record(bring_in, records) -> None:
    bring_in("x_thing", [["Name", "E-mail", "Count"], ["Bolt", "a@b.cn", "3"]])
    bring_in("x_thing", [["Name", "E-mail", "Count"], ["Bolt", "a@b.cn", ""]], key="mail")
    assert records("x_thing")[0].values["count"] is None


def test_the_id_column_is_the_key_where_there_is_one(bring_in, make_record, records) -> None:
    known = make_record("x_thing", name="Bolt")
    table = [["ID", "Name"], [known.id, "Screw"], ["", "Nut"], [known.id + 99, "Gear"]]
    assert counts(bring_in("x_thing", table)) == (1, 1, 0, 1)
    assert [one.values["name"] for one in records("x_thing")] == ["Screw", "Nut"]


def test_a_key_that_several_records_have_is_refused(bring_in, make_record, reasons) -> None:
    make_record("x_thing", name="Bolt", count=1)
    make_record("x_thing", name="Nut", count=1)
    report = bring_in("x_thing", [["Name", "Count"], ["Gear", "1"]], key="count")
    assert [one.code for one in reasons(report)] == ["import.key_matches_many"]


def test_created_at_may_come_in(bring_in, records) -> None:
    bring_in("x_thing", [["Name", "Created at"], ["Bolt", "2024-05-06 08:00:00"]])
    assert records("x_thing")[0].created_at.isoformat() == "2024-05-06T00:00:00+00:00"


def test_a_file_in_which_nothing_fits_is_refused(begin) -> None:
    with pytest.raises(NotValid) as refused:
        begin("x_thing", [["Wibble", "Wobble"], ["1", "2"]])
    assert refused.value.key == "import.nothing_matches"
    assert len(refused.value.problems) == 2


def test_a_key_without_a_column_is_refused(begin) -> None:
    with pytest.raises(NotValid) as refused:
        begin("x_thing", [["Name"], ["Bolt"]], key="mail")
    assert [one.code for one in refused.value.problems] == ["import.key_without_column"]


def test_people_without_mail_come_in(bring_in, records) -> None:
    table = [["Sales agent", "Manager"], ["Ann", "Bob"], ["Bob", ""]]
    assert counts(bring_in("user", table)) == (2, 0, 0, 0)
    ann = next(one for one in records("user") if one.values["name"] == "Ann")
    bob = next(one for one in records("user") if one.values["name"] == "Bob")
    assert ann.values["manager"] == bob.id
