"""The region file made from the npm package, and the rows read back from it."""

import json
from pathlib import Path

import pytest

from loopline.hooks.declare import SeedContext
from loopline_metadata.base.regions import build, full_name, rows

PARTS = {
    "provinces": [{"code": "11", "name": "北京市"}, {"code": "32", "name": "江苏省"}],
    "cities": [
        {"code": "1101", "name": "市辖区", "provinceCode": "11"},
        {"code": "3206", "name": "南通市", "provinceCode": "32"},
    ],
    "areas": [
        {"code": "110101", "name": "东城区", "cityCode": "1101", "provinceCode": "11"},
        {"code": "320612", "name": "通州区", "cityCode": "3206", "provinceCode": "32"},
    ],
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "dist").mkdir()
    for name, content in PARTS.items():
        (tmp_path / "dist" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


@pytest.fixture
def built(package: Path) -> Path:
    build(package, package / "out" / "regions.json")
    return package / "out" / "regions.json"


def test_build_counts_the_package_and_what_it_keeps_apart(package: Path) -> None:
    assert build(package, package / "regions.json") == 6 + 3


def test_build_twice_writes_the_same_bytes(package: Path, built: Path) -> None:
    before = built.read_bytes()
    build(package, built)
    assert built.read_bytes() == before


def test_build_refuses_another_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        build(tmp_path, tmp_path / "regions.json")


def test_rows_name_the_command_when_the_file_is_missing(
    tmp_path: Path, context: SeedContext
) -> None:
    with pytest.raises(FileNotFoundError, match="loopline assets"):
        list(rows(context, tmp_path / "regions.json"))


def test_parents_come_before_their_children(built: Path, context: SeedContext) -> None:
    codes = [str(row["code"]) for row in rows(context, built)]
    children = [code for code in codes if len(code) > 2]
    assert all(codes.index(code[:-2]) < codes.index(code) for code in children)


def test_a_county_knows_its_names_and_its_city(built: Path, context: SeedContext) -> None:
    row = next(row for row in rows(context, built) if row["code"] == "320612")
    assert row == {
        "code": "320612",
        "name": "通州区",
        "full_name": "江苏省南通市通州区",
        "name_en": "Tongzhou",
        "level": "county",
        "parent": {"by": {"code": "3206"}},
    }


def test_grouping_cities_are_left_out_of_the_full_name() -> None:
    names = {"11": "北京市", "1101": "市辖区", "110101": "东城区"}
    assert full_name("110101", names) == "北京市东城区"


@pytest.mark.parametrize("code", ["71", "81", "82"])
def test_taiwan_hong_kong_and_macau_are_provinces(
    built: Path, context: SeedContext, code: str
) -> None:
    row = next(row for row in rows(context, built) if row["code"] == code)
    assert (row["level"], "parent" in row) == ("province", False)
