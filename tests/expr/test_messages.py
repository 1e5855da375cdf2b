"""Every fault has a message in both languages, and no message lacks its fault."""

import re
from pathlib import Path

import pytest

import loopline.expr
from loopline.errors import Problem
from loopline.expr.types import ExprType
from loopline.language import LANGUAGES, Messages

SOURCES = Path(loopline.expr.__file__).parent
COMPARED = {ExprType.LONG_TEXT, ExprType.SET, ExprType.OPAQUE}


def codes() -> set[str]:
    text = "".join(file.read_text(encoding="utf-8") for file in SOURCES.glob("*.py"))
    plain = set(re.findall(r'"(expr\.[a-z_]+)"', text))
    by_type = {f"expr.literal.{kind}" for kind in set(ExprType) - COMPARED}
    return plain | by_type | {f"expr.compare.{kind}" for kind in COMPARED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_and_messages_match(language: str) -> None:
    told = {key for key in Messages().keys(language) if key.startswith("expr.")}
    assert told == codes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_filled(language: str) -> None:
    params = {"position": 3, "line": 1, "column": 3, "hint": "", "found": "a", "expected": "b"}
    params |= {"token": "{x}", "limit": 9, "use": "==", "usage": "f()"}
    messages = Messages()
    told = [
        messages.tell(Problem("filter", code, params | {"wanted": ")", "other": "b"}), language)
        for code in codes()
    ]
    assert not [text for text in told if re.search(r"\{(?!x\})", text)]
