"""Totals under lists, and heads of boards, over all records that a list lists."""

from decimal import Decimal

import pytest

from kit.deals import DOCUMENTS
from loopline.errors import NotValid
from loopline.query.column_totals import column_totals
from loopline.query.document import How
from loopline.query.heads import board_heads
from loopline.query.request import ListQuery
from loopline.services.bin import delete


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def deals(make_record) -> None:
    for stage, size in (("won", 1), ("won", 2), ("lost", 3), (None, 4)):
        make_record("x_deal", name=f"Deal{size}", stage=stage, size=size, amount=Decimal(size))


def test_totals_of_the_columns_of_a_list(platform, deals) -> None:
    query = ListQuery(entity="x_deal", filter="size < 4", limit=1)
    chosen = {"amount": (How.SUM, How.AVG), "size": (How.MIN, How.MAX)}
    with platform.read() as ctx:
        assert column_totals(ctx, query, chosen) == {
            ("amount", How.SUM): Decimal(6),
            ("amount", How.AVG): Decimal(2),
            ("size", How.MIN): 1,
            ("size", How.MAX): 3,
        }
        assert column_totals(ctx, query, {}) == {}
        with pytest.raises(NotValid):
            column_totals(ctx, query, {"wibble": (How.SUM,)})


def test_totals_of_a_search_and_of_the_bin(platform, deals) -> None:
    with platform.write() as ctx:
        delete(ctx, "x_deal", 3)
    with platform.read() as ctx:
        found = ListQuery(entity="x_deal", q="deal2")
        assert column_totals(ctx, found, {"size": (How.SUM,)}) == {("size", How.SUM): 2}
        gone = ListQuery(entity="x_deal", deleted=True)
        assert column_totals(ctx, gone, {"size": (How.SUM,)}) == {("size", How.SUM): 3}


def test_a_board_has_a_head_for_each_option(platform, deals) -> None:
    with platform.read() as ctx:
        query = ListQuery(entity="x_deal", filter="size < 5 || size == 9")
        heads = board_heads(ctx, query, "stage", ["amount"])
        told = [(one.code, one.count, one.sums["amount"]) for one in heads]
        assert told == [
            ("won", 2, Decimal(3)),
            ("talk", 0, 0),
            ("lost", 1, Decimal(3)),
            ("idle", 0, 0),
            (None, 1, Decimal(4)),
        ]
        assert [one.label for one in heads][:2] == ["赢单", "沟通"]
        assert heads[1].filter == '(size < 5 || size == 9) && stage == "talk"'
        with pytest.raises(NotValid):
            board_heads(ctx, query, "size")
