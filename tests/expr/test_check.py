"""Checking finds fields and gives every value its type, or says what does not fit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from loopline.expr.check import check, references
from loopline.expr.errors import ExpressionError
from loopline.expr.formula import read_formula
from loopline.expr.parse import parse
from loopline.expr.scope import Scope
from loopline.expr.tree import Comparison, Constant, IsBlank, IsTrue, Literal, Not, OnDay, walk
from loopline.expr.types import ExprType, exact
from loopline.language import Messages


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amount > 1.50", Decimal("1.50")),
        ("name == ' ＡＢ  ß '", "ab ss"),
        ("stage == ' A '", " A "),
        ("born < '2026-01-31'", date(2026, 1, 31)),
        ("met < '2026-01-31T09:00:00+08:00'", datetime(2026, 1, 31, 1, tzinfo=UTC)),
        ("owner == 12", 12),
        ("active == false", False),
    ],
)
def test_a_literal_takes_the_type_it_is_compared_with(
    fields: Scope, text: str, value: object
) -> None:
    node = check(parse(text), fields)
    assert isinstance(node, Comparison)
    assert node.right == Literal(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name == null", IsBlank),
        ("name == '  '", IsBlank),
        ("interests != null", Not),
        ("active", IsTrue),
        ("active == true", IsTrue),
        ("active != true", Not),
        ("met == '2026-01-31'", OnDay),
        ("met >= today() - 7", OnDay),
        ("true", Constant),
    ],
)
def test_special_comparisons_become_tests_of_their_own(
    fields: Scope, text: str, kind: type
) -> None:
    assert isinstance(check(parse(text), fields), kind)


def test_a_field_is_put_on_the_left(fields: Scope) -> None:
    assert check(parse("5 < amount"), fields) == check(parse("amount > 5"), fields)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("nothing == 1", "expr.unknown_field", 1),
        ("customer.age == 1", "expr.unknown_field", 1),
        ("upper(name) == 'A'", "expr.unknown_function", 1),
        ("upper(name)", "expr.unknown_function", 1),
        ("is_blank()", "expr.arguments", 1),
        ("contains(name)", "expr.arguments", 1),
        ("born == today(1)", "expr.arguments", 9),
        ("name", "expr.not_a_condition", 1),
        ("5", "expr.not_a_condition", 1),
        ("today()", "expr.not_a_condition", 1),
        ("(amount > 1) == true", "expr.not_a_value", 9),
        ("is_blank(name) == true", "expr.not_a_value", 1),
        ("1 == 1", "expr.no_field", 3),
        ("is_blank('x')", "expr.needs_field", 10),
        ("5 in [5]", "expr.needs_field", 1),
        ("stage in [source]", "expr.needs_constant", 11),
        ("'x' in stage", "expr.needs_list", 8),
        ("5 in interests", "expr.needs_code", 1),
        ("'a,b' in interests", "expr.needs_code", 1),
        ("contains(amount, '1')", "expr.needs_text_field", 10),
        ("starts_with(note, 'a')", "expr.needs_text_field", 13),
        ("contains(name, alias)", "expr.needs_text", 16),
        ("contains(name, ' ')", "expr.empty_part", 16),
        ("amount == born", "expr.types_differ", 11),
        ("born == now()", "expr.types_differ", 9),
        ("owner in [today()]", "expr.types_differ_in_list", 11),
        ("owner > 1", "expr.order", 1),
        ("active < true", "expr.order", 1),
        ("amount < null", "expr.blank_order", 10),
        ("stage in ['a', null]", "expr.blank_in_list", 16),
        ("active in [true]", "expr.boolean_list", 1),
        ("amount > 1234567890123456789", "expr.too_many_digits", 10),
        ("amount > 0." + "1" * 19, "expr.too_many_digits", 10),
        ("born > today() + 1.5", "expr.days", 18),
        ("born > today() + 36501", "expr.too_many_days", 16),
        ("note == 'x'", "expr.compare.long_text", 1),
        ("interests == 'x'", "expr.compare.set", 1),
        ("extra == 'x'", "expr.compare.opaque", 1),
        ("name == 5", "expr.literal.text", 9),
        ("stage == 5", "expr.literal.code", 10),
        ("amount > '5'", "expr.literal.number", 10),
        ("active == 'x'", "expr.literal.boolean", 11),
        ("born == '2026-02-30'", "expr.literal.date", 9),
        ("born == '20260230'", "expr.literal.date", 9),
        ("met == '2026-01-31T09:00:00'", "expr.literal.datetime", 8),
        ("owner == 1.5", "expr.literal.link", 10),
        ("owner == 0", "expr.literal.link", 10),
        ("amount + name > 2", "expr.needs_number", 10),
        ("amount + '1' > 2", "expr.literal.number", 10),
        ("rate * rate * rate * rate > 1", "expr.too_many_decimals", 20),
        ("born + born > 1", "expr.days", 8),
        ("met + 1 > 2", "expr.literal.date", 11),
        ("add_days(born, amount) == born", "expr.needs_scale", 16),
        ("add_days(born) == born", "expr.arguments", 1),
        ("if(amount, 1, 2) == 1", "expr.not_a_condition", 4),
        ("if(active, 1, 'x') == 1", "expr.literal.number", 15),
        ("coalesce(name, amount) == 'x'", "expr.types_differ", 16),
        ("coalesce(null, null) == 'x'", "expr.blank_value", 1),
        ("round(amount, count) == 1", "expr.decimals", 15),
        ("amount / count in [1]", "expr.double_list", 8),
        ("ends_with(note, 'a')", "expr.needs_text_field", 11),
        ("in_reports(name, me)", "expr.needs_link", 12),
        ("in_reports(owner, 7)", "expr.arguments", 1),
        ("in_tree(department, me)", "expr.arguments", 1),
        ("me.boss == 1", "expr.unknown_field", 1),
        ("owner == 9223372036854775808", "expr.literal.link", 10),
    ],
)
def test_what_does_not_fit_is_named(fields: Scope, text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(parse(text), fields)
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["position"]) == (code, position)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("amuont > 1", "amount"),
        ("is_blnk(name)", "is_blank"),
        ("day_between(born, due) > 1", "days_between"),
        ("me.departement == 1", "department"),
        ("wibble == 1", ""),
    ],
)
def test_a_misspelt_name_is_recognised(fields: Scope, text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(parse(text), fields)
    told = caught.value.problems[0].params["hint"]
    assert told.to("en").removeprefix(" Did you mean ").removesuffix("?") == hint


def test_what_is_expected_and_found_is_told(fields: Scope) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(parse("name != '' &&\n amount == born"), fields)
    told = Messages().tell(caught.value.problems[0], "en")
    assert told == "Line 2, column 12: born is a date, but a number is needed to go with amount."


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("amount + count", 2),
        ("amount * rate", 8),
        ("-amount", 2),
        ("round(amount * rate, 3)", 3),
        ("round(amount / count, 2)", 2),
        ("floor(amount)", 0),
        ("max(amount, 1.234)", 3),
        ("if(active, amount, 1)", 2),
        ("coalesce(amount, rate)", 6),
        ("days_between(born, met)", 0),
        ("born - due", 0),
    ],
)
def test_decimals_are_known_beforehand(fields: Scope, text: str, scale: int) -> None:
    assert read_formula(text, fields).type == exact(scale)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount / count > 1", ExprType.BOOLEAN),
        ("born + 1", ExprType.DATE),
        ("concat(name, ' ', alias)", ExprType.TEXT),
        ("concat(name, stage)", ExprType.CODE),
        ("if(active, owner, me)", ExprType.LINK),
        ("active", ExprType.BOOLEAN),
        ("'x'", ExprType.TEXT),
    ],
)
def test_a_formula_has_a_kind(fields: Scope, text: str, kind: ExprType) -> None:
    assert read_formula(text, fields).type.kind is kind


def test_a_formula_names_the_fields_it_reads(fields: Scope) -> None:
    found = read_formula("if(customer.level == 'a', amount, paid) * rate", fields)
    assert found.fields == {("customer", "level"), ("amount",), ("paid",), ("rate",)}


@pytest.mark.parametrize(
    "text",
    [
        "amount" + " * 1" * 6 + " > 0",
        "round(" * 7 + "amount / 3" + ", 2) / 7" * 7 + " > 0",
        "max(" * 12 + "amount" + ", 1)" * 12 + " > 0",
    ],
)
def test_what_a_database_could_not_take_is_refused(fields: Scope, text: str) -> None:
    with pytest.raises(ExpressionError, match=r"expr\.too_"):
        check(parse(text), fields)


def test_all_faulty_parts_are_named_at_once(fields: Scope) -> None:
    with pytest.raises(ExpressionError) as caught:
        check(parse("one == 1 && (two == 2 || amount == 3)"), fields)
    assert [problem.params["token"] for problem in caught.value.problems] == ["one", "two"]


def test_references_are_the_same_before_and_after_checking(fields: Scope) -> None:
    node = parse("!(customer.level in ['a']) && (amount > 1 || contains(name, 'x') || active)")
    expected = {("customer", "level"), ("amount",), ("name",), ("active",)}
    assert references(node) == references(check(node, fields)) == expected


def test_checked_nodes_keep_their_place(fields: Scope) -> None:
    node = check(parse("active && amount > 1"), fields)
    assert [part.at for part in walk(node)] == [0, 0, 0, 17, 10, 19]
