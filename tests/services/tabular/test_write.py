import io
import json
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.errors import NotValid
from loopline.services.tabular.read import read
from loopline.services.tabular.write import CsvWriter, JsonWriter, XlsxWriter

RISKY = ["=1+1", "+86 138", "-5", "@x", "\tx", "\rx", "'=1", "''-5", "'plain", "=", "'"]
texts = st.one_of(
    st.sampled_from(RISKY),
    # no surrogates, and none of the controls and non-characters that XML cannot name
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=30),
    st.text(alphabet="a,;\t|\"'\r\n =+-@", min_size=1, max_size=12),
)
moments = st.datetimes(
    min_value=datetime(1901, 1, 1),
    max_value=datetime(2200, 1, 1),
).map(lambda moment: moment.replace(microsecond=0, second=max(moment.second, 1)))
numbers = st.one_of(
    st.integers(-(10**18), 10**18),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**16)),
)
values = st.one_of(st.none(), texts, numbers, st.booleans(), st.dates(), moments)
rows = st.lists(st.tuples(st.just("row"), values, values), min_size=1, max_size=8)


def written(writer, table, **options):
    stream = io.BytesIO()
    with closing(writer(stream, **options)) as out:
        out.write_header(["first", "second", "third"])
        for row in table:
            out.write_row(row)
    return stream.getvalue()


def as_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def same(read_back, value):
    """A cell is what was written, or its exact text where a spreadsheet cannot hold it."""
    if isinstance(value, str | bool) or value is None:
        return read_back == value and type(read_back) is type(value)
    if isinstance(value, int | Decimal) and not isinstance(read_back, str):
        return Decimal(repr(read_back)) == value
    return read_back in (value, as_text(value))


@settings(max_examples=60)
@given(rows)
def test_csv_gives_back_the_texts_of_what_was_written(table):
    found = read(written(CsvWriter, table), "a.csv")
    assert [row.cells for row in found.rows] == [
        tuple(value if isinstance(value, str) else as_text(value) for value in row) for row in table
    ]


@settings(max_examples=60)
@given(rows)
def test_xlsx_gives_back_what_was_written(table):
    found = [row.cells for row in read(written(XlsxWriter, table), "a.xlsx").rows]
    assert len(found) == len(table)
    for cells, row in zip(found, table, strict=True):
        assert all(map(same, cells, row)), (cells, row)


@pytest.mark.parametrize("text", RISKY)
def test_no_csv_cell_begins_like_a_formula(text):
    cell = written(CsvWriter, [("row", text, None)]).decode("utf-8-sig").split(",", 3)[-1]
    assert cell.strip('"')[0] not in "=+-@\t\r"


def test_negative_numbers_are_not_escaped_and_texts_are():
    body = written(CsvWriter, [(-5, Decimal("-1.50"), "-5")]).decode("utf-8-sig")
    assert body.splitlines()[1] == '-5,-1.50,"\'-5"'


def test_csv_opens_as_utf8_in_spreadsheets():
    assert written(CsvWriter, []).startswith(b"\xef\xbb\xbf")


def test_json_is_an_array_of_objects_with_exact_numbers():
    body = written(JsonWriter, [("甲", Decimal("1.10"), date(2025, 1, 2)), (1, None, True)])
    assert json.loads(body) == [
        {"first": "甲", "second": "1.10", "third": "2025-01-02"},
        {"first": 1, "second": None, "third": True},
    ]


def test_json_of_nothing_is_an_empty_array():
    assert json.loads(written(JsonWriter, [])) == []


def test_formulas_are_texts_in_xlsx():
    row = next(iter(read(written(XlsxWriter, [("=1+1", "'=1", "http://x")]), "a.xlsx").rows))
    assert row.cells == ("=1+1", "'=1", "http://x")


def test_aware_moments_stand_in_the_zone_of_the_file():
    moment = datetime(2025, 1, 1, 16, 30, tzinfo=UTC)
    body = written(XlsxWriter, [("x", moment, None)], zone="Asia/Shanghai")
    assert next(iter(read(body, "a.xlsx").rows)).cells[1] == datetime(2025, 1, 2, 0, 30)


def test_aware_moments_keep_their_offset_as_text_without_a_zone():
    moment = datetime(2025, 1, 1, 16, 30, tzinfo=timezone(timedelta(hours=8)))
    row = next(iter(read(written(XlsxWriter, [("x", moment, None)]), "a.xlsx").rows))
    assert row.cells[1] == "2025-01-01T16:30:00+08:00"


def test_the_hour_that_happens_twice_is_written_with_its_offset():
    moment = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    body = written(XlsxWriter, [("x", moment, None)], zone="Europe/Berlin")
    assert next(iter(read(body, "a.xlsx").rows)).cells[1] == "2025-10-26T00:30:00+00:00"


def test_a_text_too_long_for_a_cell_is_refused_with_its_row():
    with pytest.raises(NotValid, match=r"file\.cell_too_long"):
        written(XlsxWriter, [("x" * 32_768, None, None)])


def test_a_path_is_written_and_closed(tmp_path):
    target = tmp_path / "a.csv"
    out = CsvWriter(target)
    out.write_header(["a", "b"])
    out.write_row(["x", 1])
    out.close()
    assert next(iter(read(target, "a.csv").rows)).cells == ("x", "1")
