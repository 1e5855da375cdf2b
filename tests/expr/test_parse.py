"""Formula text becomes a tree, or an error that names its place."""

from decimal import Decimal

import pytest

from loopline.expr.errors import ExpressionError
from loopline.expr.parse import MAX_DEPTH, MAX_NODES, parse
from loopline.expr.tree import (
    And,
    Binary,
    Call,
    Comparison,
    In,
    ListOf,
    Literal,
    Me,
    Name,
    Negative,
    Node,
    Not,
    Op,
    Or,
)

A, B, C = Name(("a",)), Name(("b",)), Name(("c",))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && !c", Or((A, And((B, Not(C)))))),
        ("(a || b) && c", And((Or((A, B)), C))),
        ("a && b && c", And((A, B, C))),
        ("!!a", Not(Not(A))),
        ("a <= -1.50", Comparison(Op.LE, A, Literal(Decimal("-1.50")))),
        ("a == null", Comparison(Op.EQ, A, Literal(None))),
        ("a != true", Comparison(Op.NE, A, Literal(True))),
        ("a == me", Comparison(Op.EQ, A, Me())),
        ("customer.level == 'x'", Comparison(Op.EQ, Name(("customer", "level")), Literal("x"))),
        ("a in ['x', \"y\"]", In(A, ListOf((Literal("x"), Literal("y"))))),
        ("a in []", In(A, ListOf(()))),
        ("'x' in a", In(Literal("x"), A)),
        (
            "a > today() - 30",
            Comparison(Op.GT, A, Binary("-", Call("today", ()), Literal(Decimal(30)))),
        ),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("-(a) / -2", Binary("/", Negative(A), Literal(Decimal(-2)))),
        ("me.x == b.a.c", Comparison(Op.EQ, Name(("me", "x")), Name(("b", "a", "c")))),
        ('contains(a, "b")', Call("contains", (A, Literal("b")))),
        (r"'\'\"\\\n\u4e2d'", Literal("'\"\\\n中")),
    ],
)
def test_text_becomes_a_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "code", "position", "token"),
    [
        ("", "expr.empty", 1, ""),
        ("  ", "expr.empty", 3, ""),
        ("a ==", "expr.incomplete", 5, ""),
        ("(a == 1", "expr.unclosed", 8, ""),
        ("a == 1)", "expr.unexpected", 7, ")"),
        ("a b", "expr.unexpected", 3, "b"),
        ("a == 1 == 2", "expr.unexpected", 8, "=="),
        ("a == [1]", "expr.unexpected", 6, "["),
        ("a in [1,]", "expr.unexpected", 9, "]"),
        ("a = 1", "expr.use_instead", 3, "="),
        ("a and b", "expr.use_instead", 3, "and"),
        ("a == “x”", "expr.use_instead", 6, "“"),
        ("a # b", "expr.unknown_sign", 3, "#"),
        ("a == 'x", "expr.unclosed_text", 6, "'"),
        (r"a == 'x\y'", "expr.escape", 8, r"\y"),
        ("a == 'x\0'", "expr.unstorable", 8, ""),
        (r"a == 'x\u0000'", "expr.unstorable", 8, ""),
        (r"a == 'x\ud800'", "expr.unstorable", 8, ""),
        ("a == '\ud800'", "expr.unstorable", 7, ""),
        ("!a == b", "expr.not_needs_parentheses", 4, "=="),
        ("a.b.c.d.e == 1", "expr.too_many_hops", 8, "."),
        ("a × 2 == 1", "expr.use_instead", 3, "×"),
        ("a + * 1", "expr.unexpected", 5, "*"),
        ("a. == 1", "expr.unexpected", 4, "=="),
        ("in == 1", "expr.unexpected", 1, "in"),
        ("a && (b ||", "expr.incomplete", 11, ""),
    ],
)
def test_an_error_names_its_place(text: str, code: str, position: int, token: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, "filter")
    (problem,) = caught.value.problems
    params = (problem.params["position"], problem.params["token"])
    assert (problem.path, problem.code, *params) == ("filter", code, position, token)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a && " * 10_000 + "a", "expr.too_long"),
        (" && ".join(["a"] * MAX_NODES), "expr.too_many_parts"),
        ("(" * 5000 + "a" + ")" * 4000, "expr.too_deep"),
        ("!" * 5000 + "a", "expr.too_deep"),
        ("f(" * 3000 + "a", "expr.too_deep"),
    ],
)
def test_a_formula_has_limits(text: str, code: str) -> None:
    with pytest.raises(ExpressionError, match=code):
        parse(text)


def test_the_limits_can_be_reached() -> None:
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    parse(" && ".join(["a"] * (MAX_NODES - 1)))


def test_a_place_is_told_by_line_and_column() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("a == 1\n  && b ==\n  ]")
    (problem,) = caught.value.problems
    assert (problem.params["line"], problem.params["column"]) == (3, 3)
