"""Roll-ups: true after every kind of write, filled when published, mended by night."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from loopline.errors import NotValid
from loopline.query.lists import ListQuery, page
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.services.rollups import VERIFY
from loopline.testing import publish_documents

DOCUMENTS = """
kind: entity
id: x_client
format: 1
label: {zh: 客户, en: Client}
title_field: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
---
kind: entity
id: x_deal
format: 1
label: {zh: 单子, en: Deal}
title_field: name
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  client: {type: link, to: x_client, label: {zh: 客户, en: Client}, on_delete: cascade}
  amount: {type: money, label: {zh: 金额, en: Amount}}
  day:    {type: date, label: {zh: 日期, en: Day}}
  stars:  {type: rating, label: Stars}
  won:    {type: boolean, label: Won}
"""
ROLLUPS = """
kind: entity
id: x_client
extend: true
fields:
  deals:  {type: rollup, of: x_deal, via: client, aggregate: count, label: Deals}
  total:  {type: rollup, of: x_deal, via: client, aggregate: sum, field: amount,
    filter: won, label: Total}
  latest: {type: rollup, of: x_deal, via: client, aggregate: max, field: day, label: Latest}
  stars:  {type: rollup, of: x_deal, via: client, aggregate: avg, field: stars, label: Stars}
"""
NAMES = ("deals", "total", "latest", "stars")


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS.replace(
        "  name: {type", ROLLUPS.partition("fields:\n")[2] + "  name: {type", 1
    )


@pytest.fixture
def client(make_record) -> int:
    return make_record("x_client", name="a").id


@pytest.fixture
def shown(platform):
    """Answer a reader of what a client's roll-ups show."""

    def read(record: int) -> tuple[object, ...]:
        with platform.read() as ctx:
            values = get(ctx, "x_client", record).values
        return tuple(values[name] for name in NAMES)

    return read


@pytest.fixture
def deals(make_record, client) -> list[int]:
    rows = (("10.50", True, 5), ("4.25", True, 4), ("99.00", False, 4))
    return [
        make_record(
            "x_deal",
            client=client,
            amount=Decimal(amount),
            won=won,
            stars=stars,
            day=date(2026, 1, stars),
        ).id
        for amount, won, stars in rows
    ]


def test_nothing_amounts_to_nothing(shown, client) -> None:
    assert shown(client) == (0, Decimal("0.00"), None, None)


def test_children_are_counted_added_compared_and_averaged(shown, client, deals) -> None:
    assert shown(client) == (3, Decimal("14.75"), date(2026, 1, 5), Decimal("4.33"))


def test_a_child_that_moves_changes_both(platform, make_record, shown, client, deals) -> None:
    other = make_record("x_client", name="b").id
    with platform.write() as ctx:
        update(ctx, "x_deal", deals[0], {"client": other})
    assert shown(client) == (2, Decimal("4.25"), date(2026, 1, 4), Decimal("4.00"))
    assert shown(other) == (1, Decimal("10.50"), date(2026, 1, 5), Decimal("5.00"))


def test_children_that_change_go_and_come_back(platform, shown, client, deals) -> None:
    before = shown(client)
    with platform.write() as ctx:
        update(ctx, "x_deal", deals[2], {"won": True})
        delete(ctx, "x_deal", deals[0])
    assert shown(client) == (2, Decimal("103.25"), date(2026, 1, 4), Decimal("4.00"))
    with platform.write() as ctx:
        update(ctx, "x_deal", deals[2], {"won": False})
        restore(ctx, "x_deal", deals[0])
    assert shown(client) == before


def test_a_write_of_nothing_that_counts_leaves_the_client_alone(
    platform, monkeypatch, deals
) -> None:
    renewed = []
    monkeypatch.setattr("loopline.services.rollups.renew", lambda *given: renewed.append(given[2]))
    with platform.write() as ctx:
        update(ctx, "x_deal", deals[0], {"name": "renamed"})
    assert [one.name for one in renewed] == []


def test_roll_ups_filter_and_sort(platform, make_record, deals) -> None:
    make_record("x_client", name="b")
    with platform.read() as ctx:
        query = ListQuery(entity="x_client", filter="total >= 0", sort=("-total",))
        assert [one.values["name"] for one in page(ctx, query).records] == ["a", "b"]


def test_nobody_writes_a_roll_up(platform) -> None:
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_client", {"name": "a", "deals": 7})
    assert [one.code for one in refused.value.problems] == ["field.computed"]


def test_what_went_wrong_is_mended_by_night(platform, shown, clock, client, deals) -> None:
    before = shown(client)
    with platform.write() as ctx:
        table = ctx.snapshot.table("x_client").table
        ctx.connection.execute(sa.update(table).values(deals=99, total=None))
    platform.handlers[VERIFY](None)
    assert shown(client) == before


def test_a_roll_up_is_filled_when_it_is_published(platform, shown, client, deals) -> None:
    more = """
kind: entity
id: x_client
extend: true
fields:
  won: {type: rollup, of: x_deal, via: client, aggregate: count, filter: won, label: Won}
"""
    publish_documents(platform, more)
    platform.worker().run_due()
    with platform.read() as ctx:
        assert get(ctx, "x_client", client).values["won"] == 2


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("via: name, aggregate: count", "rollup.via"),
        ("via: client, aggregate: sum, field: name", "rollup.field"),
        ("via: client, aggregate: count, filter: 'day < today()'", "rollup.filter"),
        ("via: client, aggregate: count, filter: 'client.name == \"a\"'", "rollup.filter"),
    ],
)  # fmt: skip
def test_what_could_not_be_kept_true_is_refused(platform, field, code) -> None:
    wrong = f"{{type: rollup, of: x_deal, {field}, label: X}}"
    extended = f"kind: entity\nid: x_client\nextend: true\nfields: {{bad: {wrong}}}\n"
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, extended)
    assert code in {one.code for one in refused.value.problems}
