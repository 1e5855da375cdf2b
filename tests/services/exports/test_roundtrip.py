"""The law of exports: imported again, an export changes nothing, whatever the values."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.fields.address import Address
from loopline.fields.cleaning import clean_line, clean_lines, narrow
from loopline.fields.links import record_ids
from loopline.services.editing import update
from loopline.services.exports.export import ExportRequest, Format, export
from loopline.services.imports.errors_file import refusals
from loopline.services.imports.request import ImportReport, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.services.records import create_many

DOCUMENTS = """
kind: entity
id: x_all
format: 1
label: {zh: 全部, en: Everything}
title_field: line
fields:
  line:    {type: text, label: {zh: 名称, en: Name}}
  lines:   {type: long_text, label: {zh: 名称, en: Name}}
  whole:   {type: integer, label: {zh: ID, en: ID}}
  exact:   {type: decimal, scale: 3, label: {zh: 更新时间, en: Updated}}
  ratio:   {type: percent, label: {zh: 占比, en: Ratio}}
  price:   {type: money, label: {zh: 价格, en: Price}}
  truth:   {type: boolean, label: {zh: 真假, en: Truth}}
  day:     {type: date, label: {zh: 日期, en: Day}}
  moment:  {type: datetime, label: {zh: 时刻, en: Moment}}
  option:
    type: choice
    label: {zh: 选项, en: Option}
    options: {a: {label: {zh: 甲, en: B}}, b: {label: {zh: 乙, en: A}}}
  options:
    type: multi_choice
    label: {zh: 多选, en: Options}
    options: {a: {label: {zh: "甲,乙", en: "1,2"}}, b: {label: {zh: 丙, en: C}}}
  mail:    {type: email, label: {zh: 邮箱, en: E-mail}}
  phone:   {type: phone, label: {zh: 电话, en: Phone}}
  site:    {type: url, label: {zh: 网址, en: Website}}
  number:  {type: code, label: {zh: 编号, en: Code}}
  stars:   {type: rating, label: {zh: 星级, en: Stars}}
  data:    {type: json, label: {zh: 数据, en: Data}}
  region:  {type: region, label: {zh: 地区, en: Region}}
  place:   {type: address, label: {zh: 地址, en: Address}}
  parent:  {type: link, to: x_all, label: {zh: 上级, en: Parent}, on_delete: clear}
  other:   {type: link, to: x_all, label: {zh: 上级, en: Parent}, on_delete: clear}
  peers:   {type: links, to: x_all, label: {zh: 同伴, en: Peers}}
  person:  {type: user, label: {zh: 人员, en: Person}}
  office:  {type: department, label: {zh: 部门, en: Office}}
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
HOSTILE = st.sampled_from(
    ["=1+1", "'=x", "-5", "0012", "1e5", "#3", "x #1", "true", "N/A", "a;b", 'q"']
)
LINE = (TEXT | HOSTILE).map(clean_line).filter(bool)
JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
).filter(lambda value: value != "")


def exactly(scale: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1 - 10**18, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-scale))


VALUES = {
    "line": LINE,
    "lines": (TEXT | HOSTILE).map(clean_lines).filter(bool),
    "whole": st.integers(1 - 10**18, 10**18 - 1),
    "exact": exactly(3),
    "ratio": exactly(4),
    "price": exactly(2),
    "truth": st.booleans(),
    "day": st.dates(date(1000, 1, 1)),
    "moment": st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 30), timezones=st.just(UTC)),
    "option": st.sampled_from(["a", "b"]),
    "options": st.sampled_from([("a",), ("b",), ("a", "b")]),
    "mail": st.sampled_from(["a@b.cn", "A.b+c@d.example"]),
    "phone": st.sampled_from(["+8613812345678", "+14155550000", "+862162345678;ext=12"]),
    "site": st.sampled_from(["https://a.cn", "http://b.example/x?y=1,2"]),
    "number": LINE.map(narrow).filter(bool),
    "stars": st.integers(1, 5),
    "data": JSON,
    "region": st.sampled_from(["11", "3301", "110101"]),
    "place": st.builds(Address, st.sampled_from(["", "11"]), LINE),
    "peers": st.lists(st.integers(1, 5), min_size=1, max_size=4).map(record_ids),
    "person": st.integers(1, 3),
    "office": st.integers(1, 2),
}
ROW = st.fixed_dictionaries({}, optional=VALUES)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def peopled(platform: Platform) -> Platform:
    with platform.write(via="cli") as ctx:
        create_many(ctx, "user", [{"name": "Ann"}, {"name": "ann"}, {"name": "Bob"}])
        create_many(ctx, "department", [{"name": "East"}, {"name": "West"}])
        create_many(ctx, "x_all", [{}, {"line": "x"}, {"line": "X"}, {"line": "x #1"}])
    return platform


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@settings(max_examples=8)
@given(
    rows=st.lists(ROW, min_size=1, max_size=12), parents=st.lists(st.integers(1, 5), min_size=12)
)
def test_an_export_imported_again_changes_nothing(
    peopled: Platform, tmp_path: Path, kind: str, rows: list, parents: list[int]
) -> None:
    linked = [
        {**row, "parent": parent, "other": 6 - parent}
        for row, parent in zip(rows, parents, strict=False)
    ]
    with peopled.write(via="cli") as ctx:
        create_many(ctx, "x_all", [{}])
        made = create_many(ctx, "x_all", linked)
    assert all(isinstance(one, int) for one in made)
    report = there_and_back(peopled, tmp_path / f"out.{kind}", "x_all", f"id >= {made[0]}")
    assert (report.skipped, report.total) == (len(rows), len(rows))


def test_moments_are_told_and_read_on_the_clock_of_the_same_user(
    platform: Platform, as_user, make_record, tmp_path: Path
) -> None:
    moment = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    make_record("x_all", line="x", moment=moment)
    ada = as_user(administrator=True)
    with platform.write(via="cli") as ctx:
        update(ctx, "user", ada.id, {"zone": "America/New_York", "language": "en"})
        ada = platform.actor(ctx.connection, ada.id)
    report = there_and_back(platform, tmp_path / "out.csv", "x_all", actor=ada)
    assert (report.skipped, report.total) == (1, 1)
    assert "2026-03-04T00:06:00" in (tmp_path / "out.csv").read_text("utf-8")


def there_and_back(
    platform: Platform, file: Path, entity: str, condition: str = "", actor: Actor = SYSTEM
) -> ImportReport:
    """Export records and import the file; nothing may fail or be left out."""
    wanted = ExportRequest(
        entity=entity,
        format=cast("Format", file.suffix[1:]),
        filter=condition,
    )
    with platform.read(actor) as ctx:
        export(ctx, wanted, file)
    asked = ImportRequest(entity=entity, file_name=file.name, content=file)
    with platform.write(actor, via="import") as ctx:
        import_id = start(ctx, asked, platform.settings.files)
    report = run(platform.open_as, platform.settings.files, import_id)
    with platform.read() as ctx:
        assert refusals(ctx, import_id) == []
    assert report.unmatched == ()
    return report
