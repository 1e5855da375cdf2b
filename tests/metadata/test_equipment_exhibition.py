"""The exhibition list: two title rows, clean headings, and five rows that are wrong on purpose."""

from pathlib import Path

import pytest
from python_calamine import load_workbook

from loopline.hooks.declare import SeedContext
from loopline.services.mapping.file import load_mapping
from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.equipment.exhibition import (
    FAULTS,
    HEADINGS,
    MAPPING,
    ROWS,
    build,
    rows,
)

Table = list[list[object]]


@pytest.fixture
def table(tmp_path: Path, context: SeedContext) -> Table:
    book = load_workbook(str(build(tmp_path / "list.xlsx", context)))
    return book.get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def test_the_headings_stand_in_the_third_row(table: Table) -> None:
    assert tuple(table[2]) == HEADINGS
    assert len(table) == 3 + ROWS


def test_the_titles_are_merged(tmp_path: Path, context: SeedContext) -> None:
    sheet = load_workbook(str(build(tmp_path / "list.xlsx", context))).get_sheet_by_index(0)
    assert sheet.merged_cell_ranges == [((0, 0), (0, 10)), ((1, 0), (1, 4)), ((1, 5), (1, 10))]


def test_some_phones_are_numbers_and_some_are_texts(table: Table) -> None:
    column = HEADINGS.index("手机")
    assert {type(row[column]) for row in table[3:]} == {float, str}


def test_the_faults_are_where_they_are_said_to_be(table: Table) -> None:
    found = {number: table[number + 2] for number in FAULTS}
    spoilt = {
        number: (heading, found[number][HEADINGS.index(heading)])
        for number, (heading, _) in FAULTS.items()
    }
    assert spoilt == FAULTS


def test_products_are_named_as_in_the_catalogue(context: SeedContext) -> None:
    assert {row["意向产品"] for row in rows(context)} <= {one.name for one in products()}


def test_visitors_came_one_after_the_other_on_the_days_of_the_fair(context: SeedContext) -> None:
    times = [str(row["登记时间"]) for row in rows(context)]
    assert times == sorted(times)
    assert len(set(times)) > ROWS / 2
    assert max(times) < "2026-11-23"


def test_the_mapping_says_where_all_of_them_came_from() -> None:
    mapping = load_mapping(MAPPING)
    assert mapping.constants == {"source": "expo", "booth": "A12"}


def test_one_context_gives_the_same_file(tmp_path: Path, context: SeedContext) -> None:
    first, second = build(tmp_path / "a.xlsx", context), build(tmp_path / "b.xlsx", context)
    assert first.read_bytes() == second.read_bytes()
