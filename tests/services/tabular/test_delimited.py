import gzip
import io
import zipfile

import pytest

from loopline.errors import NotValid
from loopline.services.tabular.read import read
from loopline.services.tabular.table import Limits, ReadOptions


def packed(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def rows(body, **options):
    return [(row.number, row.cells) for row in read(body, "a.csv", ReadOptions(**options)).rows]


def refusal(body, **options):
    with pytest.raises(NotValid) as refused:
        read(body, "a.csv", ReadOptions(**options))
    return refused.value


def test_rows_are_numbered_by_the_line_they_begin_on():
    body = b'a,b\n"two\nlines",1\n\n"say ""hi""",2\n'
    assert rows(body) == [(2, ("two\nlines", "1")), (5, ('say "hi"', "2"))]


def test_a_table_can_be_read_again():
    table = read(b"a,b\n1,2\n", "a.csv")
    assert list(table.rows) == list(table.rows) != []


def test_a_short_row_is_filled_with_blanks():
    assert rows(b"a,b,c\n1\n1,2,3\n") == [(2, ("1", None, None)), (3, ("1", "2", "3"))]


def test_a_long_row_says_so_and_keeps_what_fits():
    row = next(iter(read(b"a,b\n1,2,x\n1,2\n1,2,,\n", "a.csv").rows))
    assert row.cells == ("1", "2")
    assert [problem.code for problem in row.problems] == ["row.too_many_cells"]


def test_blank_surplus_cells_are_no_problem():
    assert not [row for row in read(b"a,b,\n1,2,\n1,2,,\n", "a.csv").rows if row.problems]


def test_an_unnamed_first_column_is_kept_under_its_letter():
    table = read(b",a,b\n0,1,2\n", "a.csv")
    assert table.headings == ("[A]", "a", "b")


def test_double_headings_are_numbered():
    assert read(b"a,a,a (2),a\n1,2,3,4\n", "a.csv").headings == ("a", "a (3)", "a (2)", "a (4)")


def test_commas_inside_quoted_cells_do_not_widen_the_table():
    lines = [f'{n},"big, red",{n}' for n in range(400)]
    body = "\n".join(["a,b,c", *lines]).encode()
    assert {len(cells) for _, cells in rows(body)} == {3}


def test_spaces_between_separator_and_quote_are_seen_through():
    assert rows(b'a, b\n1, "x, y"\n2, "z, w"\n')[0] == (2, ("1", "x, y"))


def test_a_tab_text_with_stray_quotes_is_read_as_it_is():
    assert rows(b'a\tb\n"x" y\t1\n"z" w\t2\n')[0] == (2, ('"x" y', "1"))


def test_the_hint_of_excel_names_the_separator():
    assert rows(b"sep=;\na;b\n1,5;2,5\n") == [(3, ("1,5", "2,5"))]


def test_a_wanted_separator_wins():
    assert rows(b"a,b!c\n1,2!3\n", separator="!") == [(2, ("1,2", "3"))]


def test_old_line_ends_count():
    assert rows(b"a,b\r1,2\r3,4\r") == [(2, ("1", "2")), (3, ("3", "4"))]


def test_title_rows_are_passed_over():
    table = read(b"report,,\n,,\nname,city,no\nx,y,1\n", "a.csv")
    assert (table.header_row, table.headings) == (3, ("name", "city", "no"))


def test_a_named_header_row_wins():
    table = read(b"a,b\nc,d\n1,2\n", "a.csv", ReadOptions(header_row=2))
    assert (table.headings, [row.number for row in table.rows]) == (("c", "d"), [3])


def test_a_gzip_is_unpacked_on_the_way():
    assert rows(gzip.compress(b"a,b\n1,2\n")) == [(2, ("1", "2"))]


def test_the_only_table_of_a_zip_is_taken():
    body = packed(**{"x/data.csv": "a,b\n1,2\n", "__MACOSX/._data.csv": "\0", "x/readme.md": "hi"})
    assert rows(body) == [(2, ("1", "2"))]


def test_a_zip_with_several_tables_asks_which():
    body = packed(**{"one.csv": "a,b\n1,2\n", "two.csv": "c,d\n3,4\n"})
    assert refusal(body).key == "file.choose_table"
    assert read(body, "a.zip", ReadOptions(sheet="two")).headings == ("c", "d")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b"\n \n,,\n", "file.empty"),
        (b"a,b\n", "file.no_rows"),
        (b"\x00\x01\x02\x00", "file.kind"),
        (b"%PDF-1.7", "file.kind_named"),
        (b" <html><table>", "file.kind_named"),
        (b'a,b\n1,"2\n3,4\n', "file.quotes"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "file.cell_too_long"),
        (b"\x1f\x8bnonsense", "file.damaged"),
        (b"PK\x03\x04nonsense", "file.damaged"),
        (packed(**{"a.png": "x"}), "file.zip_without_table"),
    ],
)
def test_what_is_no_table_is_refused(body, code):
    assert refusal(body).key == code


def test_a_missing_quote_names_the_row():
    assert refusal(b'a,b\n1,2\n3,"4\n5,6\n').params["row"] == 3


def test_a_header_alone_may_be_asked_for():
    table = read(b"a,b\n", "a.csv", ReadOptions(require_rows=False))
    assert (table.headings, list(table.rows)) == (("a", "b"), [])


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: packed(**{"a.csv": body})])
def test_a_bomb_is_refused(pack):
    limits = Limits(unpacked_bytes=1_000_000)
    assert refusal(pack(b"a,b\n" * 1_000_000), limits=limits).key == "file.bomb"
