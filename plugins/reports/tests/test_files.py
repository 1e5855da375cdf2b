"""Files and pages of a report say the same as its cells."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from web.visitor import Visitor, add_person

CROSS = "/reports/x_cross"
TOP = 2


@pytest.fixture
def visitor(platform, client, deals) -> Visitor:
    found = Visitor(client)
    found.sign_in(add_person(platform, "Page", administrator=True))
    return found


def test_page_and_workbook_hold_the_texts_and_numbers_of_the_cells(api, visitor) -> None:
    cells = api(CROSS, language="zh").json()["cells"]
    page = visitor.get(CROSS).text
    table = page[page.index("<table") : page.index("</table>")]
    found = re.findall(r"<t[hd](?: [^>]*)?>(?:<a [^>]*>)?([^<]*)", table)
    assert [unescape(one) for one in found] == [one["text"] for one in in_order(cells)]
    book = CalamineWorkbook.from_filelike(BytesIO(api(CROSS, language="zh", format="xlsx").content))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for one in cells:
        there = rows[TOP + one["row"]][one["column"]]
        assert plain(there) == expected(one)


def in_order(cells):
    return sorted(cells, key=lambda one: (one["row"], one["column"]))


def plain(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, int | float) else value


def expected(cell) -> object:
    if cell["part"] != "value":
        return cell["text"]
    return "" if cell["value"] is None else Decimal(str(cell["value"])) + Decimal("0.0")


def test_the_workbook_keeps_merged_heads_and_freezes_them(api, deals) -> None:
    with ZipFile(BytesIO(api(CROSS, format="xlsx").content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<mergeCell ref="C3:E3"/>' in sheet
    assert 'xSplit="2" ySplit="4"' in sheet


def test_csv_has_one_line_of_heads_and_whole_rows(api, deals) -> None:
    lines = list(csv.reader(StringIO(api(CROSS, format="csv").content.decode("utf-8-sig"))))
    assert lines[0][2] == "2025-12 / Records"
    assert [line[0] for line in lines[1:]] == ["Bo", "Bo", "Bo", "Ann", "Ann", "Ann", "Total"]


def test_pdf_is_printed_and_other_formats_are_refused(api, deals) -> None:
    assert api(CROSS, format="pdf").content.startswith(b"%PDF")
    assert api(CROSS, format="docx").status_code == 400


def test_the_page_asks_for_parameters_and_names_what_is_wrong(visitor) -> None:
    page = visitor.get(f"{CROSS}?stage=x").text
    assert 'name="period.from"' in page
    assert 'role="alert"' in page
