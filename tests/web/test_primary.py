"""One act stands out on the page of a record, whatever else can be done with it."""

import re
from decimal import Decimal

import pytest

from kit.pipeline_site import SITE

APPROVAL = """
---
kind: role
id: x_chief
format: 1
label: {zh: 主管, en: Chief}
grants: {deals: {entity: x_deal, actions: [read]}}
---
kind: approval
id: x_large
format: 1
label: {zh: 大单审批, en: Large}
entity: x_deal
when: "amount > 100"
locks: [amount]
steps: {chief: {label: {zh: 主管, en: Chief}, approvers: {a: {role: x_chief}}}}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return SITE + APPROVAL


def standing_out(page: str) -> list[str]:
    found = re.findall(r'<(?:a|button) class="btn[^"]* primary"[^>]*>(.*?)</(?:a|button)>', page)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


@pytest.mark.parametrize(
    ("entity", "values", "expected"),
    [
        ("x_deal", {"amount": Decimal(200)}, "提交审批"),
        ("x_deal", {"amount": Decimal(50)}, "进入报价"),
        ("x_thing", {}, "添加物品"),
    ],
)
def test_one_act_stands_out(ada, make_record, entity, values, expected) -> None:
    record = make_record(entity, name="a", **values)
    assert standing_out(ada.get(f"/records/{entity}/{record.id}").text) == [expected]


def test_of_what_is_in_the_bin_it_is_to_restore_it(ada, make_record) -> None:
    record = make_record("x_thing", name="a")
    ada.send(f"/records/x_thing/{record.id}/delete")
    assert standing_out(ada.get(f"/records/x_thing/{record.id}").text) == ["恢复"]
