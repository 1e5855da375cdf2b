"""Deals with lines, of firms: records to group and add up, drawn from a fixed seed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from loopline.bootstrap import Platform
from loopline.services.records import create_many

DOCUMENTS: Final = """
kind: entity
id: x_firm
format: 1
label: {zh: 公司, en: Firm}
title_field: name
traits: {owned: true}
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  region: {type: text, label: {zh: 地区, en: Region}}
  credit: {type: money, label: {zh: 额度, en: Credit}}
---
kind: entity
id: x_deal
format: 1
label: {zh: 交易, en: Deal}
title_field: name
traits: {owned: true, searchable: true}
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  amount: {type: money, label: {zh: 金额, en: Amount}}
  size:   {type: integer, label: {zh: 规模, en: Size}}
  margin: {type: percent, label: {zh: 毛利率, en: Margin}}
  closes: {type: date, label: {zh: 截止, en: Closes}}
  met_at: {type: datetime, label: {zh: 见面, en: Met}}
  hot:    {type: boolean, label: {zh: 热, en: Hot}}
  note:   {type: long_text, label: {zh: 备注, en: Note}}
  secret: {type: integer, label: {zh: 底价, en: Secret}}
  veiled: {type: integer, label: {zh: 电话, en: Veiled}}
  firm:   {type: link, to: x_firm, label: {zh: 公司, en: Firm}, on_delete: clear}
  before: {type: link, to: x_deal, label: {zh: 前一笔, en: Before}, on_delete: clear}
  stage:
    type: choice
    label: {zh: 阶段, en: Stage}
    options:
      talk: {label: {zh: 沟通, en: Talk}, pos: 2}
      won:  {label: {zh: 赢单, en: Won}, pos: 1}
      lost: {label: {zh: 输单, en: Lost}, pos: 3}
      idle: {label: {zh: 搁置, en: Idle}, pos: 4}
  marks:
    type: multi_choice
    label: {zh: 标记, en: Marks}
    options: {red: {label: {zh: 红, en: Red}}, blue: {label: {zh: 蓝, en: Blue}}}
---
kind: entity
id: x_line
format: 1
label: {zh: 明细, en: Line}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  deal:  {type: link, to: x_deal, label: {zh: 交易, en: Deal}, on_delete: cascade}
  price: {type: money, label: {zh: 价格, en: Price}}
---
kind: role
id: x_rep
format: 1
label: {zh: 业务员, en: Rep}
grants:
  deals: {entity: x_deal, actions: [read], scope: own, fields: {secret: none, veiled: mask}}
  firms: {entity: x_firm, actions: [read], scope: own}
  lines: {entity: x_line, actions: [read], scope: "price < 500 || is_blank(price)"}
"""
NAMES: Final = ("Ab", "aB", "张三", "李四", 'a"b\\c', "50%_x", "阿\nb", "z\u00e9")
REGIONS: Final = ("华东", "华北", None)
STAGES: Final = ("talk", "won", "lost", None)
START: Final = datetime(2025, 12, 28, tzinfo=UTC)
HUGE: Final = Decimal("9999999999999999.99")


def make_deals(platform: Platform, owners: Sequence[int | None], many: int = 120) -> None:
    """Make firms, deals and lines; some of each go to the bin."""
    rng = Random("deals")  # noqa: S311 no secret
    with platform.write(via="cli") as ctx:
        firms = create_many(ctx, "x_firm", [_firm(rng, at, owners) for at in range(8)])
        ids = [*map(int, firms), None]
        deals = create_many(ctx, "x_deal", [_deal(rng, ids, owners) for _ in range(many)])
        lines = [
            {
                "name": f"L{at}",
                "deal": rng.choice([*deals, None]),
                "price": rng.choice([Decimal(rng.randint(-99, 999)), None]),
            }
            for at in range(many * 2)
        ]
        create_many(ctx, "x_line", lines)
        table = ctx.snapshot.table("x_deal").table
        earlier = table.update().values(before=table.c.id - table.c.id % 3 - 1)
        ctx.connection.execute(earlier.where(table.c.id > 3))
        for entity in ("x_deal", "x_line"):
            table = ctx.snapshot.table(entity).table
            gone = table.update().where(table.c.id % 11 == 0).values(deleted_at=ctx.now)
            ctx.connection.execute(gone)
        assert all(isinstance(one, int) for one in (*firms, *deals))


def _firm(rng: Random, at: int, owners: Sequence[int | None]) -> dict[str, Any]:
    return {
        "name": f"Firm {at % 5}",
        "region": rng.choice(REGIONS),
        "credit": Decimal(rng.randint(0, 9999)),
        "owner": rng.choice(owners),
    }


def _deal(rng: Random, firms: Sequence[int | None], owners: Sequence[int | None]) -> dict[str, Any]:
    day = date(2025, 12, 20) + timedelta(days=rng.randint(0, 500))
    amounts = [None, HUGE, -HUGE, Decimal(rng.randint(-(10**7), 10**9)).scaleb(-2)]
    return {
        "name": rng.choice([*NAMES, None]),
        "amount": rng.choice([*amounts, amounts[-1], amounts[-1]]),
        "size": rng.choice([None, 0, 1, 2, 7, -5, rng.randint(0, 10**17)]),
        "margin": rng.choice([None, Decimal(rng.randint(0, 9999)).scaleb(-4)]),
        "closes": rng.choice([None, day, day]),
        "met_at": rng.choice([None, START + timedelta(minutes=rng.randint(0, 600_000))]),
        "hot": rng.choice([True, False, None]),
        "secret": rng.randint(0, 9),
        "veiled": rng.randint(0, 9),
        "firm": rng.choice(firms),
        "stage": rng.choice(STAGES),
        "owner": rng.choice(owners),
        "marks": rng.choice([None, ("red",), ("red", "blue")]),
    }
