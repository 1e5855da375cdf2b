"""Rows of conditions become text and the same rows again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.expr.rows import Group, Meaning, Row, rows_to_text, text_to_rows

paths = st.sampled_from([("amount",), ("customer", "level"), ("a", "b", "c")])
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
values = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-2)),
    st.just(Meaning("me")),
    st.integers(-400, 400).map(lambda days: Meaning("today", days)),
)
one = st.tuples(values)
said = st.tuples(texts)
rows = st.one_of(
    st.builds(Row, paths, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), one),
    st.builds(Row, paths, st.sampled_from(["in", "not_in"]), st.lists(values).map(tuple)),
    st.builds(Row, paths, st.sampled_from(["blank", "filled"])),
    st.builds(Row, paths, st.sampled_from(["has", "not_has", "contains", "not_starts_with"]), said),
)


def grouped(inner: st.SearchStrategy[Row | Group]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.lists(inner, min_size=2, max_size=3).map(tuple), st.booleans())


@given(st.builds(lambda row: Group((row,)), rows) | grouped(rows | grouped(rows)))
def test_rows_come_back(group: Group) -> None:
    assert text_to_rows(rows_to_text(group)) == group


@pytest.mark.parametrize("text", ["amount + 1 > 2", "a == b", "!(a > 1)", "a ==", "if(a, b, c)"])
def test_another_shape_is_no_rows(text: str) -> None:
    assert text_to_rows(text) is None
