"""Two people edit one record."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.served import Served
from loopline.services import records

SAVE = "[data-submit]"
FACTS = "#facts"


@pytest.fixture
def colleague(open_page: OpenPage) -> Page:
    return open_page("colleague")


def edit_together(mine: Page, theirs: Page, record: int, field: str, value: str) -> None:
    """Both open the form; the other one saves first."""
    mine.goto(f"/records/lead/{record}/edit")
    theirs.goto(f"/records/lead/{record}/edit")
    theirs.fill(f"[name={field}]", value)
    theirs.click(SAVE)
    expect(theirs.locator(FACTS)).to_contain_text(value)


def test_different_fields_both_succeed(page: Page, colleague: Page) -> None:
    edit_together(page, colleague, 20, "wechat", "wx-both")
    page.fill("[name=title]", "采购主管")
    page.click(SAVE)
    expect(page.locator(FACTS)).to_contain_text("采购主管")
    expect(page.locator(FACTS)).to_contain_text("wx-both")


@pytest.mark.parametrize(
    ("record", "choice", "kept"),
    [(21, "mine", "我的"), (22, "theirs", "对方的"), (23, "original", None)],
)
def test_the_same_field_is_settled(
    page: Page, colleague: Page, served: Served, record: int, choice: str, kept: str | None
) -> None:
    edit_together(page, colleague, record, "title", "对方的")
    page.fill("[name=title]", "我的")
    page.click(SAVE)
    expect(page.locator("#conflict")).to_contain_text("周启航")
    page.check(f"[name='_keep.title'][value={choice}]")
    page.click(SAVE)
    expect(page.locator(".toast")).to_contain_text("已保存")
    with served.platform.read() as ctx:
        assert records.get(ctx, "lead", record).value("title") == kept


def test_a_conflict_takes_in_what_else_the_other_changed(page: Page, colleague: Page) -> None:
    page.goto("/records/lead/24/edit")
    colleague.goto("/records/lead/24/edit")
    colleague.fill("[name=title]", "对方的")
    colleague.fill("[name=wechat]", "wx-theirs")
    colleague.click(SAVE)
    expect(colleague.locator(FACTS)).to_contain_text("wx-theirs")
    page.fill("[name=title]", "我的")
    page.click(SAVE)
    page.click(SAVE)
    expect(page.locator(FACTS)).to_contain_text("我的")
    expect(page.locator(FACTS)).to_contain_text("wx-theirs")
