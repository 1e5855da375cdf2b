"""The leads that every measurement writes and reads, the same for ours and for what stands beside.

Names, companies and trades repeat as in life; phone numbers and addresses do not.
"""

import csv
import os
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROWS = tuple(map(int, os.environ.get("LOOPLINE_BENCH_ROWS", "10000,100000").split(",")))
SMALL = min(ROWS)
LARGE = int(os.environ.get("LOOPLINE_BENCH_LARGE", "1000000"))
RUNS = int(os.environ.get("LOOPLINE_BENCH_RUNS", "5"))
WORKS = frozenset(filter(None, os.environ.get("LOOPLINE_BENCH_WORKS", "").split(",")))
LISTED = "name,company,phone,email,budget,source,status,next_follow_up,owner"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_PLACES = "京沪津渝苏浙皖闽赣鲁豫鄂湘粤桂琼川黔滇陕"
_TRADES = ("化工", "制药", "食品", "机械", "环保", "水务", "能源")
_SOURCES = ("web", "expo", "phone", "referral")
_FIRST_DAY = date(2026, 1, 1)


def lead(number: int) -> dict[str, Any]:
    """Answer one lead as values."""
    person = _SURNAMES[number % 24] + _GIVEN[number // 24 % 20] + _GIVEN[number // 480 % 20]
    trade, place = _TRADES[number % 7], _PLACES[number // 7 % 20] + _SURNAMES[number // 140 % 24]
    return {
        "name": person,
        "company": f"{place}{_GIVEN[number // 3 % 20]}{trade}有限公司",
        "title": "采购经理" if number % 3 else "总工程师",
        "phone": f"+8613{number % 10**9:09d}",
        "email": f"lead{number}@example.com",
        "source": _SOURCES[number % 4],
        "need": f"需要一台磁力泵，流量 {number % 97} 立方米每小时",
        "budget": Decimal(number % 5000) * 100,
        "level": "abc"[number % 3],
        "next_follow_up": _FIRST_DAY + timedelta(days=number % 300),
    }


def leads(first: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield leads by number."""
    return map(lead, range(first, first + count))


def body(number: int) -> dict[str, Any]:
    """Answer one lead as a client sends it."""
    values = lead(number)
    return values | {
        "budget": str(values["budget"]),
        "next_follow_up": values["next_follow_up"].isoformat(),
    }


def write_file(path: Path, first: int, count: int) -> None:
    """Write leads as people exchange them: headings and options by their labels."""
    sources = {"web": "官网", "expo": "展会", "phone": "电话", "referral": "老客转介"}
    headings = ("姓名", "公司", "职务", "电话", "邮箱", "来源", "需求", "预算", "意向等级")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*headings, "下次跟进"))
        for one in leads(first, count):
            shown = {**one, "source": sources[one["source"]], "level": one["level"].upper()}
            writer.writerow(shown.values())
