"""Folding texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.expr.fold import ascii_lower, fold, folded_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Big   Name\t", "big name"),
        ("ＡＢＣ　１２", "abc 12"),
        ("Straße", "strasse"),
        ("é", "é"),
        ("ﬁsh", "fish"),
        ("张　伟", "张 伟"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_agrees_with_the_long_one(text: str) -> None:
    assert fold(text) == fold(f"{text} 中").removesuffix("中").rstrip()


@pytest.mark.parametrize("text", [None, "", "   ", "\u3000"])
def test_nothing_visible_has_no_key(text: str | None) -> None:
    assert folded_key(text) is None


def test_ascii_lower_leaves_other_letters_alone() -> None:
    assert ascii_lower("ABZ ÄİＡ") == "abz ÄİＡ"
