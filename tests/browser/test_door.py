from playwright.sync_api import Page, expect

from browser.conftest import OpenPage, sign_in


def test_right_password_leads_home(open_page: OpenPage) -> None:
    page = open_page("")
    sign_in(page, "sales")
    expect(page.locator("h1")).to_contain_text("林知夏")


def test_wrong_password_says_so_and_keeps_the_address(open_page: OpenPage) -> None:
    page = open_page("")
    sign_in(page, "sales", "wrong")
    expect(page.locator("#login-err")).to_contain_text("不匹配")
    expect(page.locator("[name=email]")).to_have_value("lin@example.com")


def test_login_leads_to_the_page_that_was_asked_for(open_page: OpenPage) -> None:
    page = open_page("")
    page.goto("/records/lead?sort=company")
    page.fill("[name=email]", "lin@example.com")
    page.fill("[name=password]", "loopline-test")
    page.click("form[action='/login'] button.primary")
    page.wait_for_url("**/records/lead?sort=company")


def test_signing_out_ends_the_session(open_page: OpenPage) -> None:
    page = open_page("")
    sign_in(page, "colleague")
    page.click("[popovertarget=me]")
    page.click("form[action='/logout'] button")
    page.wait_for_url("**/login")
    page.goto("/records/lead")
    expect(page).to_have_url("/login?next=%2Frecords%2Flead")


def test_language_is_a_click_away(open_page: OpenPage) -> None:
    page = open_page("english")
    page.goto("/records/lead?sort=-budget")
    page.click("[popovertarget=me]")
    page.click("#me [name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_url("/records/lead?sort=-budget")
    page.click("[popovertarget=me]")
    page.click("#me [name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_theme_stays_as_chosen(page: Page) -> None:
    page.goto("/")
    page.click("header [data-theme-toggle]")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
