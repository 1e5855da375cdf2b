"""Workbooks that were made to do harm: entities that grow, files of the machine, links outside."""

import io
import zipfile

import pytest
import xlsxwriter

from loopline.errors import NotValid
from loopline.services.tabular.read import read
from loopline.services.tabular.table import ReadOptions

LAUGHS = "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "lol"}">' for number in range(10)
)
DOCTYPES = {
    "a billion laughs": (f"<!DOCTYPE sst [{LAUGHS}]>", "&l9;"),
    "a file of the machine": ('<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
    "an address": ('<!DOCTYPE sst [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', "&x;"),
}


def workbook(doctype: str, text: str) -> bytes:
    """Answer an xlsx whose texts begin with a document type and hold an entity."""
    plain, spoilt = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(plain)
    book.add_worksheet().write_row(0, 0, ["name", "note"])
    book.worksheets()[0].write_row(1, 0, ["A", "HERE"])
    book.close()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sharedStrings.xml"):
                head, _, rest = content.partition(b"?>")
                content = head + b"?>" + doctype.encode() + rest.replace(b"HERE", text.encode())
            target.writestr(name, content)
    return spoilt.getvalue()


@pytest.mark.parametrize("kind", DOCTYPES)
def test_no_entity_is_followed(kind: str) -> None:
    with pytest.raises(NotValid, match=r"file\.damaged"):
        read(workbook(*DOCTYPES[kind]), "a.xlsx", ReadOptions())


def test_the_same_workbook_without_them_is_read() -> None:
    table = read(workbook("", "fine"), "a.xlsx", ReadOptions())
    assert [row.cells for row in table.rows] == [("A", "fine")]
