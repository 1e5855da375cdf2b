"""The year of Mingchuan Pumps, told step by step: one module for each part of the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopline.sdk import Changed, Found
from loopline_metadata.packs.equipment.company import HEADS
from loopline_metadata.packs.mingchuan.desk import desk
from loopline_metadata.packs.mingchuan.leads import leads
from loopline_metadata.packs.mingchuan.loyalty import loyalty
from loopline_metadata.packs.mingchuan.money import money, receipts
from loopline_metadata.packs.mingchuan.opportunities import opportunities, rivals
from loopline_metadata.packs.mingchuan.orders import frameworks, orders
from loopline_metadata.packs.mingchuan.plan import plan
from loopline_metadata.packs.mingchuan.quotes import price_books, quotes
from loopline_metadata.packs.mingchuan.service import tickets
from loopline_metadata.packs.mingchuan.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopline.sdk import ChronicleContext
    from loopline.sdk import ChronicleStep as Step


def steps(context: ChronicleContext) -> Iterator[Step]:
    """Yield what happened up to ``context.now``, in any order."""
    world = World(context)
    sales = plan(world)
    paid = receipts(world, sales)
    yield from heads(world)
    yield from rivals(world)
    yield from price_books(world)
    yield from leads(world)
    yield from opportunities(world, sales)
    yield from quotes(world, sales)
    yield from frameworks(world)
    yield from orders(world, sales)
    yield from money(world, sales, paid)
    yield from tickets(world, sales)
    yield from loyalty(world, sales, paid)
    yield from desk(world, sales)


def heads(world: World) -> Iterator[Step]:
    """Yield who leads each department, known from the first day."""
    start = world.customers[0].created_at
    for code, name in HEADS.items():
        called = f"department:{code}"
        yield Found(at=start, name=called, entity="department", field="code", value=code)
        values = {"manager": {"by": {"name": name}}}
        yield Changed(at=start, name=called, values=values)
