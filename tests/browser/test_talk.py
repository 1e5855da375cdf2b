from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.served import Served


def test_a_colleague_is_mentioned_and_hears_of_it(open_page: OpenPage, served: Served) -> None:
    page, other = open_page("sales"), open_page("colleague")
    other.goto("/")
    page.goto(f"/records/customer/{served.customer}")
    box = page.locator("#comment textarea")
    box.press_sequentially("请 @周启")
    page.locator("[role=option]", has_text="周启航").wait_for()
    box.press("Enter")
    expect(box).to_have_value("请 @周启航 ")
    box.press_sequentially("看 https://example.com/a")
    page.click("#comment button")
    expect(page.locator(".timeline .said").first).to_have_text(
        "请 @周启航 看 https://example.com/a"
    )
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator(".bell .count")).to_have_text("1")
    other.click(".bell")
    other.click(".told-open")
    expect(other.locator(".mention")).to_have_text("@周启航")
    expect(other.locator(".bell .count")).to_be_hidden()


def test_a_list_is_saved_as_a_tab(page: Page) -> None:
    page.goto("/records/lead?c=budget:ge:600000&sort=-budget")
    page.click(".saved summary")
    page.fill(".saved-form [name=name]", "大单")
    page.click(".saved-form button")
    expect(page.locator(".tabs [aria-current]").first).to_have_text("大单")
    page.goto("/records/lead?q=x")
    page.click(".tabs a:has-text('大单')")
    expect(page).to_have_url(
        "/records/lead?view=lead_all&c=budget%3Age%3A600000&sort=-budget&saved=1"
    )
