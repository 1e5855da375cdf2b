"""What was parsed is written again so that it means the same."""

import pytest
from hypothesis import given

from kit.expression_rows import programs
from loopline.expr.parse import parse
from loopline.expr.tree import Field
from loopline.expr.written import written

TEXTS = (
    '!(a == 1 || b) && c in ["x", \'y"\\n\']',
    "a - (b - c) + -d * (e / f)",
    "(a + b) * -2 > -(c) && !f(me, me.x, null, true)",
    "!!a || (b || c) && d",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_parsed_to_the_same_tree(text: str) -> None:
    assert parse(written(parse(text))) == parse(text)


@given(programs)
def test_any_text_is_parsed_to_the_same_tree(text: str) -> None:
    assert parse(written(parse(text))) == parse(text)


def test_what_has_been_checked_is_not_written() -> None:
    with pytest.raises(TypeError):
        written(Field(None))  # type: ignore[arg-type]
