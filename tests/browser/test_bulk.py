"""The bar of ticked rows, and the acts it leads to."""

from playwright.sync_api import Page, expect

LEADS = "/records/lead?c=company:contains:%E5%8E%82"


def tick(page: Page, *places: int) -> None:
    page.goto(LEADS)
    for place in places:
        page.locator("tbody .tick").nth(place).check()


def test_the_bar_counts_and_the_head_ticks_all(page: Page) -> None:
    tick(page, 0, 2)
    picked = page.locator("#bulk [data-picked]")
    expect(picked).to_have_text("已选 2 条")
    page.check("[data-tick-all]")
    expect(picked).to_have_text("已选 50 条")
    page.uncheck("[data-tick-all]")
    expect(page.locator("#bulk")).to_be_hidden()


def test_an_action_has_a_button_of_its_own(page: Page) -> None:
    tick(page, 1)
    page.click("#bulk button:has-text('分配')")
    expect(page.locator("h1")).to_have_text("分配：1 条线索")
    page.locator("#form select").first.select_option(label="林知夏")
    page.click("[data-submit]:has-text('分配')")
    expect(page.locator("#run")).to_contain_text("完成 1 条")


def test_another_act_is_chosen_first(page: Page) -> None:
    tick(page, 3)
    page.select_option("#bulk [name=_other]", label="加标签")
    page.click("#bulk button:has-text('继续')")
    expect(page.locator("h1")).to_have_text("加标签：1 条线索")


def test_without_an_act_it_is_said_what_is_missing(page: Page) -> None:
    tick(page, 0)
    page.evaluate("document.querySelector('#bulk [name=_other]').required = false")
    page.click("#bulk button:has-text('继续')")
    expect(page.locator(".toast.bad")).to_have_text("请选择要做的操作")


def test_an_action_of_one_record_is_told_in_words(page: Page) -> None:
    page.goto("/records/lead/60/actions/assign")
    page.locator("#form select").first.select_option(label="林知夏")
    page.click("[data-submit]:has-text('分配')")
    expect(page.locator("[data-toast]")).to_contain_text("分配")
