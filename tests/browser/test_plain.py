"""Every plain act works without scripts."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage, sign_in

SAVE = "[data-submit]"


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page(java_script_enabled=False)


def test_sign_in(open_page: OpenPage) -> None:
    page = open_page("", java_script_enabled=False)
    sign_in(page, "sales")
    expect(page.locator("h1")).to_contain_text("林知夏")


def test_filter(page: Page) -> None:
    page.goto("/records/lead")
    page.click("summary:has-text('筛选')")
    page.select_option("#filter-on", "source")
    page.click("[name=pick]")
    page.select_option("#filter [name=value]", "expo")
    page.click("#filter button.primary")
    expect(page.locator(".chip[data-on]")).to_contain_text("展会")


def test_create_with_a_link_and_a_region(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=name]", "无脚本")
    page.fill("[name='product._find']", "IS65")
    page.click("[name=_find][value=product]")
    page.select_option("[name=product]", label="离心泵 IS65")
    page.fill("[name='region._find']", "苏州")
    page.click("[name=_find][value=region]")
    page.select_option("[name=region]", label="江苏省苏州市")
    page.click(SAVE)
    expect(page.locator("h1")).to_have_text("无脚本")
    expect(page.locator("#facts")).to_contain_text("离心泵 IS65")


def test_enter_saves_instead_of_looking_for_a_link(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=name]", "无脚本回车")
    page.press("[name=name]", "Enter")
    expect(page.locator(".toast")).to_contain_text("已新建")


def test_edit(page: Page) -> None:
    page.goto("/records/lead/40/edit")
    page.fill("[name=title]", "主任")
    page.click(SAVE)
    expect(page.locator("#facts")).to_contain_text("主任")


def test_delete_and_undo(page: Page) -> None:
    page.goto("/records/lead/41")
    page.click("[popovertarget=more]")
    page.click("#more .danger")
    page.click(".toast button")
    expect(page).to_have_url("/records/lead/41")


def test_change_the_language(page: Page) -> None:
    page.goto("/records/lead")
    page.click("[popovertarget=me]")
    expect(page.locator("#me [name=language]")).to_be_visible()
