"""Approving on a phone: three taps, nothing to push sideways."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage
from browser.served import PEOPLE, Served
from loopline.services.actions import run_action
from loopline.services.people import give_roles
from loopline.services.records import create
from loopline.store.titles import read_titles
from loopline.testing import publish_documents

PHONE = {"width": 375, "height": 812}
APPROVAL = """
kind: role
id: x_chief
format: 1
label: {zh: 主管, en: Chief}
grants: {all: {entity: "*", actions: [read]}}
---
kind: approval
id: x_budget
format: 1
label: {zh: 预算审批, en: Budget}
entity: lead
when: "budget > 1000000"
locks: [budget]
steps: {chief: {approvers: {a: {role: x_chief}}}}
"""


@pytest.fixture
def asked(served: Served) -> str:
    """Have somebody ask a colleague for approval; answer the title of what it is about."""
    platform = served.platform
    publish_documents(platform, APPROVAL)
    with platform.write(via="cli") as ctx:
        users = ctx.snapshot.table("user")
        ids = {
            name: number for number, name in read_titles(ctx.connection, users, range(1, 9)).items()
        }
        give_roles(ctx, ids[PEOPLE["colleague"][1]], ["staff", "x_chief"])
        lead = create(
            ctx,
            "lead",
            {"name": "审批测试", "phone": "+8613900099999", "budget": Decimal(2_000_000)},
        )
        asker = platform.actor(ctx.connection, ids[PEOPLE["sales"][1]])
    with platform.write(asker) as ctx:
        run_action(ctx, "lead", [lead.id], "submit", {"comment": "请尽快"})
    return "审批测试"


def test_a_phone_approves_in_three_taps(open_page: OpenPage, asked: str) -> None:
    page = open_page("colleague", viewport=PHONE)
    page.goto("/")
    page.click(".tabbar [popovertarget=side]")
    page.click("#side a[href='/approvals']")
    card = page.locator(".approval", has_text=asked)
    expect(card).to_contain_text("预算审批")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    card.locator("textarea").fill("同意，注意回款")
    card.locator("button[value=approve]").click()
    expect(page.locator(".toast")).to_contain_text("已通过")
    expect(page.locator(".approval", has_text=asked)).to_have_count(0)
