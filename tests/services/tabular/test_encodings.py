import codecs

import pytest

from loopline.errors import NotValid
from loopline.services.tabular.read import read
from loopline.services.tabular.table import ReadOptions

HEADINGS = ("订单号", "客户名称", "城市")
ROWS = [("1", "东方机械有限公司", "上海"), ("2", "华北设备, 厂", "北京"), ("3", "西南仪器", "成都")]
TRADITIONAL = [("1", "臺灣機械股份有限公司", "臺北"), ("2", "國際貿易公司", "高雄")]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def text(separator=",", headings=HEADINGS, rows=tuple(ROWS)):
    lines = [headings, *rows]
    return "".join(separator.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


def cells(table):
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", [*MARKS, "gb18030"])
def test_every_encoding_and_separator_is_told_without_a_mark(encoding, separator):
    table = read(text(separator).encode(encoding), "a.csv")
    assert (table.encoding, table.separator) == (encoding, separator)
    assert table.headings == HEADINGS
    assert cells(table) == ROWS


@pytest.mark.parametrize("encoding", MARKS)
def test_a_byte_order_mark_decides(encoding):
    table = read(MARKS[encoding] + text().encode(encoding), "a.csv")
    assert (table.encoding, table.headings, cells(table)) == (encoding, HEADINGS, ROWS)


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_the_mark_of_utf16_before_utf32_is_seen_through(encoding):
    table = read(codecs.BOM_UTF16_BE + text().encode(encoding), "a.csv")
    assert (table.encoding, cells(table)) == (encoding, ROWS)


def test_big5_is_told_from_gb18030():
    headings = ("訂單號", "客戶名稱", "城市")
    table = read(text(headings=headings, rows=TRADITIONAL).encode("big5"), "a.csv")
    assert (table.encoding, cells(table)) == ("big5", TRADITIONAL)


def test_lone_accents_are_windows_1252():
    rows = [("1", "José Núñez", "München"), ("2", "Crédit Agricole", "Málaga")]
    table = read(text(rows=rows, headings=("No", "Name", "City")).encode("cp1252"), "a.csv")
    assert (table.encoding, cells(table)) == ("cp1252", rows)


def test_chinese_after_a_megabyte_of_ascii_is_still_seen():
    body = b"name,city\n" + b"plain,ascii\n" * 100_000 + "东方,上海\n".encode("gb18030")
    table = read(body, "a.csv")
    assert table.encoding == "gb18030"
    assert cells(table)[-1] == ("东方", "上海")


def test_one_broken_byte_in_utf8_is_refused_by_row_not_read_as_garbage():
    lines = ["名称,城市"] + [f"东方{n},上海" for n in range(50_000)]
    body = "\n".join(lines).encode().replace("东方41234,".encode(), b"\xe4\xb8,")
    with pytest.raises(NotValid) as refused:
        read(body, "a.csv")
    assert refused.value.key == "file.undecodable"
    assert refused.value.problems[0].path == "a.csv:41236"


def test_a_wanted_encoding_that_does_not_fit_is_refused_by_row():
    with pytest.raises(NotValid, match=r"file\.undecodable") as refused:
        read(text().encode("gb18030"), "a.csv", ReadOptions(encoding="utf-8"))
    assert refused.value.params["row"] == 1


def test_an_encoding_nobody_knows_is_refused():
    with pytest.raises(NotValid, match=r"file\.encoding_unknown"):
        read(b"a,b\n1,2\n", "a.csv", ReadOptions(encoding="klingon"))


def test_gbk_is_read_as_its_superset():
    table = read(text().encode("gbk"), "a.csv", ReadOptions(encoding="gbk"))
    assert (table.encoding, cells(table)) == ("gb18030", ROWS)
