import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter

from loopline.errors import NotValid
from loopline.services.tabular.read import read
from loopline.services.tabular.table import Limits, ReadOptions


def workbook(*sheets):
    """Answer an xlsx with one sheet per function, each given (sheet, workbook)."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for fill in sheets:
        fill(book.add_worksheet(), book)
    book.close()
    return stream.getvalue()


def grid(*rows):
    def fill(sheet, _book):
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return fill


def refusal(body, **options):
    with pytest.raises(NotValid) as refused:
        read(body, "a.xlsx", ReadOptions(**options))
    return refused.value


def test_cells_come_as_native_types():
    def fill(sheet, book):
        day, moment, clock, percent = (
            book.add_format({"num_format": form})
            for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "0%")
        )
        sheet.write_row(0, 0, list("abcdefgh"))
        sheet.write_number(1, 0, 60610)
        sheet.write_datetime(1, 1, date(2025, 3, 1), day)
        sheet.write_datetime(1, 2, datetime(2025, 3, 1, 8, 30), moment)
        sheet.write_datetime(1, 3, time(9, 15), clock)
        sheet.write_number(1, 4, 0.25, percent)
        sheet.write_boolean(1, 5, True)
        sheet.write_formula(1, 6, "=A2*2", None, 121220)
        sheet.write_number(1, 7, 1.5)

    row = next(iter(read(workbook(fill), "a.xlsx").rows))
    moment = datetime(2025, 3, 1, 8, 30)
    assert row.cells == (60610, date(2025, 3, 1), moment, time(9, 15), 0.25, True, 121220, 1.5)
    assert isinstance(row.cells[0], int)


def test_the_header_stands_behind_merged_titles():
    def fill(sheet, _book):
        sheet.write(0, 0, "填写须知：")
        sheet.merge_range(1, 0, 1, 3, "请勿修改表头")
        sheet.write_row(2, 0, ["工号", "姓名", "部门", "邮箱"])
        sheet.write_row(3, 0, ["1", "甲", "销售", "a@example.com"])

    table = read(workbook(fill), "a.xlsx")
    assert (table.header_row, table.headings) == (3, ("工号", "姓名", "部门", "邮箱"))
    assert [row.number for row in table.rows] == [4]


def test_headings_merged_over_two_rows_are_filled_down():
    def fill(sheet, _book):
        sheet.merge_range(0, 0, 1, 0, "姓名")
        sheet.merge_range(0, 1, 0, 3, "联系方式")
        sheet.write_row(1, 1, ["手机", "邮箱", "微信"])
        sheet.write_row(2, 0, ["甲", "13800000000", "a@example.com", "w"])

    table = read(workbook(fill), "a.xlsx")
    assert (table.header_row, table.headings) == (2, ("姓名", "手机", "邮箱", "微信"))


def test_the_sheet_with_a_table_is_taken_before_help_and_empty_ones():
    body = workbook(grid(), grid(["How to fill in"], ["…"]), grid(["a", "b"], [1, 2]))
    table = read(body, "a.xlsx")
    assert (table.sheet, table.sheets) == ("Sheet3", ("Sheet1", "Sheet2", "Sheet3"))


def test_a_wanted_sheet_wins():
    body = workbook(grid(["a", "b"], [1, 2]), grid(["c", "d"], [3, 4]))
    assert read(body, "a.xlsx", ReadOptions(sheet="Sheet2")).headings == ("c", "d")


def test_an_unknown_sheet_is_refused_with_those_there_are():
    refused = refusal(workbook(grid(["a"], [1])), sheet="Data")
    assert (refused.key, refused.params["sheets"]) == ("file.sheet", "Sheet1")


def test_rows_far_down_keep_their_number():
    def fill(sheet, _book):
        sheet.write_row(4, 1, ["a", "", "b"])
        sheet.write_row(7, 1, ["x", "y"])
        sheet.write_formula(7, 3, "=1/0", None, "#DIV/0!")

    table = read(workbook(fill), "a.xlsx")
    (row,) = table.rows
    assert (table.header_row, table.headings) == (5, ("a", "[C]", "b"))
    assert (row.number, row.cells) == (8, ("x", "y", None))
    assert [problem.path for problem in row.problems] == ["a.xlsx:8 b"]


def test_a_formula_that_fails_is_told_not_left_blank_in_silence():
    def fill(sheet, _book):
        sheet.write_row(0, 0, ["name", "rate"])
        sheet.write(1, 0, "x")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    row = next(iter(read(workbook(fill), "a.xlsx").rows))
    assert [(p.code, p.params["cell"]) for p in row.problems] == [("row.error_cell", "B2")]


def test_empty_workbooks_are_refused():
    assert refusal(workbook(grid())).key == "file.empty"


def test_a_header_alone_is_refused():
    assert refusal(workbook(grid(["a", "b"]))).key == "file.no_rows"


def test_two_cells_in_far_corners_do_not_claim_the_memory():
    def fill(sheet, _book):
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    assert refusal(workbook(fill)).key == "file.too_many_cells"


def test_cells_that_are_only_formatted_do_not_count():
    def fill(sheet, book):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["1", "2"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))

    assert len(list(read(workbook(fill), "a.xlsx").rows)) == 1


def test_too_many_rows_are_refused():
    body = workbook(grid(["a", "b"], *[[1, 2]] * 20))
    assert refusal(body, limits=Limits(sheet_rows=10)).key == "file.too_many_rows"


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    stream = io.BytesIO(workbook(grid(["a", "b"], [1, 2])))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"0" * 3_000_000)
    limits = Limits(unpacked_bytes=2_000_000)
    assert refusal(stream.getvalue(), limits=limits).key == "file.bomb"


def test_an_encrypted_workbook_asks_for_one_without_password():
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    assert refusal(head + "EncryptedPackage".encode("utf-16-le")).key == "file.password"


def test_a_damaged_workbook_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).key == "file.damaged"
