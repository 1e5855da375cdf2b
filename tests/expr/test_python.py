"""What each part of the language means for one record."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from loopline.expr.check import check
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.python import compile_predicate
from loopline.expr.scope import Scope

ROW = {
    ("amount",): Decimal("10.50"),
    ("count",): 3,
    ("name",): "Straße  ÉCOLE",
    ("note",): "Call BACK in Ärger",
    ("stage",): "won",
    ("active",): True,
    ("born",): date(2026, 2, 1),
    ("met",): datetime(2026, 1, 31, 16, tzinfo=UTC),  # midnight in Shanghai
    ("owner",): 7,
    ("interests",): ("golf", "tea"),
    ("customer", "level"): "a",
}


def holds(text: str, scope: Scope, moment: Moment) -> bool:
    return compile_predicate(check(parse(text), scope))(ROW.get, moment)


@pytest.mark.parametrize(
    "text",
    [
        "amount == 10.5",
        "amount > count",
        "count in [1, 3]",
        "name == 'STRASSE école'",
        "contains(name, 'SSE é')",
        "starts_with(name, 'straß')",
        "contains(note, 'back IN')",
        "!contains(note, 'ärger')",
        "starts_with(stage, 'wo')",
        "!starts_with(stage, 'WO')",
        "active",
        "active == true",
        "born == today()",
        "born > today() - 1",
        "born in ['2026-02-01']",
        "met <= now()",
        "met == today()",
        "met < '2026-02-02'",
        "met >= '2026-02-01'",
        "owner == me",
        "owner in [1, me]",
        "'tea' in interests",
        "!('te' in interests)",
        "customer.level == 'a'",
        "now() > '2026-01-01'",
        "true",
    ],
)
def test_what_holds(text: str, fields: Scope, moment: Moment) -> None:
    assert holds(text, fields, moment)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is_blank(paid)", True),
        ("paid == null", True),
        ("paid == rate", True),
        ("paid != 5", True),
        ("paid < 5", False),
        ("paid >= 5", False),
        ("!(paid < 5)", True),
        ("paid in [5]", False),
        ("!(paid in [5])", True),
        ("hot", False),
        ("!hot", True),
        ("hot == false", False),
        ("due != today()", True),
        ("left == today()", False),
        ("!(left > today())", True),
        ("contains(alias, 'x')", False),
        ("!starts_with(alias, 'x')", True),
        ("boss == me", False),
        ("boss != me", True),
    ],
)
def test_blank_is_a_value_for_sameness_and_false_for_all_else(
    text: str, expected: bool, fields: Scope, moment: Moment
) -> None:
    assert holds(text, fields, moment) is expected


@pytest.mark.parametrize("text", ["boss == me", "owner == me", "boss in [me]", "me == 7"])
def test_nobody_is_no_record_and_not_blank(text: str, fields: Scope, moment: Moment) -> None:
    nobody = Moment(moment.now, moment.zone)
    assert not holds(text, fields, nobody)


def test_an_unchecked_tree_is_refused() -> None:
    with pytest.raises(TypeError):
        compile_predicate(parse("amount > 1"))
