"""Expressions are told to people, and why they hold or not."""

from decimal import Decimal

import pytest

from loopline.expr.check import check
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.prose import Prose
from loopline.expr.scope import Scope
from loopline.expr.trace import told, trace
from loopline.language import Messages

LABELS = {"amount": ("金额", "Amount"), "stage": ("阶段", "Stage"), "born": ("日期", "Date")}
OPTIONS = {"won": ("赢单", "Won"), "lost": ("输单", "Lost")}


class Names:
    def field(self, path: tuple[str, ...], language: str) -> str:
        return LABELS.get(path[-1], path[-1:] * 2)[language == "en"]

    def option(self, path: tuple[str, ...], code: str, language: str) -> str:
        return OPTIONS.get(code, (code, code))[language == "en"]

    def record(self, path: tuple[str, ...], record: int) -> str:
        return f"#{record}"


def prose(language: str) -> Prose:
    return Prose(Names(), language, Messages())


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "amount > 100000 && stage == 'won'",
            "金额 大于 100,000 且 阶段 为 赢单",
            "Amount is greater than 100,000 and Stage is Won",
        ),
        ("born < today() - 3", "日期 早于 3 天前", "Date is before 3 days ago"),
        ("stage in ['won', 'lost']", "阶段 为 赢单、输单 之一", "Stage is one of Won, Lost"),
        ("!is_blank(stage)", "阶段 不为空", "Stage is not blank"),
        ("amount * 2 - 1 > 5", "(金额 × 2 − 1) 大于 5", "(Amount × 2 − 1) is greater than 5"),
        ("in_reports(owner, me)", "owner 是 我 的下属(各级)", "owner reports to me (at any level)"),
    ],
)
def test_a_rule_is_told(fields: Scope, text: str, zh: str, en: str) -> None:
    node = check(parse(text), fields)
    assert (prose("zh").tell(node), prose("en").tell(node)) == (zh, en)


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ("amount > 5 && stage == 'won'", "false because Stage = Lost"),
        ("amount > 5 || stage == 'won'", "true because Amount = 10.50"),
        ("!(stage == 'lost')", "false because Stage = Lost"),
        ("is_blank(born)", "true because Date = blank"),
    ],
)
def test_the_deciding_facts_are_told(fields: Scope, moment: Moment, text: str, en: str) -> None:
    row = {("amount",): Decimal("10.50"), ("stage",): "lost"}
    found = trace(check(parse(text), fields), row.get, moment)
    assert told(found, row.get, prose("en")) == en
