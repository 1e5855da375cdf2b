"""The list a sales team brings home from a trade fair: good rows, and five that are faulty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import xlsxwriter

from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.equipment.names import Names, latin, mobile
from loopline_metadata.packs.equipment.places import BRANCHES
from loopline_metadata.packs.equipment.season import FAIR_LENGTH, ZONE, local_day
from loopline_metadata.packs.equipment.stream import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from random import Random

    from xlsxwriter.worksheet import Worksheet

    from loopline.sdk import SeedContext

ROWS: Final = 120
MAPPING: Final = """
format: 1
entity: lead
constants: {source: expo, booth: A12}
columns:
  登记时间: {field: created_at}
"""
"""What everybody at the fair knows and the file does not say; the other columns speak for themselves."""

HEADINGS: Final = (
    "序号",
    "登记时间",
    "公司名称",
    "联系人",
    "职务",
    "手机",
    "邮箱",
    "意向产品",
    "意向等级",
    "预算(元)",
    "备注",
)
FAULTS: Final[Mapping[int, tuple[str, str]]] = {
    17: ("手机", "1990000"),
    38: ("联系人", ""),
    59: ("预算(元)", "面议"),
    81: ("邮箱", "wanghai#example"),
    104: ("意向等级", "特级"),
}
"""Which row (from 1) has which heading spoilt, and how."""

_WIDTHS: Final = (6, 18, 30, 12, 14, 18, 34, 30, 10, 14, 36)
_TITLES: Final = ("设备工程师", "采购主管", "项目经理", "总经理", "技术总监", "维保主管")
_NOTES: Final = (
    "现场看过样机，要求寄选型样册",
    "年底前招标，需报技术方案",
    "关注交期和备件价格",
    "已加微信，约下周电话沟通",
    "在用进口泵，考虑国产化",
    "",
    "",
)
_PHONE_FORMS: Final[tuple[Callable[[str], str | int], ...]] = (
    str,
    int,  # spreadsheets turn digits into numbers
    lambda digits: f"{digits[:3]} {digits[3:7]} {digits[7:]}",
    lambda digits: f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
    lambda digits: f"+86 {digits}",
)


@dataclass(frozen=True, slots=True)
class _Look:
    title: object
    remark: object
    heading: object
    amount: object


def build(path: Path, context: SeedContext) -> Path:
    """Write the xlsx to ``path`` and answer it.

    Two title rows with merged cells stand above the headings; phones come as text, as numbers, with
    spaces, dashes or country code; the faulty rows are those of ``FAULTS``.
    """
    settings = {"constant_memory": False}
    with xlsxwriter.Workbook(str(path), settings) as book:
        book.set_properties({"created": context.now.replace(tzinfo=None)})
        sheet = book.add_worksheet("客户登记")
        heading = {"bold": True, "bg_color": "#DDE7E9", "border": 1, "align": "center"}
        look = _Look(
            title=book.add_format({"bold": True, "font_size": 16, "align": "center"}),
            remark=book.add_format({"align": "left", "font_color": "#5B6B70"}),
            heading=book.add_format(heading),
            amount=book.add_format({"num_format": "#,##0"}),
        )
        _write_top(sheet, context, look)
        for index, row in enumerate(rows(context)):
            _write_row(sheet, index + 3, row, look)
    return path


def rows(context: SeedContext) -> tuple[Mapping[str, object], ...]:
    """Answer the rows of the list by heading, faults included."""
    random = stream(context, "exhibition")
    names = Names(random)
    days = sorted(_stand(random, context.now) for _ in range(ROWS))
    return tuple(_visitor(random, names, number, day) for number, day in enumerate(days, start=1))


def _stand(random: Random, now: datetime) -> datetime:
    """Answer a moment at the stand, on the days of the fair that has just closed."""
    day = local_day(now) - timedelta(days=random.randint(1, FAIR_LENGTH))
    opening = datetime.combine(day, time(9), ZONE)
    return opening + timedelta(minutes=random.randrange(8 * 60))


def _visitor(random: Random, names: Names, number: int, day: datetime) -> Mapping[str, object]:
    branch = random.choices(BRANCHES, [one.weight for one in BRANCHES])[0]
    stem, person = names.stem(), names.person()
    product = random.choice([one for one in products() if one.category in branch.categories])
    quantity = random.choices((1, 2, 4, 6), (45, 30, 15, 10))[0]
    budget = round(float(product.price) * quantity * random.uniform(0.85, 1.2), -3)
    digits = mobile("177", number).removeprefix("+86")
    address = f"{latin(person)}@{latin(stem + branch.word)}.example"
    row: dict[str, object] = {
        "序号": number,
        "登记时间": f"{day.astimezone(ZONE):%Y-%m-%d %H:%M}",
        "公司名称": stem + branch.word + names.form(),
        "联系人": person,
        "职务": random.choice(_TITLES),
        "手机": random.choice(_PHONE_FORMS)(digits),
        "邮箱": address if random.random() < 0.7 else "",
        "意向产品": product.name,
        "意向等级": random.choices("ABC", (22, 48, 30))[0],
        "预算(元)": budget if random.random() < 0.75 else "",
        "备注": random.choice(_NOTES),
    }
    return row | dict((FAULTS[number],)) if number in FAULTS else row


def _write_top(sheet: Worksheet, context: SeedContext, look: _Look) -> None:
    last = len(HEADINGS) - 1
    day = local_day(context.now)
    sheet.merge_range(0, 0, 0, last, f"{day:%Y} 流体机械展 客户登记表", look.title)
    sheet.merge_range(1, 0, 1, 4, "展位：5.1 馆 B12    登记：市场部", look.remark)
    sheet.merge_range(1, 5, 1, last, f"导出日期：{day:%Y-%m-%d}", look.remark)
    for column, (text, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
        sheet.write_string(2, column, text, look.heading)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(3, 0)


def _write_row(sheet: Worksheet, at: int, row: Mapping[str, object], look: _Look) -> None:
    for column, heading in enumerate(HEADINGS):
        value = row[heading]
        if isinstance(value, str):
            if value:
                sheet.write_string(at, column, value)
        elif heading == "手机":
            sheet.write_number(at, column, value)
        else:
            sheet.write_number(at, column, value, look.amount if heading != "序号" else None)
