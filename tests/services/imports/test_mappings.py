"""A mapping file says what headings and texts mean; it is remembered for its header row."""

import pytest

from loopline.errors import NotValid

MAPPING = """
format: 1
entity: x_thing
blank: [Select, N/A]
constants: {kind_of: big}
ignore: [Junk]
columns:
  What: {field: name, values: {GTXPro: GTX Pro}}
  When: {field: day, date_format: "%d/%m/%Y"}
"""
TABLE = [["What", "When", "Junk", "Note"], ["GTXPro", "03/04/2026", "x", "Select"]]


def test_values_blanks_constants_and_formats(bring_in, records) -> None:
    report = bring_in("x_thing", TABLE, mapping=MAPPING)
    values = records("x_thing")[0].values
    assert (values["name"], values["day"].isoformat()) == ("GTX Pro", "2026-04-03")
    assert (values["note"], values["kind_of"]) == (None, "big")
    assert [one.params["column"] for one in report.ignored] == ["Junk"]


def test_a_mapping_is_remembered_without_its_constants(bring_in, records) -> None:
    bring_in("x_thing", TABLE, mapping=MAPPING)
    report = bring_in("x_thing", [TABLE[0], ["GTXPro", "05/06/2026", "", ""]])
    assert report.from_memory
    values = records("x_thing")[1].values
    assert (values["name"], values["kind_of"]) == ("GTX Pro", None)


def test_columns_that_fit_nothing_are_told_and_left_out(bring_in) -> None:
    report = bring_in("x_thing", [["Name", "Wibble"], ["Bolt", "1"]])
    assert [(one.code, one.params["column"]) for one in report.unmatched] == [
        ("mapping.unknown_column", "Wibble")
    ]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ("{What: {field: name}, Junk: {field: name}}", "mapping.clash"),
        ("{What: {field: wibble}}", "mapping.unknown_field"),
        ("{Wobble: {field: name}}", "mapping.column_missing"),
        ("{What: {field: kind_of}}\nconstants: {kind_of: big}", "import.constant_clash"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(begin, columns, code) -> None:
    with pytest.raises(NotValid) as refused:
        begin("x_thing", TABLE, mapping=f"format: 1\nentity: x_thing\ncolumns: {columns}")
    assert [one.code for one in refused.value.problems] == [code]


def test_a_mapping_for_another_entity_is_refused(begin) -> None:
    with pytest.raises(NotValid):
        begin("x_part", TABLE, mapping=MAPPING)
