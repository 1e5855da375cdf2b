"""A list goes out as a file as the screen shows it."""

from pathlib import Path

import pytest

from loopline.services.tabular.read import read
from web.visitor import Visitor


@pytest.mark.parametrize(("sort", "names"), [("name", ["a", "b"]), ("-name", ["b", "a"])])
def test_a_file_has_the_order_of_the_list(
    ada: Visitor, tmp_path: Path, sort: str, names: list[str]
) -> None:
    for name in "ab":
        ada.send("/records/x_thing/new", name=name)
    file = tmp_path / "out.xlsx"
    file.write_bytes(ada.get(f"/records/x_thing/export?sort={sort}&columns=name").content)
    assert [row.cells[1] for row in read(file, file.name).rows] == names
