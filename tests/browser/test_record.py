from playwright.sync_api import Page, expect

from browser.conftest import OpenPage
from browser.served import Served


def test_neighbours_are_those_of_the_list(page: Page) -> None:
    page.goto("/records/lead?c=budget:ge:600000&sort=-budget")
    names = page.locator("tbody th").all_inner_texts()
    page.locator("tbody th a").nth(1).click()
    expect(page.locator("h1")).to_have_text(names[1])
    page.click("[rel=next]")
    expect(page.locator("h1")).to_have_text(names[2])
    page.locator(".crumbs a").first.click()
    expect(page).to_have_url("/records/lead?c=budget%3Age%3A600000&sort=-budget")


def test_a_tab_shows_related_records(page: Page, served: Served) -> None:
    page.goto(f"/records/customer/{served.customer}")
    page.click("#story nav a:has-text('商机')")
    expect(page.locator("#story tbody")).to_contain_text("循环水泵采购")


def test_tabs_that_do_not_fit_stand_in_a_menu(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto(f"/records/customer/{served.customer}")
    page.click(".tabs-more")
    page.click("#tabs-all a:has-text('商机')")
    expect(page.locator("#story tbody")).to_contain_text("循环水泵采购")


def test_a_tab_leaves_the_page_where_it_is(page: Page, served: Served) -> None:
    page.goto(f"/records/customer/{served.customer}")
    page.click("#story nav a:has-text('商机')")
    expect(page.locator("#story tbody")).to_be_visible()
    assert page.evaluate("document.getElementById('main').scrollTop") == 0
    assert page.locator("#story thead").is_visible()


def test_a_phone_shows_the_fields_first(open_page: OpenPage, served: Served) -> None:
    page = open_page(viewport={"width": 375, "height": 812})
    page.goto(f"/records/customer/{served.customer}")
    expect(page.locator("#facts")).to_be_visible()
    expect(page.locator("#story .timeline")).to_be_hidden()
    page.click("#story nav a:visible:has-text('动态')")
    expect(page.locator("#story .timeline")).to_be_visible()
    expect(page.locator("#facts")).to_be_hidden()


def test_a_related_record_begins_with_its_link(page: Page, served: Served) -> None:
    page.goto(f"/records/customer/{served.customer}")
    page.click("#related a[href*='contact/new']")
    expect(page.locator("[name=customer]")).to_have_value(str(served.customer))
    expect(page.locator("ll-link:has([name=customer]) [role=combobox]")).to_have_value("恒岳化工")


def test_a_refused_deletion_says_why_on_the_record(page: Page, served: Served) -> None:
    page.goto(f"/records/customer/{served.customer}")
    page.click("[popovertarget=more]")
    page.click("#more .danger")
    expect(page.locator(".toast.bad")).to_contain_text("联系人")
    expect(page).to_have_url(f"/records/customer/{served.customer}")


def test_a_deletion_is_undone_from_the_list(page: Page) -> None:
    page.goto("/records/lead/2?list.sort=-budget")
    page.click("[popovertarget=more]")
    page.click("#more .danger")
    expect(page).to_have_url("/records/lead?sort=-budget")
    page.click(".toast button")
    expect(page).to_have_url("/records/lead/2")
    expect(page.locator(".toast")).to_contain_text("已恢复")


def test_the_bin_brings_a_record_back(page: Page) -> None:
    page.goto("/records/lead/3")
    page.click("[popovertarget=more]")
    page.click("#more .danger")
    page.goto("/records/lead/bin")
    page.locator("tbody button").first.click()
    expect(page).to_have_url("/records/lead/3")


def test_only_administrators_change_people(page: Page) -> None:
    page.goto("/records/user/2")
    expect(page.locator("[data-key=e]")).to_have_count(0)
    page.goto("/records/user/2/edit")
    expect(page.locator("h1")).to_have_text("没有权限")


def test_an_administrator_changes_people(open_page: OpenPage) -> None:
    page = open_page("admin")
    page.goto("/records/user/2")
    expect(page.locator("[data-key=e]")).to_be_visible()


def test_an_unknown_page_says_so(page: Page) -> None:
    page.goto("/records/lead/999999")
    expect(page.locator("h1")).to_have_text("找不到这一页")
