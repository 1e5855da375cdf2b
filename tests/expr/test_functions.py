"""Plugins add functions to those of the kernel."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
import sqlalchemy as sa

from kit.expression_rows import BLANK, assert_agreement
from loopline.errors import NotValid
from loopline.expr.functions import FORMS, KERNEL_FUNCTIONS, Function, with_functions
from loopline.expr.moment import Moment
from loopline.expr.scope import Ref, Scope
from loopline.expr.types import ExprType, ValueType, exact
from loopline.language import LANGUAGES, Messages

DOUBLED = Function(
    "doubled",
    {"number": exact(2)},
    exact(2),
    lambda number: number * 2,
    sql=lambda number: number * 2,
)


@dataclass
class Wider:
    """A scope with further functions."""

    inner: Scope
    functions: Mapping[str, Function]

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        return self.inner.resolve(path)

    def member(self, name: str) -> Ref | None:
        return self.inner.member(name)

    def names(self, path: tuple[str, ...]) -> list[str]:
        return list(self.inner.names(path))


def test_a_function_of_a_plugin_means_the_same_everywhere(
    engine: sa.Connection, fields: Scope, moment: Moment
) -> None:
    scope = Wider(fields, with_functions([DOUBLED]))
    content = [BLANK, *(BLANK | {"amount": Decimal(n)} for n in (-1, 2, 7 * 10**15))]
    rules = ["doubled(amount) == 4", "doubled(count) > 1", "is_blank(doubled(amount))"]
    assert_agreement(engine, scope, content, rules, moment)


@pytest.mark.parametrize(
    ("name", "result", "code"),
    [
        ("round", exact(0), "function.taken"),
        ("year", exact(0), "function.taken"),
        ("title_of", ValueType(ExprType.TEXT), "function.unfit"),
    ],
)
def test_what_cannot_be_a_function_is_refused(name: str, result: ValueType, code: str) -> None:
    unfit = Function(name, {}, result, lambda: None, sql=sa.null)
    with pytest.raises(NotValid) as caught:
        with_functions([unfit])
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_is_explained(language: str) -> None:
    told = {key for key in Messages().keys(language) if key.startswith("function.help.")}
    assert told == {f"function.help.{name}" for name in (*FORMS, *KERNEL_FUNCTIONS)}
