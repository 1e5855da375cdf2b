from playwright.sync_api import Locator, Page, expect

from browser.served import PASSWORD

SAVE = "[data-submit]"


def picker(page: Page, name: str) -> Locator:
    return page.locator(f"ll-link:has([name='{name}']) [role=combobox]")


def pick(page: Page, name: str, words: str) -> None:
    box = picker(page, name)
    box.fill(words)
    page.locator(f"ll-link:has([name='{name}']) [role=option]:has-text('{words}')").first.click()


def test_errors_stand_by_their_fields_and_nothing_is_lost(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=company]", "测试公司")
    page.fill("[name=budget]", "一大堆")
    page.click(SAVE)
    expect(page.locator("#problems li")).to_have_count(2)
    expect(page.locator("#f-name-box .err")).to_contain_text("请填写")
    expect(page.locator("#f-budget-box .err")).to_contain_text("不是数字")
    expect(page.locator("[name=company]")).to_have_value("测试公司")
    expect(page.locator("[name=budget]")).to_have_value("一大堆")


def test_save_and_new_reads_an_amount_in_ten_thousands(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=name]", "试一")
    page.fill("[name=budget]", "1.2万")
    page.click("[name=_then]")
    expect(page.locator(".toast")).to_have_text("已新建试一")
    expect(page.locator("[name=name]")).to_have_value("")
    page.goto("/records/lead?q=试一")
    expect(page.locator("tbody")).to_contain_text("¥1.2 万")


def test_enter_saves(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=name]", "回车")
    page.press("[name=name]", "Enter")
    expect(page.locator(".toast")).to_have_text("已新建回车")


def test_links_and_regions_are_found_by_typing(page: Page) -> None:
    page.goto("/records/lead/new")
    page.fill("[name=name]", "选一选")
    pick(page, "product", "IS65")
    pick(page, "region", "苏州")
    page.click(SAVE)
    expect(page.locator("#facts")).to_contain_text("离心泵 IS65")
    expect(page.locator("#facts")).to_contain_text("江苏省苏州市")


def test_the_keyboard_picks(page: Page) -> None:
    page.goto("/records/lead/new")
    picker(page, "product").press_sequentially("IS7")
    expect(page.locator("[role=option]")).to_have_count(2)
    picker(page, "product").press("ArrowDown")
    picker(page, "product").press("Enter")
    expect(picker(page, "product")).to_have_value("离心泵 IS75")


def test_an_address_has_a_region_and_a_street(page: Page) -> None:
    page.goto("/records/customer/2/edit")
    pick(page, "address.region", "苏州")
    page.fill("[name='address.street']", "工业园 8 号")
    page.click(SAVE)
    expect(page.locator(".timeline .diffs")).to_contain_text("江苏省苏州市 工业园 8 号")


def test_an_edit_is_told_in_the_timeline(page: Page) -> None:
    page.goto("/records/lead/10/edit")
    page.fill("[name=title]", "厂长")
    page.click(SAVE)
    expect(page.locator(".timeline")).to_contain_text("林知夏 修改了")
    expect(page.locator(".timeline ins").first).to_have_text("厂长")


def test_what_was_typed_survives_the_end_of_the_session(page: Page) -> None:
    page.goto("/records/lead/11/edit")
    page.fill("[name=title]", "没有丢")
    pick(page, "product", "IS70")
    page.context.clear_cookies()
    page.click(SAVE)
    page.click("main a.btn")
    page.fill("[name=email]", "lin@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login'] button.primary")
    expect(page.locator("[name=title]")).to_have_value("没有丢")
    expect(picker(page, "product")).to_have_value("离心泵 IS70")
