"""A lead is converted on its page, and the metro line moves on."""

from playwright.sync_api import Page, expect

from browser.conftest import OpenPage


def test_a_lead_is_looked_over_changed_and_converted(page: Page) -> None:
    page.goto("/records/lead?sort=id")
    page.locator("tbody th a").nth(4).click()
    page.click("a.btn:has-text('转化')")
    expect(page.locator("#t-customer")).to_be_visible()
    page.locator("[name='opportunity._use'][type=checkbox]").uncheck()
    expect(page.locator("[name='opportunity.name']")).to_have_count(0)
    page.fill("[name='customer.name']", "恒岳化工二厂")
    page.fill("[name='contact.title']", "采购经理")
    page.click("[data-submit]")
    expect(page.locator("h1")).to_have_text("恒岳化工二厂")
    expect(page.locator("#related")).to_contain_text("联系人")
    expect(page.locator("#story .timeline")).to_contain_text("转化自")
    expect(page.locator(".rec-h .metro li")).not_to_have_count(0)


def test_a_phone_converts_without_sideways_scrolling(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 375, "height": 812})
    page.goto("/records/lead/9/actions/convert")
    expect(page.locator("#t-customer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
