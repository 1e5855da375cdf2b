from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

LEADS = "/records/lead"
SEVENTY = f"{LEADS}?c=company:contains:%E5%8E%82"
ROWS = "tbody tr"


def first(page: Page) -> Locator:
    return page.locator("tbody th").first


def total(page: Page) -> Locator:
    return page.locator(".pager [role=status]")


def test_a_head_sorts_and_sorts_back(page: Page) -> None:
    page.goto(LEADS)
    page.click("thead a:has-text('预算')")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("预算")
    page.click("thead a:has-text('预算')")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("预算")
    expect(page).to_have_url(f"{LEADS}?sort=-budget")


def test_the_menu_sorts_and_marks_the_order(page: Page) -> None:
    page.goto(LEADS)
    page.click(".tools summary:has-text('创建时间')")
    page.click(".sorts a:has-text('预算')")
    expect(page).to_have_url(f"{LEADS}?sort=-budget")
    page.click(".tools summary:has-text('预算')")
    expect(page.locator(".sorts [aria-current]")).to_have_text(["预算", "降序"])


def test_a_click_on_a_row_opens_its_record(page: Page) -> None:
    page.goto(LEADS)
    name = first(page).inner_text()
    page.locator("tbody tr").first.locator("td").nth(1).click()
    expect(page.locator("h1")).to_have_text(name)


@pytest.mark.parametrize("words", ["乐言", "mly", "0000 0007", "恒岳"])
def test_search_finds_by(page: Page, words: str) -> None:
    page.goto(LEADS)
    page.fill("#q", words)
    page.press("#q", "Enter")
    expect(page).to_have_url(f"{LEADS}?q={quote(words).replace('%20', '+')}")
    expect(total(page)).not_to_have_text("共 70 条")
    expect(first(page)).to_be_visible()


def add_condition(page: Page, field: str, operator: str, value: str) -> None:
    page.click("summary:has-text('筛选')")
    with page.expect_response(f"**on={field}*"):
        page.select_option("#filter-on", field)
    expect(page.locator("#filter-on")).to_have_value(field)
    page.select_option("#filter-op", operator)
    control = page.locator("#filter [name=value]")
    control.evaluate("(one, value) => { one.value = value }", value)
    page.click("#filter button.primary")
    expect(page.locator("#filter")).to_be_hidden()


def test_conditions_add_up_and_come_off(page: Page) -> None:
    page.goto(LEADS)
    add_condition(page, "budget", "ge", "60万")
    expect(total(page)).to_have_text("共 11 条")
    add_condition(page, "source", "eq", "expo")
    expect(page.locator(".chip[data-on]")).to_have_count(2)
    expect(total(page)).to_have_text("共 3 条")
    page.locator(".chip[data-on]").first.click()
    expect(page.locator(".chip[data-on]")).to_have_count(1)
    expect(total(page)).to_have_text("共 18 条")


def test_a_link_is_filtered_by_typing(page: Page) -> None:
    page.goto("/records/contact")
    page.click("summary:has-text('筛选')")
    with page.expect_response("**on=customer*"):
        page.select_option("#filter-on", "customer")
    box = page.locator("#filter [role=combobox]")
    box.fill("恒岳")
    page.locator("#filter [role=option]:has-text('恒岳')").click()
    page.click("#filter button.primary")
    expect(page.locator(".chip[data-on]")).to_contain_text("恒岳化工")


def test_a_faulty_expression_says_where_and_stays(page: Page) -> None:
    page.goto(LEADS)
    page.click("summary:has-text('高级')")
    page.fill("#expression", "budget > 600000 &&")
    page.click("form:has(#expression) button.primary")
    expect(page.locator("#expression-err")).to_be_visible()
    expect(page.locator("#expression")).to_have_value("budget > 600000 &&")
    page.fill("#expression", "budget > 600000")
    page.click("form:has(#expression) button.primary")
    expect(total(page)).to_have_text("共 10 条")


def test_columns_are_chosen_and_ordered(page: Page) -> None:
    page.goto(LEADS)
    page.click("summary:has-text('列 ')")
    page.uncheck(".columns-form [value=source]")
    page.fill("[name='at.budget']", "2")
    page.click(".columns-form button.primary")
    heads = page.locator("thead th")
    expect(heads.nth(2)).to_have_text("预算")
    expect(page.locator("thead")).not_to_contain_text("来源")


def test_next_and_previous_page(page: Page) -> None:
    page.goto(f"{SEVENTY}&sort=-budget")
    expect(page.locator(ROWS)).to_have_count(50)
    shown = first(page).inner_text()
    page.click("[rel=next]")
    expect(page.locator(ROWS)).to_have_count(20)
    page.click("[rel=prev]")
    expect(page.locator(ROWS)).to_have_count(50)
    expect(first(page)).to_have_text(shown)


def test_back_and_forward_keep_the_state(page: Page) -> None:
    page.goto(f"{SEVENTY}&sort=-budget")
    shown = first(page).inner_text()
    page.click("[rel=next]")
    expect(page.locator(ROWS)).to_have_count(20)
    page.go_back()
    expect(first(page)).to_have_text(shown)
    expect(page).to_have_url(f"{SEVENTY}&sort=-budget")
    page.go_forward()
    expect(page.locator(ROWS)).to_have_count(20)


def test_export_gives_what_the_list_shows(page: Page, tmp_path_factory) -> None:
    page.goto(f"{LEADS}?c=budget:ge:650000")
    page.click("summary[aria-label='更多操作']")
    with page.expect_download() as download:
        page.click("a[download]")
    file = tmp_path_factory.mktemp("export") / download.value.suggested_filename
    download.value.save_as(file)
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert file.name == "线索.xlsx"
    assert rows[0][1:3] == ["姓名", "公司"]
    assert len(rows) == 1 + 6
